import type { TrajectorySet } from "@mclnn/datasets";
import type { LawBond } from "@mclnn/models";
import { checkHidden } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { COUPLINGS, checkArgument } from "@mclnn/physics/arguments";
import type { TermAt, TermSpec } from "@mclnn/physics/terms";
import type { Finding } from "../findings/finding.ts";
import type { FittedLaw } from "../fit/problems.ts";
import { Meter } from "../records/meter.ts";
import { evenTrajectories } from "../records/select.ts";
import { arrange, speciesPairs, type TrainingData } from "../records/training-data.ts";
import { chooseUnits, inUnits, type Units } from "../records/units.ts";
import { drive, type Interruption } from "../runs/drive.ts";
import { LossLog } from "../runs/loss-log.ts";
import { StateKeeper } from "../runs/state-keeper.ts";
import { PAPER_LOSS, type TrainOptions, type TrainResult } from "../runs/train-options.ts";
import type { TermOnOffer } from "../selection/offers.ts";
import { LIMITS, type Limits, mostWork } from "../understand/effort.ts";
import { CELLS } from "../understand/hypothesis.ts";
import { bondedData } from "./bonded-data.ts";
import { bondsTold } from "./bonds-asked.ts";
import { termsHeld, termsToChooseFrom, termsToLearn } from "./terms-asked.ts";

/** Options that have a default, filled in. */
type Defaulted =
  | "model"
  | "hidden"
  | "seed"
  | "optimizer"
  | "learningRate"
  | "coupling"
  | "velocities"
  | "fitMasses"
  | "effort";

/** Options, checked, with their defaults. */
export type CheckedOptions = TrainOptions & Required<Pick<TrainOptions, Defaulted>>;

/** What a training is asked for: checked options, the records, the units to work in, and who is told. */
export interface Task {
  readonly set: TrajectorySet;
  readonly options: CheckedOptions;
  readonly limits: Limits;
  readonly units: Units;
  /** Terms to be learned beside the pair law, and terms that are given. */
  readonly terms: readonly TermSpec[];
  readonly held: readonly TermAt[];
  /** Terms that evidence is to choose from; null where they are told. */
  readonly onOffer: (() => readonly TermOnOffer[]) | null;
  /**
   * What is learned where noise drives the particles, null where it does not: asked of records (and what was said of them) that pairs alone do not
   * explain. Null where it is not to be asked.
   */
  readonly bath:
    | ((set: TrajectorySet, seen: readonly Finding[]) => Promise<TrainResult | null>)
    | null;
  /** Who feels whom; null where all do, or it has to be found out. */
  readonly bonds: readonly LawBond[] | null;
  /** Loss to stop at, in training units; the paper's, where none was told. */
  readonly until: number;
  /** No target was told: a network goes on until it is as good as the law that it follows, or its width allows no more. */
  readonly asGoodAsData: boolean;
  /** Pairs of species with a law each; null where there is one law for all. */
  readonly species: readonly (readonly [number, number])[] | null;
  readonly log: LossLog;
  /** What passes over the records have cost of what they may. */
  readonly meter: Meter;
  /** Hands out states to go on from, and gives one back. */
  readonly keeper: StateKeeper;
  /** Told of laws on the way; null where nobody asks. */
  readonly interim: ((law: FittedLaw, loss: number) => void) | null;
}

/** @param started - when the data were in memory, by the clock @param separateSpecies - one law a pair of species */
export function taskOf(
  set: TrajectorySet,
  options: CheckedOptions,
  {
    started,
    separateSpecies,
    units = chooseUnits(set, options.coupling),
  }: { started: number; separateSpecies: boolean; units?: Units },
): Task {
  const area = units.length * units.length;
  const until = options.until === undefined ? PAPER_LOSS : options.until / area;
  const limits = LIMITS[options.effort];
  const species = separateSpecies ? speciesPairs(set.species) : null;
  const most = mostWork(limits, set, { laws: species?.length ?? 1, cells: CELLS });
  const meter = new Meter(most);
  // A descent is bounded by its iterations.
  const metered = options.optimizer === "auto" && { meter };
  const log = new LossLog(started, { until, area, onProgress: options.onProgress, ...metered });
  return {
    set,
    options,
    limits,
    meter,
    units,
    terms: termsToLearn(options, set),
    held: termsHeld(options, set),
    onOffer: termsToChooseFrom(options, set),
    bath: null,
    bonds: bondsTold(options, set),
    until,
    asGoodAsData: options.until === undefined && limits.asGoodAsData,
    species,
    log,
    keeper: new StateKeeper(options.checkpoints, log),
    interim: null,
  };
}

/** Fewer trajectories tell too little of each other. */
const LEAST_TRAJECTORIES = 4;

