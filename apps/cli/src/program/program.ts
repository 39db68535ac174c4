import { Command, Help } from "commander";
import { CARD } from "../commands/card/declare.ts";
import { COMPARE } from "../commands/compare/declare.ts";
import { CONVERT } from "../commands/convert/declare.ts";
import { EVALUATE } from "../commands/evaluate/declare.ts";
import { EXPORT } from "../commands/export/declare.ts";
import { GENERATE } from "../commands/generate/declare.ts";
import { INIT } from "../commands/init/declare.ts";
import { INSPECT } from "../commands/inspect/declare.ts";
import { LAW } from "../commands/law/declare.ts";
import { PLAYGROUND } from "../commands/playground/declare.ts";
import { PLOT } from "../commands/plot/declare.ts";
import { REPRODUCE } from "../commands/reproduce/declare.ts";
import { SIMULATE } from "../commands/simulate/declare.ts";
import { SYSTEMS } from "../commands/systems/declare.ts";
import { registerTrain } from "../commands/train/declare.ts";
import { count, number } from "../options/number.ts";
import { addCommand, type CommandSpec, type OptionTable } from "../options/options.ts";
import { softwareVersions } from "../process/software.ts";
import type { Runner } from "../session/session.ts";
import type { Io } from "../terminal/io.ts";

/** Time for code of one's own is told only where there can be some. */
const HELP: Partial<Help> = {
  showGlobalOptions: true,
  visibleGlobalOptions(command) {
    const all = Help.prototype.visibleGlobalOptions.call(this as Help, command);
    const own = command.options.some(({ long }) => long === "--potential" || long === "--network");
    return own ? all : all.filter(({ long }) => long !== "--potential-timeout");
  },
};

/** The command line's grammar; `run` does what a command asks for. Nothing heavy is loaded to build it. */
export function createProgram(io: Io, run: Runner): Command {
  const program = new Command("mclnn")
    .description(
      "Learn the law of interacting particles from their trajectories: a pair potential that can be " +
        "plotted, simulated and trusted to conserve momentum.",
    )
    .version(softwareVersions()["@mclnn/cli"] ?? "0.0.0")
    .option("--json", "print one JSON object on standard output and nothing else")
    .option("--quiet", "no progress and no remarks on standard error")
    .option(
      "--threads <n>",
      "threads to use; changes no result (default: all cores)",
      count("--threads"),
    )
    .option(
      "--potential-timeout <s>",
      "seconds that one call of your own --potential or --network may take",
      number("--potential-timeout", { above: 0 }),
      10,
    )
    .option("--no-color", "no colours (NO_COLOR does the same)")
    .option("--debug", "show where an unexpected error came from")
    .configureHelp(HELP)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are worded and written in one place, by main.
      writeErr: () => undefined,
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getOutHasColors: () => false,
    })
    .exitOverride()
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  mclnn compare                                      the whole job: three systems, three models\n" +
        "  mclnn reproduce --out paper                        every figure, table and claim of the paper\n" +
        "  mclnn generate --system gravity --out data.npz     make trajectories\n" +
        "  mclnn train --data data.npz --out law.safetensors  learn the law\n" +
        "  mclnn law --model law.safetensors --out law.svg    see it\n",
    );
  addCommands(program, run);
  return program;
}

/** Adds every command in the order of the help. */
function addCommands(program: Command, run: Runner): void {
  const add = <S extends OptionTable>(
    command: CommandSpec<S>,
    work: Parameters<typeof addCommand<S>>[3],
  ): void => addCommand(program, run, command, work);
  add(COMPARE, async (options, session) =>
    (await import("../commands/compare/run.ts")).compare(options, session),
  );
  add(REPRODUCE, async (options, session) =>
    (await import("../commands/reproduce/run.ts")).reproduce(options, session),
  );
  add(GENERATE, async (options, session) =>
    (await import("../commands/generate/run.ts")).generate(options, session),
  );
  registerTrain(program, run);
  add(SIMULATE, async (options, session) =>
    (await import("../commands/simulate/run.ts")).simulate(options, session),
  );
  add(EVALUATE, async (options, session) =>
    (await import("../commands/evaluate/run.ts")).evaluate(options, session),
  );
  add(LAW, async (options, session) =>
    (await import("../commands/law/run.ts")).law(options, session),
  );
  add(CARD, async (options, session) =>
    (await import("../commands/card/run.ts")).card(options, session),
  );
  add(PLOT, async (options, session) =>
    (await import("../commands/plot/run.ts")).plot(options, session),
  );
  add(INIT, async (_, session, [folder = ""]) =>
    (await import("../commands/init/run.ts")).init(folder, session),
  );
  add(INSPECT, async (options, session, [path = ""]) =>
    (await import("../commands/inspect/run.ts")).inspect(path, options, session),
  );
  add(CONVERT, async (options, session, [from = "", to = ""]) =>
    (await import("../commands/convert/run.ts")).convert([from, to], options, session),
  );
  add(EXPORT, async (options, session, [program = ""]) =>
    (await import("../commands/export/run.ts")).exportTo(program, options, session),
  );
  add(PLAYGROUND, async (options, session, operands) =>
    (await import("../commands/playground/run.ts")).playground(operands, options, session),
  );
  add(SYSTEMS, async (_, session) => (await import("../commands/systems/run.ts")).systems(session));
}
