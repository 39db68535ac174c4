import { checkArgument, listOf } from "@mclnn/physics/arguments";
import { CommanderError } from "commander";
import { refuseRepeated } from "../options/repeated.ts";
import { isWatched } from "../own-code/calls.ts";
import type { OwnCode } from "../own-code/supervise.ts";
import { BAD_INPUT, DONE, type ExitCode } from "../process/exit-code.ts";
import { type CommonOptions, createSession } from "../session/session.ts";
import { type Io, processIo } from "../terminal/io.ts";
import { createTerminal } from "../terminal/terminal.ts";
import { commandInUse, describeFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Runs the program.
 *
 * @param argv - arguments after the program's name
 * @param io - streams and environment; default: the process's own
 * @returns exit code: 0 done, 1 the work failed, 2 bad input or usage, 130 interrupted.
 * @throws MclnnError `bad-argument` for what is no list of texts, or no streams; nothing else
 */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<ExitCode> {
  listOf("text")("argv", argv);
  checkArgument("io", io, {
    stdout: { write: "function" },
    stderr: { write: "function" },
    env: {},
  });
  let exitCode: ExitCode = DONE;
  const program = createProgram(io, async (work) => {
    const command = commandInUse(program);
    refuseRepeated(argv, program, command);
    const own = isWatched() ? null : await ownCode(command.opts());
    if (own !== null) {
      const { supervise } = await import("../own-code/supervise.ts");
      const { potentialTimeout: timeout } = program.opts<{ potentialTimeout: number }>();
      exitCode = await supervise(argv, io, { own, timeout });
      return;
    }
    const session = createSession(io, argv, program.opts<CommonOptions>());
    try {
      exitCode = await work(session);
    } finally {
      session.terminal.progress.close();
    }
  });
  if (argv.length === 0) {
    io.stderr.write(program.helpInformation());
    return BAD_INPUT;
  }
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (caught) {
    if (caught instanceof CommanderError && caught.exitCode === 0) return DONE;
    return report(caught, argv, io, program);
  }
}

/** The option that names code of the user's own, if one does. */
async function ownCode({
  potential,
  network,
}: {
  readonly potential?: string;
  readonly network?: string;
}): Promise<OwnCode | null> {
  if (network !== undefined) return { option: "--network", name: network };
  if (potential === undefined) return null;
  const { isOwnCode } = await import("../inputs/potential.ts");
  return isOwnCode(potential) ? { option: "--potential", name: potential } : null;
}

function report(
  caught: unknown,
  argv: readonly string[],
  io: Io,
  program: ReturnType<typeof createProgram>,
): ExitCode {
  const { exitCode, error, unexpected } = describeFailure(caught, program);
  // Options may not have been parsed when parsing is what failed.
  const asked = (flag: string): boolean => argv.includes(flag);
  const terminal = createTerminal(io, {
    json: asked("--json"),
    quiet: false,
    colour: !asked("--no-color"),
  });
  terminal.printJson({ error });
  if (!terminal.json) terminal.warn(`mclnn: ${error.message}`);
  if (asked("--debug") || (io.env.MCLNN_DEBUG ?? "") !== "") {
    if (caught instanceof Error) terminal.warn(`${caught.stack}`);
  } else if (unexpected)
    terminal.warn("This should not have happened. Run again with --debug to see where it did.");
  return exitCode;
}
