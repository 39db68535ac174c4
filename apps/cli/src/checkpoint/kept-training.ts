import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { CheckpointOptions, TrainingState, TrainResult } from "@mclnn/learning";
import type { Checkpoint } from "@mclnn/learning/parts";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import { conflictingOptions, missingOption } from "../options/errors.ts";
import { claimFile, type OutputFile } from "../outputs/output-file.ts";
import { softwareVersions } from "../process/software.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type CheckpointFolder, openCheckpointFolder } from "./checkpoint-folder.ts";
import { checkSame, decisive, mergedOptions, type RecordedRun, recordOf } from "./recorded-run.ts";

/** Options of a training that is kept. */
export interface KeptOptions {
  readonly data?: string;
  readonly validation?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly checkpoint?: string;
  readonly every: number;
  readonly resume?: string;
}

/** A training whose state is kept in a folder, so that it can go on after whatever stopped it. */
export interface KeptTraining<T> {
  /** The options as they hold: those of the run that is gone on with, where there is one. */
  readonly options: T;
  readonly folder: string;
  /** Iterations that were done before. */
  readonly resumedFrom: number | null;
  readonly checkpoints: CheckpointOptions;
  claimOutput(): Promise<OutputFile>;
  /** Puts down what the training is of, once it is clear that it can begin. */
  begin(): Promise<void>;
  /** Puts down the loss log, and which model is about to be written: only that may be replaced when the run goes on. */
  note(result: TrainResult, model: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

const CLAIM = "model.json";
const LOSSES = "loss.csv";

/**
 * Opens the folder that `--checkpoint` or `--resume` names; null where neither does.
 *
 * @param isGiven - whether an option was given on the command line
 * @throws MclnnError `in-use`, `no-checkpoint`, `wrong-data`, `conflicting-options`, `checkpoints-exist`
 */
export async function keepTraining<T extends KeptOptions>(
  options: T,
  isGiven: (name: string) => boolean,
  terminal: Terminal,
): Promise<KeptTraining<T> | null> {
  const path = checkpointPath(options, isGiven);
  if (path === null) return null;
  const folder = await openCheckpointFolder(path, optionOf(options));
  try {
    const newest = await folder.newest((text) => terminal.warn(text));
    refuseAsFound(newest, path, options);
    // Where nothing was done yet, there is nothing to lose.
    return options.resume === undefined || newest === null
      ? kept(options, folder, await recordedRun(options), null, terminal)
      : await goneOn(options, isGiven, folder, newest, terminal);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** The folder that the options name; null where they name none. */
function checkpointPath(
  { checkpoint, resume }: KeptOptions,
  isGiven: (name: string) => boolean,
): string | null {
  const path = resume ?? checkpoint;
  if (path === undefined) {
    if (!isGiven("every")) return null;
    throw conflictingOptions("--every", "--checkpoint FOLDER with it", "no folder", {
      what: "--every says how often to keep what is not kept",
    });
  }
  if (resume !== undefined && checkpoint !== undefined && resolve(resume) !== resolve(checkpoint))
    throw conflictingOptions(
      "--resume",
      "one folder: a training goes on where its checkpoints are",
      `${checkpoint} and ${resume}`,
      { what: "--checkpoint and --resume name two folders" },
    );
  return path;
}

const optionOf = ({ resume }: KeptOptions): string =>
  resume === undefined ? "--checkpoint" : "--resume";

/** Refuses a folder that holds a training where one is to begin, or none where one is to go on. */
function refuseAsFound(newest: Checkpoint | null, path: string, options: KeptOptions): void {
  const { checkpoint, resume, force = false } = options;
  if (resume === undefined && newest !== null && newest.state !== null && !force)
    throw new MclnnError(`${path} holds the checkpoints of a training`, {
      code: "checkpoints-exist",
      argument: optionOf(options),
      expected: "a folder without checkpoints",
      got: `one at iteration ${newest.state.iteration}`,
      mend: `Go on with \`mclnn train --resume ${path}\`, choose another folder, or give --force to begin anew.`,
    });
  if (resume !== undefined && newest === null && checkpoint === undefined)
    throw new MclnnError(`there is no training to go on with in ${path}`, {
      code: "no-checkpoint",
      argument: optionOf(options),
      expected: "a folder that `mclnn train --checkpoint` wrote to",
      got: "no checkpoint there",
      mend: "Begin one with --checkpoint. With both options a training goes on where there is one, and else begins.",
    });
}

async function goneOn<T extends KeptOptions>(
  options: T,
  isGiven: (name: string) => boolean,
  folder: CheckpointFolder,
  { config, state }: Checkpoint,
  terminal: Terminal,
): Promise<KeptTraining<T>> {
  const recorded = config as object as RecordedRun;
  const merged = mergedOptions(options, isGiven, recorded);
  const run = await recordedRun(merged);
  checkSame(recorded.data, run.data, "--data");
  checkSame(recorded.validation, run.validation, "--validation");
  if (JSON.stringify(recorded.software) !== JSON.stringify(run.software))
    terminal.remark("The checkpoint was made by other versions of the software: bits may differ.");
  terminal.remark(
    state === null
      ? `Going on in ${folder.path}: nothing was done yet.`
      : `Going on in ${folder.path} from iteration ${state.iteration}.`,
  );
  return kept(merged, folder, run, state, terminal);
}

function kept<T extends KeptOptions>(
  options: T,
  folder: CheckpointFolder,
  run: RecordedRun,
  state: TrainingState | null,
  terminal: Terminal,
): KeptTraining<T> {
  const config = run as object as Checkpoint["config"];
  const { out, every, force = false } = options;
  return {
    options,
    folder: folder.path,
    resumedFrom: state?.iteration ?? null,
    checkpoints: {
      every,
      resume: state ?? undefined,
      async save(next) {
        try {
          await folder.save({ config, state: next });
        } catch (error) {
          // A night's training is worth more than one checkpoint: the one before is there still.
          if (!isMclnnError(error) || error.code !== "write-failed") throw error;
          terminal.warn(`${error.message} Training goes on; the checkpoint before is kept.`);
        }
      },
    },
    async begin() {
      if (state !== null) return;
      // Twice: what an earlier training left there goes.
      await folder.save({ config, state });
      await folder.save({ config, state });
    },
    async claimOutput() {
      const ours = await wroteModel(folder, out);
      return claimFile(out, { force: force || ours });
    },
    async note({ history }, model) {
      await folder.write(
        LOSSES,
        `iteration,loss\n${history.map(({ iteration, loss }) => `${iteration},${loss}\n`).join("")}`,
      );
      const before = await claimOf(folder);
      const sha256 = [sumOf(model), ...(before?.sha256 ?? [])].slice(0, 2);
      await folder.write(CLAIM, `${JSON.stringify({ path: resolve(out), sha256 })}\n`);
    },
    close: () => folder.close(),
  };
}

async function recordedRun(options: KeptOptions): Promise<RecordedRun> {
  const { data, validation, out, every } = options;
  if (data === undefined) throw missingOption("--data", "FILE, trajectories in NPZ", "nothing");
  return {
    options: decisive(options),
    data: await recordOf(resolve(data), "--data"),
    validation:
      validation === undefined ? null : await recordOf(resolve(validation), "--validation"),
    out: resolve(out),
    every,
    software: softwareVersions(),
  };
}

interface Claim {
  readonly path: string;
  /** Of the models that this training has written there, the newest first. */
  readonly sha256: readonly string[];
}

async function claimOf(folder: CheckpointFolder): Promise<Claim | null> {
  try {
    const claim = JSON.parse((await folder.read(CLAIM)) ?? "null") as Partial<Claim> | null;
    const good = typeof claim?.path === "string" && Array.isArray(claim.sha256);
    return good ? (claim as Claim) : null;
  } catch {
    return null;
  }
}

/** Whether what is at that path is a model that this training wrote when it was stopped before. */
async function wroteModel(folder: CheckpointFolder, out: string): Promise<boolean> {
  const claim = await claimOf(folder);
  if (claim === null || claim.path !== resolve(out)) return false;
  const bytes = await readFile(out).catch(() => null);
  return bytes !== null && claim.sha256.includes(sumOf(bytes));
}

function sumOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
