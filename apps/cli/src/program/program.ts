import { Command, Option } from "commander";
import { registerCompare } from "../commands/compare/declare.ts";
import { registerEvaluate } from "../commands/evaluate/declare.ts";
import { registerGenerate } from "../commands/generate/declare.ts";
import { registerInit } from "../commands/init/declare.ts";
import { registerInspect } from "../commands/inspect/declare.ts";
import { registerLaw } from "../commands/law/declare.ts";
import { registerPlot } from "../commands/plot/declare.ts";
import { registerReproduce } from "../commands/reproduce/declare.ts";
import { registerSimulate } from "../commands/simulate/declare.ts";
import { registerSystems } from "../commands/systems/declare.ts";
import { registerTrain } from "../commands/train/declare.ts";
import { count, number } from "../options/number.ts";
import { softwareVersions } from "../process/software.ts";
import type { Runner } from "../session/session.ts";
import type { Io } from "../terminal/io.ts";

/** The command line's grammar; `run` does what a command asks for. Nothing heavy is loaded to build it. */
export function createProgram(io: Io, run: Runner): Command {
  const program = new Command("mclnn")
    .description(
      "Learn the law of interacting particles from their trajectories: a pair potential that can be " +
        "plotted, simulated and trusted to conserve momentum.",
    )
    .version(softwareVersions()["@mclnn/cli"] ?? "0.0.0")
    .addOption(new Option("--json", "print one JSON object on standard output and nothing else"))
    .addOption(new Option("--quiet", "no progress and no remarks on standard error"))
    .addOption(
      new Option(
        "--threads <n>",
        "threads to use; changes no result (default: all cores)",
      ).argParser(count("--threads")),
    )
    .addOption(
      new Option(
        "--potential-timeout <s>",
        "seconds that one call of your own --potential or --network may take",
      )
        .argParser(number("--potential-timeout", { above: 0 }))
        .default(10),
    )
    .addOption(new Option("--no-color", "no colours (NO_COLOR does the same)"))
    .addOption(new Option("--debug", "show where an unexpected error came from"))
    .configureHelp({ showGlobalOptions: true })
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
  for (const register of [
    registerCompare,
    registerReproduce,
    registerGenerate,
    registerTrain,
    registerSimulate,
    registerEvaluate,
    registerLaw,
    registerPlot,
    registerInit,
    registerInspect,
    registerSystems,
  ])
    register(program, run);
  return program;
}