/** The trajectories that the task's effort allows, evenly spread. */
export function withinLimits({ limits }: Task, data: TrainingData): TrainingData {
  const most = Math.floor(limits.pairRecords / (data.records * data.pairs));
  return most >= data.trajectories
    ? data
    : evenTrajectories(data, Math.max(LEAST_TRAJECTORIES, most));
}

/** Trajectories in the task's units, in the layout of training. @param needVelocities - refuse those without complete start states */
export function arranged(
  { options, units, species, log, meter, terms, held, onOffer, bonds }: Task,
  set: TrajectorySet,
  needVelocities: boolean,
): TrainingData {
  const data = arrange(inUnits(set, units), {
    coupling: options.coupling,
    needVelocities,
    separateSpecies: species !== null,
    threads: options.threads,
    watch: () => log.goesOn(),
    meter,
    ...(held.length > 0 && { held }),
    ...((onOffer !== null || terms.length + held.length > 0) && { units }),
  });
  return bonds === null ? data : bondedData(data, bonds);
}

/** The options, checked, with defaults filled in. @throws MclnnError `bad-option`, `bad-shape` */
export function checkOptions(options: TrainOptions): CheckedOptions {
  checkArgument("options", options, {
    model: ["mclnn", "spline", "lnn", undefined],
    seed: "whole?",
    until: "positive?",
    optimizer: ["auto", "adam", "lbfgs", undefined],
    learningRate: "positive?",
    coupling: COUPLINGS,
    velocities: ["auto", "given", "unknown", undefined],
    integrator: "text?",
    substeps: "count?",
    dt: "number?",
    epochs: "count?",
    timeLimit: "positive?",
    fitMasses: "flag?",
    fitCharges: "flag?",
    cutoff(argument, value) {
      if (typeof value !== "number") checkArgument(argument, value, ["auto", "none", undefined]);
      else checkArgument(argument, value, "positive", { code: "bad-cutoff" });
    },
    motion: ["auto", "newtonian", "langevin", "overdamped", undefined],
    effort: ["preview", "usual", "thorough", undefined],
    onProgress: "function?",
    onLaw: "function?",
  });
  const { threads, checkpoints } = options;
  if (threads !== undefined)
    checkArgument("threads", threads, { count: "count", divide: "function", spread: "function" });
  if (checkpoints !== undefined)
    checkArgument("checkpoints", checkpoints, { every: "number", save: "function" });
  const {
    model = "mclnn",
    hidden = [10, 10],
    seed = 100,
    optimizer = "auto",
    learningRate = 1e-3,
    coupling = "none",
    velocities = "auto",
    fitMasses = false,
    effort = "usual",
  } = options;
  checkHidden(hidden);
  return {
    ...options,
    ...{ model, hidden, seed, optimizer, learningRate, coupling, velocities, fitMasses, effort },
  };
}

/** One look at a stepwise computation. */
interface Step {
  readonly phase: string;
  readonly iterations: number;
  readonly loss: number;
  readonly law?: FittedLaw;
}

/** Runs a stepwise computation under the task's signal and time limit, and tells where it is. */
export function driven<S, Result>(
  { options, log }: Task,
  steps: Generator<S, Result>,
  { onStep, keeper }: { onStep: (step: S) => void; keeper?: StateKeeper },
): Promise<{ result: Result } | { interrupted: Interruption }> {
  const { signal, timeLimit } = options;
  return drive(steps, {
    signal,
    timeLimit: timeLimit === undefined ? undefined : timeLimit * 1000,
    started: log.started,
    onStep,
    keeper,
  });
}

/** The same of steps that say where they are. */
export function told<S extends Step, Result>(
  task: Task,
  steps: Generator<S, Result>,
  onStep: (step: S) => void = () => {},
): Promise<{ result: Result } | { interrupted: Interruption }> {
  const { log, interim } = task;
  return driven(task, steps, {
    onStep: (step) => {
      log.progress(step.phase, step.iterations, step.loss);
      if (step.law !== undefined) interim?.(step.law, step.loss);
      onStep(step);
    },
  });
}

/**
 * The same of what there is no law before: it is done, or the training fails.
 *
 * @throws MclnnError `aborted`, `time-limit`
 */
export async function finished<S extends Step, Result>(
  task: Task,
  steps: Generator<S, Result>,
  onStep?: (step: S) => void,
): Promise<Result> {
  const outcome = await told(task, steps, onStep);
  if ("result" in outcome) return outcome.result;
  throw new MclnnError("training was stopped before there was a law to keep", {
    code: outcome.interrupted,
    argument: outcome.interrupted === "aborted" ? "signal" : "timeLimit",
    expected: "time for the first fit of V'",
    got: `${outcome.interrupted} after ${task.log.seconds().toFixed(2)} s`,
    kind: "failure",
  });
}
