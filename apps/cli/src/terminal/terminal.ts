import pc from "picocolors";
import type { Colours } from "./colours.ts";
import { harmless } from "./harmless.ts";
import type { Io, OutputStream } from "./io.ts";
import { jsonText } from "./json.ts";
import { createProgress, type Progress } from "./progress.ts";

/** How a run talks: results on standard output, everything else on standard error. */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Colours for standard output (none where they are not wanted). */
  readonly colours: Colours;
  /** Bars on a terminal, plain lines elsewhere, nothing when quiet. */
  readonly progress: Progress;
  /** A table or another result for people, on standard output; dropped under `--json`. */
  print(text: string): void;
  /** The one object that `--json` prints; dropped otherwise. */
  printJson(value: unknown): void;
  /** Something worth knowing that is not the result, on standard error; dropped when quiet. */
  remark(text: string): void;
  /** Something that must be seen, on standard error, quiet or not. */
  warn(text: string): void;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** False for `--no-color`. */
  readonly colour: boolean;
}

export function createTerminal(io: Io, { json, quiet, colour }: TerminalOptions): Terminal {
  const outColours = pc.createColors(colour && wantsColour(io, io.stdout));
  const errorColours = pc.createColors(colour && wantsColour(io, io.stderr));
  const progress = createProgress(io.stderr, { quiet, colours: errorColours });
  const say = (text: string): void => {
    const shown = harmless(text, { colours: errorColours.isColorSupported });
    progress.interrupt(() => io.stderr.write(`${shown}\n`));
  };
  return {
    json,
    quiet,
    colours: outColours,
    progress,
    print(text) {
      if (json) return;
      const shown = harmless(text, { colours: outColours.isColorSupported });
      progress.interrupt(() => io.stdout.write(`${shown}\n`));
    },
    printJson(value) {
      if (json) io.stdout.write(jsonText(value));
    },
    remark(text) {
      if (!quiet) say(errorColours.dim(text));
    },
    warn(text) {
      say(errorColours.yellow(text));
    },
  };
}

/** https://no-color.org: any non-empty NO_COLOR turns colours off; otherwise colours are for terminals. */
function wantsColour({ env }: Io, stream: OutputStream): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  if ((env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0") return true;
  return stream.isTTY === true && env.TERM !== "dumb";
}
