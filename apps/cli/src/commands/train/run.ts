import type { TrajectorySet } from "@mclnn/datasets";
import {
  type SeedResult,
  type Threads,
  type TrainOptions,
  type TrainResult,
  trainSeeds,
} from "@mclnn/learning";
import { encodeModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import type { JobHooks } from "@mclnn/studies";
import { formatCount, formatNumber, formatTarget } from "@mclnn/studies/text";
import type { KeptTraining } from "../../checkpoint/kept-training.ts";
import { bondsOf } from "../../inputs/bonds.ts";
import type { InputOptions } from "../../inputs/input-options.ts";
import { withRecords } from "../../inputs/training-records.ts";
import { given } from "../../options/given.ts";
import { required } from "../../options/required.ts";
import { claimFile, type OutputFile } from "../../outputs/output-file.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { tell } from "../../terminal/fact.ts";
import { type Interruption, listenForInterrupt } from "../../terminal/interruption.ts";
import type { Task } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import {
  refuseBesideSeeds,
  refuseBesideSets,
  refuseUnreadByModel,
  separatesSpecies,
} from "./checks.ts";
import { readTrainingInput } from "./data.ts";
import { mayBeLong, trainElsewhere } from "./elsewhere.ts";
import { type Circumstances, trainingFacts } from "./report.ts";
import { bondWords, hintWords, knownTerms, notSeenWords, otherNames, termWords } from "./terms.ts";
import { type KeptLaw, progressOf, trainOnce } from "./training-job.ts";
import { choices, leavesNoise, networkMisses, retreats } from "./words.ts";

/** Options of `train`, as the command line gives them. */
export interface TrainCommandOptions extends Omit<InputOptions, "dt"> {
  readonly data?: string;
  /** Other sets beside it. */
  readonly more?: readonly string[];
  readonly validation?: string;
  readonly model: "mclnn" | "spline" | "lnn";
  readonly network?: string;
  readonly backend?: "cpu" | "wasm" | "node";
  readonly hidden?: readonly number[];
  readonly seed: number;
  readonly seeds?: readonly number[];
  readonly until?: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly dt?: number | undefined;
  readonly coupling?: "none" | "mass-product" | "charge-product";
  readonly velocities: "auto" | "given" | "unknown";
  readonly integrator?: string;
  readonly substeps?: number;
  readonly fitMasses?: boolean;
  readonly fitCharges?: boolean;
  readonly terms?: "auto" | readonly string[];
  readonly known?: readonly string[];
  readonly bonds?: string;
  readonly cutoff?: number | "auto" | "none";
  readonly motion?: "auto" | "newtonian" | "langevin" | "overdamped";
  readonly effort?: "preview" | "usual" | "thorough";
  readonly species: "auto" | "separate" | "together";
  readonly timeLimit?: number;
  readonly checkpoint?: string;
  readonly every: number;
  readonly resume?: string;
  readonly out: string;
  readonly force?: boolean;
}

/** Learns a law from trajectories, or goes on with a training that is kept. @param isGiven - whether an option was given, by its name */
export async function train(
  options: TrainCommandOptions,
  isGiven: (name: string) => boolean,
  session: Session,
): Promise<ExitCode> {
  if (options.seeds !== undefined) refuseBesideSeeds(isGiven);
  if (options.more !== undefined) refuseBesideSets(isGiven);
  const keeps = ["checkpoint", "resume", "every"].some(isGiven);
  const kept = keeps
    ? await (await import("../../checkpoint/kept-training.ts")).keepTraining(
        options,
        isGiven,
        session.terminal,
      )
    : null;
  try {
    return await trainModel(kept?.options ?? options, session, kept);
  } finally {
    await kept?.close();
  }
}

async function trainModel(
  options: TrainCommandOptions,
  { terminal, threads: count }: Session,
  kept: KeptTraining<TrainCommandOptions> | null,
): Promise<ExitCode> {
  required(options.data, "--data", "FILE, trajectories");
  refuseUnreadByModel(options);
  const out = await (kept?.claimOutput() ??
    claimFile(options.out, { force: options.force, ending: ".safetensors" }));
  const { data, more, validation, dt } = await readTrainingInput(options, terminal);
  const sweeps = options.seeds === undefined ? null : await import("./sweep.ts");

  const { model: kind, until } = options;
  const separateSpecies = separatesSpecies(options, data.species);
  await kept?.begin();
  const again = kept === null ? "" : ` Go on with: mclnn train --resume ${kept.folder}`;
  const task = terminal.progress.start(`training ${kind}`);
  const interruption = listening(terminal, kept === null ? null : again);
  let result: TrainResult;
  let sweep: readonly SeedResult[] = [];
  let law: KeptLaw | null = null;
  try {
    ({ result, sweep } = await learnFrom(
      [data, ...more],
      { ...options, dt },
      {
        separateSpecies,
        task,
        signal: interruption.signal,
        validation,
        threads: count,
        onNote: (note) => {
          law = note;
        },
        checkpoints: kept?.checkpoints,
      },
    ));
  } catch (error) {
    task.fail("no model");
    interruption.stop();
    if (!interruption.happened || (error as { code?: unknown }).code !== "aborted") throw error;
    if (kept === null && law !== null) return keepLaw(law, out, terminal, interruption.exitCode);
    if (kept === null) throw noModel(error);
    terminal.warn(`Interrupted before there was a model.${again}`);
    return interruption.exitCode;
  }
  task.finish(`loss ${formatNumber(result.trainLoss)}`);
  for (const line of choices(result)) terminal.remark(line);
  for (const line of retreats(result)) terminal.warn(line);
  const file = encodeModel(
    withRecords(result.model, { path: options.data as string, options }, out.path),
  );
  await kept?.note(result, file);
  await out.write(file);
  interruption.stop();

  if (sweeps !== null) terminal.print(`${sweeps.sweepTable(sweep, terminal.colours.bold)}\n`);
  const circumstances: Circumstances = {
    kind: result.motion === undefined ? kind : "spline",
    path: out.path,
    // A baseline hardly ever gets to 1e-8; only a target that was asked for can be missed.
    target: until ?? (kind === "lnn" ? undefined : targetOf(result)),
    interrupted: interruption.happened,
    kept,
  };
  tellTraining(result, circumstances, sweeps?.sweepJson(sweep) ?? {}, terminal);
  if (interruption.happened) {
    terminal.warn(`Interrupted; the best model so far is in ${out.path}.${again}`);
    return interruption.exitCode;
  }
  const failure = failureOf(result, circumstances);
  if (failure === null) return DONE;
  terminal.warn(failure);
  return FAILED;
}

/** Listens for Ctrl-C. @param again - how a training that is kept goes on; null where its model is all there is, and worth waiting for */
function listening(terminal: Terminal, again: string | null): Interruption {
  return listenForInterrupt(
    () => terminal.warn("Stopping; the best model so far is kept. Ctrl-C again leaves at once."),
    again === null
      ? undefined
      : () => {
          terminal.warn(`Left in the middle of an iteration.${again}`);
          return true;
        },
  );
}

/** Writes the law that an interrupted training had come to. */
async function keepLaw(
  { file, loss }: KeptLaw,
  out: OutputFile,
  terminal: Terminal,
  exitCode: ExitCode,
): Promise<ExitCode> {
  await out.write(file);
  terminal.warn(
    `Interrupted; the best law so far, a spline that was not settled yet (loss ${formatNumber(loss)}), is in ${out.path}.`,
  );
  terminal.printJson({
    model: out.path,
    modelKind: "spline",
    trainLoss: loss,
    reachedTarget: false,
    stopped: "aborted",
    interrupted: true,
  });
  return exitCode;
}

/** The error of a training that was stopped too early. */
function noModel(cause: unknown): MclnnError {
  return new MclnnError("training was interrupted before there was a model to keep", {
    code: "interrupted",
    expected: "time for a first model",
    got: "a signal to stop",
    kind: "failure",
    cause,
  });
}

/** Tells what was learned, and what the data show beside it. @param seeds - members of the JSON object that a sweep adds */
function tellTraining(
  result: TrainResult,
  circumstances: Circumstances,
  seeds: object,
  terminal: Terminal,
): void {
  const { model, findings } = result;
  tell(
    terminal,
    ["model", `${circumstances.kind}, ${formatCount(model.parameterCount)} parameters`],
    [...trainingFacts(result, circumstances), ["seeds", null, seeds]],
  );
  for (const hint of hintWords(result)) terminal.print(hint);
  for (const { text } of findings) terminal.print(`finding: ${text}`);
  for (const mend of new Set(findings.map((finding) => finding.try)))
    terminal.print(`  try: ${mend}`);
  const missed = networkMisses(result);
  if (missed !== null) terminal.print(missed);
  else if (leavesNoise(result))
    terminal.print(`${capital(termWords(result))} explains the data: nothing but noise is left.`);
  for (const other of otherNames(result)) terminal.print(other);
  const graph = bondWords(result);
  if (graph !== null) terminal.print(graph);
  const rest = notSeenWords(result);
  if (rest !== null) terminal.print(rest);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Why a training that ran to its end failed; null where it did not. */
function failureOf(
  { stopped, trainLoss, reachedTarget }: TrainResult,
  { path, target }: Circumstances,
): string | null {
  if (stopped === "diverged")
    return `The loss did not stay finite, with smaller steps either; the best model before is in ${path}.`;
  if (target !== undefined && !reachedTarget)
    return `The loss ${formatNumber(trainLoss)} did not reach ${formatTarget(target)}; the best model is in ${path}.`;
  return null;
}

/** Trains as the options say: once, or with each of several seeds, of which the best is taken. */
async function learnFrom(
  sets: readonly TrajectorySet[],
  options: TrainCommandOptions,
  {
    separateSpecies,
    task,
    signal,
    validation,
    threads: count,
    checkpoints,
    onNote,
  }: {
    readonly separateSpecies: boolean;
    readonly task: Task;
    readonly signal: AbortSignal;
    readonly validation: TrajectorySet | undefined;
    readonly threads: number;
    readonly checkpoints: TrainOptions["checkpoints"];
    /** Told of laws on the way, where a step may last long. */
    readonly onNote: (law: KeptLaw) => void;
  },
): Promise<{ result: TrainResult; sweep: readonly SeedResult[] }> {
  const { model, seed, seeds, optimizer, velocities, hidden, until, epochs, learningRate } =
    options;
  const {
    dt,
    coupling,
    integrator,
    substeps,
    fitMasses,
    fitCharges,
    timeLimit,
    effort,
    terms,
    cutoff,
    motion,
  } = options;
  const first = sets[0] as TrajectorySet;
  const data = sets.length === 1 ? first : sets;
  const known = options.known && knownTerms(options.known, first);
  const bonds = options.bonds === undefined ? undefined : await bondsOf(options.bonds);
  const asked: TrainOptions = {
    ...given({ validation }),
    optimizer,
    velocities,
    ...given({ hidden, until, epochs, learningRate, dt, coupling, integrator, substeps }),
    ...given({ fitMasses, fitCharges, timeLimit, effort, terms, known, bonds, cutoff, motion }),
  };
  const onProgress: JobHooks["onProgress"] = (progress) => task.update(progress);
  if (
    seeds === undefined &&
    checkpoints === undefined &&
    sets.some((set) => mayBeLong(set, velocities))
  ) {
    const job = { data, options: { ...asked, seed, model }, separateSpecies, threads: count };
    return { result: await trainElsewhere(job, { signal, onProgress, onNote }), sweep: [] };
  }
  const here = { signal, ...given({ threads: count === 1 ? undefined : await threadsOf(count) }) };
  if (seeds !== undefined) {
    let done = 0;
    const sweep = await trainSeeds(first, seeds, {
      ...asked,
      ...here,
      model,
      separateSpecies,
      onSeed: ({ seed: own, result: { trainLoss: loss } }) =>
        task.update({
          fraction: ++done / seeds.length,
          detail: `seed ${own}, loss ${formatNumber(loss)}`,
        }),
    });
    return { result: (await import("./sweep.ts")).bestSeed(sweep).result, sweep };
  }
  const one = { ...asked, ...here, seed, model, onProgress: progressOf(onProgress) };
  const result = await trainOnce(data, { ...one, ...given({ checkpoints }) }, separateSpecies);
  return { result, sweep: [] };
}

/** The target as the model's record has it, in the data's units. */
function targetOf({ model: { record } }: TrainResult): number | undefined {
  return typeof record.until === "number" ? record.until : undefined;
}

async function threadsOf(count: number): Promise<Threads> {
  const { trainingThreads } = await import("./threads.ts");
  return trainingThreads(count);
}
