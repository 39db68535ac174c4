import { isMclnnError, MclnnError } from "@mclnn/physics";
import { type Command, CommanderError } from "commander";
import { suggestion } from "../options/suggestion.ts";
import { BAD_INPUT, type ExitCode, FAILED } from "../process/exit-code.ts";

/** How a failed run ends: the exit code, and what to tell people and programs. */
export interface Failure {
  readonly exitCode: ExitCode;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly expected: string | null;
    readonly got: string | null;
    readonly argument: string | null;
    /** How to put it right; the message ends with it. */
    readonly mend: string | null;
    /** How much is missing, and how many records a trajectory would bring it; only where there is too little. */
    readonly missing?: number;
    readonly addRecords?: number;
  };
  /** Nobody foresaw this: a bug of ours, worth its stack. */
  readonly unexpected: boolean;
}

/** What a caught value means for the person at the terminal. */
export function describeFailure(caught: unknown, program: Command): Failure {
  const error = asMclnnError(caught, program);
  if (error !== undefined) {
    const { code, message, expected, got, argument = null, mend = null, kind } = error;
    const { missing, addRecords } = error;
    return {
      exitCode: kind === "failure" ? FAILED : BAD_INPUT,
      error: {
        ...{ code, message, expected, got, argument, mend },
        ...(missing === undefined ? {} : { missing }),
        ...(addRecords === undefined ? {} : { addRecords }),
      },
      unexpected: false,
    };
  }
  const message = caught instanceof Error ? caught.message : String(caught);
  return {
    exitCode: FAILED,
    error: { code: "unexpected", message, expected: null, got: null, argument: null, mend: null },
    unexpected: true,
  };
}

function asMclnnError(caught: unknown, program: Command): MclnnError | undefined {
  if (isMclnnError(caught)) return caught;
  if (caught instanceof CommanderError) return usageError(caught, program);
  if (caught instanceof RangeError && /array (length|buffer)/i.test(caught.message))
    return new MclnnError("the work does not fit into memory", {
      code: "too-large",
      argument: "options",
      expected: "fewer records, trajectories or bodies",
      got: caught.message,
      cause: caught,
    });
  if (caught instanceof Error && "syscall" in caught && "code" in caught)
    return fileError(caught as NodeJS.ErrnoException);
  return undefined;
}

const INPUT_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: "a file or folder that exists",
  ENOTDIR: "a folder",
  EISDIR: "a file, not a folder",
  EACCES: "a file or folder that may be read and written",
  EPERM: "a file or folder that may be read and written",
  ELOOP: "a path without links in a circle",
  EROFS: "a place that can be written to",
  ENAMETOOLONG: "a shorter path",
};

/** An error of the file system that no package has put into words. */
function fileError(error: NodeJS.ErrnoException): MclnnError {
  if (error.syscall === "uv_cwd")
    return new MclnnError("the folder that this command runs in is not there any more", {
      code: "file-not-found",
      argument: "the current folder",
      expected: "a folder that exists",
      got: "one that was removed",
      mend: "Go to another folder first.",
      cause: error,
    });
  const expected = INPUT_FAULTS[error.code ?? ""];
  return new MclnnError(`${error.syscall} failed on ${error.path ?? "a file"}`, {
    code: error.code === "ENOENT" ? "file-not-found" : "file-system",
    argument: error.path ?? "file",
    expected: expected ?? "the file system to take it",
    got: error.code ?? error.message,
    kind: expected === undefined ? "failure" : "input",
    cause: error,
  });
}

/** commander's own complaints, in our words. */
function usageError(error: CommanderError, program: Command): MclnnError {
  const named = /'([^']*)'/.exec(error.message)?.[1];
  const command = commandInUse(program);
  const help = `See \`${[...nameChain(command), "--help"].join(" ")}\`.`;
  const flags = command.options.concat(program.options).flatMap(({ long }) => long ?? []);
  const names = program.commands.map((each) => each.name());
  const unknownCommand = (name: string): MclnnError =>
    new MclnnError(`there is no command ${JSON.stringify(name)}`, {
      code: "unknown-command",
      argument: "command",
      expected: `one of ${names.join(", ")}`,
      got: JSON.stringify(name),
      mend: [suggestion(name, names).mend, help].filter(Boolean).join(" "),
    });
  switch (error.code) {
    case "commander.unknownOption":
      return new MclnnError(`unknown option ${named}`, {
        code: "unknown-option",
        argument: named ?? "options",
        expected: `an option of \`${nameChain(command).join(" ")}\``,
        got: named ?? error.message,
        mend: [suggestion(named ?? "", flags).mend, help].filter(Boolean).join(" "),
      });
    case "commander.unknownCommand":
      return unknownCommand(named ?? error.message);
    case "commander.optionMissingArgument":
      return new MclnnError(`${named} has no value`, {
        code: "missing-value",
        argument: named?.split(" ")[0] ?? "options",
        expected: `${named}`,
        got: "nothing after it",
        mend: help,
      });
    case "commander.missingArgument":
      return new MclnnError(`${named} is missing`, {
        code: "missing-argument",
        argument: named ?? "arguments",
        expected: `\`${nameChain(command).join(" ")} <${named}>\``,
        got: "nothing",
        mend: help,
      });
    case "commander.help":
      if (program.args.length > 1) return unknownCommand(program.args[1] as string);
      return new MclnnError("a command is missing", {
        code: "missing-command",
        argument: "command",
        expected: `one of ${names.join(", ")}`,
        got: "none",
        mend: help,
      });
    case "commander.excessArguments": {
      // The command's own arguments are not among the options' values.
      const extra = command.args.slice(command.registeredArguments.length);
      return new MclnnError("there are too many arguments", {
        code: "usage",
        argument: "arguments",
        expected: `\`${nameChain(command).join(" ")} ${command.usage()}\``,
        got: `also ${extra.map((word) => JSON.stringify(word)).join(" ")}`,
        mend: help,
      });
    }
    default:
      return new MclnnError(error.message.replace(/^error: /, ""), {
        code: "usage",
        argument: "arguments",
        expected: `\`${nameChain(command).join(" ")} ${command.usage()}\``,
        got: "something else",
        mend: help,
      });
  }
}

/** The subcommand being parsed when commander stopped, as far as its own arguments say. */
export function commandInUse(program: Command): Command {
  const words = new Set(program.args);
  return program.commands.find((each) => words.has(each.name())) ?? program;
}

function nameChain(command: Command): string[] {
  return command.parent === null
    ? [command.name()]
    : [...nameChain(command.parent), command.name()];
}
