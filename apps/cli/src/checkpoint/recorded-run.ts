import { createHash } from "node:crypto";
import type { Plain } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { readInput } from "../inputs/file.ts";
import { conflictingOptions } from "../options/errors.ts";
import { kebab } from "../options/options.ts";

/** What a training is of, as its checkpoints say: enough to go on without being told anything again. */
export interface RecordedRun {
  /** Options that decide what comes out, by their names in code; null where they were not given. */
  readonly options: { readonly [name: string]: Plain };
  readonly data: FileRecord;
  readonly validation: FileRecord | null;
  /** Where the model goes. */
  readonly out: string;
  /** Iterations between checkpoints. */
  readonly every: number;
  /** Versions that the run was made with. */
  readonly software: { readonly [name: string]: string };
}

/** A file, known again wherever it lies. */
export interface FileRecord {
  readonly path: string;
  readonly sha256: string;
}

/** Options that say where things are, and for how long: no bit of the result depends on them. */
const INDECISIVE = [
  "data",
  "validation",
  "out",
  "force",
  "timeLimit",
  "checkpoint",
  "every",
  "resume",
];
/** Options that may be changed on the way: how far to go. */
const CHANGEABLE = ["until", "epochs"];

/** The options that decide what comes out. */
export function decisive(options: object): RecordedRun["options"] {
  return Object.fromEntries(
    Object.entries(options)
      .filter(([name, value]) => !INDECISIVE.includes(name) && value !== undefined)
      .map(([name, value]) => [name, value as Plain]),
  );
}

/**
 * Options of a run that goes on: those recorded, and those given now where they may differ.
 *
 * @param isGiven - whether an option was given on the command line
 * @throws MclnnError `conflicting-options` naming the first option that is given and differs
 */
export function mergedOptions<T extends object>(
  options: T,
  isGiven: (name: string) => boolean,
  recorded: RecordedRun,
): T {
  const merged: Record<string, unknown> = Object.fromEntries(Object.entries(options));
  for (const name of Object.keys(options))
    if (!INDECISIVE.includes(name) && !isGiven(name)) delete merged[name];
  for (const [name, value] of Object.entries(recorded.options)) {
    const own = isGiven(name) ? (options as Record<string, unknown>)[name] : undefined;
    if (own === undefined) merged[name] = value;
    else if (!CHANGEABLE.includes(name) && JSON.stringify(own) !== JSON.stringify(value))
      refuse(name, value, own);
  }
  for (const name of Object.keys(options)) {
    if (INDECISIVE.includes(name) || CHANGEABLE.includes(name) || !isGiven(name)) continue;
    if (recorded.options[name] === undefined)
      refuse(name, null, (options as Record<string, unknown>)[name]);
  }
  if (!isGiven("data")) merged.data = recorded.data.path;
  if (!isGiven("validation") && recorded.validation !== null)
    merged.validation = recorded.validation.path;
  if (!isGiven("out")) merged.out = recorded.out;
  if (!isGiven("every")) merged.every = recorded.every;
  return merged as T;
}

function refuse(name: string, recorded: Plain, got: unknown): never {
  const option = `--${kebab(name)}`;
  throw conflictingOptions(
    option,
    `${recorded === null ? "none" : JSON.stringify(recorded)}, as the training began`,
    JSON.stringify(got),
    {
      what: `${option} cannot be changed on the way`,
      mend: "Leave it away, or begin a training of its own with --checkpoint.",
    },
  );
}

/** A file as it is known again. @throws MclnnError as `readInput` */
export async function recordOf(path: string, option: string): Promise<FileRecord> {
  const bytes = await readInput(path, option);
  return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** @throws MclnnError `wrong-data` where a file is not the one that the training began with */
export function checkSame(
  recorded: FileRecord | null,
  now: FileRecord | null,
  option: string,
): void {
  if (recorded?.sha256 === now?.sha256) return;
  throw new MclnnError("the training cannot go on with other data than it began with", {
    code: "wrong-data",
    argument: option,
    expected: recorded === null ? "none" : `${recorded.path} with sha256 ${recorded.sha256}`,
    got: now === null ? "none" : `${now.path} with sha256 ${now.sha256}`,
    mend: "Name the file that the training began with, wherever it lies now, or begin a training of its own.",
  });
}
