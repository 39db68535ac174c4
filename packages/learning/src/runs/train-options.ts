import type { TrajectorySet } from "@mclnn/datasets";
import type { LawBond, Model, ModelKind, SpeciesModel, SplineModel } from "@mclnn/models";
import type { Coupling, Force } from "@mclnn/physics";
import type { Bond } from "@mclnn/physics/forces";
import type { ReportedConstant, TermAt, TermSpec } from "@mclnn/physics/terms";
import type { Finding } from "../findings/finding.ts";
import type { TimeStepSource } from "../records/time-step.ts";
import type { Kink } from "../splines/bent-knots.ts";
import type { Threads } from "../threads/threads.ts";
import type { Retreat } from "./descend.ts";
import type { CheckpointOptions } from "./state.ts";

/** Loss at which training stops by default: the paper's (Table 1). */
export const PAPER_LOSS = 1e-8;

/** Anything that says when to stop; an `AbortSignal` is one. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** One look at a training under way. */
export interface TrainProgress {
  /** What is being done, in words: "fit along the path", "distillation". */
  readonly phase: string;
  readonly iteration: number;
  /** Upper bound of `iteration`, where there is one. */
  readonly iterations?: number;
  readonly loss: number;
  /** Since the start of training. */
  readonly seconds: number;
  /** Share that passes over the records have taken of the work that they may take at most; most trainings are over long before it is 1. */
  readonly share?: number;
}

/** A law that is not settled yet: V' as a spline, without error bars. */
export interface InterimLaw {
  readonly model: SplineModel | SpeciesModel;
  /** Of the fit that it is from, which may be of some of the records. */
  readonly loss: number;
}

/** A term with coefficients that are given, in the data's units, or a force that is made of one, as `uniformField(...)`. */
export type KnownTerm = TermAt | Force;

/** A term of a law that was learned, with its constants. */
export interface TermResult {
  readonly name: string;
  /** `told`: it was asked for, or given. `found`: evidence asks for it. `hint`: it may be there, and the law does without. */
  readonly status: "told" | "found" | "hint";
  /** Log evidence that it brings, in nats; null where nobody asked. */
  readonly gain: number | null;
  readonly constants: readonly ReportedConstant[];
}

/** A term that was looked for. */
export interface TermNotSeen {
  readonly name: string;
  /** Its first constant, were it larger, would have been found nine times of ten; in the data's units. */
  readonly limit: number;
  /** Share of what it does that the law cannot do as well: where it is small, the term is hardly told apart from the law. */
  readonly share: number;
}

/** How much work a training may be: a look within a third of a second on data like the paper's; what pays; or all that may help. */
export type Effort = "preview" | "usual" | "thorough";

/** A number that was found, with one standard deviation; null where there is none. */
export interface Measured {
  readonly value: number;
  readonly sd: number | null;
}

/** How particles move that noise drives. */
export interface MotionResult {
  /** Without inertia (Brownian; the law is in units of kT), or with inertia and friction. */
  readonly kind: "overdamped" | "langevin";
  /** D of each species, length^2 a time; null where there is inertia. */
  readonly diffusion: readonly (Measured & { readonly species: number })[] | null;
  /** gamma, a rate, and kT in the law's energy by the noise and by the velocities themselves; null without inertia. */
  readonly friction: Measured | null;
  readonly temperature: (Measured & { readonly ofVelocities: number }) | null;
  /** Standard deviation of a place as the camera saw it; `most` where the tracks show none. */
  readonly localisation: Measured & { readonly most: number };
  /** Log evidence of inertia against none, where both were weighed. */
  readonly inertia: number | null;
  /** Step components that were looked at. */
  readonly steps: number;
  /** Separation beyond which the law is 0. */
  readonly cutoff: number;
  /** The law made tracks of the same kind: how far the data's own counts and displacements are from theirs; null where that took too long. */
  readonly check: MotionCheck | null;
}

/** Distances of the data from what their law makes, in standard deviations of that. */
export interface MotionCheck {
  /** Pairs by separation, from nearest to cutoff. */
  readonly pairs: readonly number[];
  /** Mean square displacements at lags 1 to 4. */
  readonly displacements: readonly number[];
  /** Correlations of steps at lags 1 and 2. */
  readonly correlations: readonly number[];
  /** Tracks that were made. */
  readonly remakes: number;
}

export interface TrainOptions {
  /** Default `mclnn`. */
  readonly model?: ModelKind;
  /** Hidden widths of the network. Default [10, 10]. */
  readonly hidden?: readonly number[];
  /** Default 100. */
  readonly seed?: number;
  /**
   * Training stops at this loss. Default: a network goes on until it is as good as the law that the data show, or its width allows no more;
   * `adam`, `lbfgs` and what is reported as reached go by the paper's 1e-8.
   */
  readonly until?: number;
  /** `auto` is function first, network second (mclnn), Levenberg-Marquardt (lnn). Default `auto`. */
  readonly optimizer?: "auto" | "adam" | "lbfgs";
  /** Upper bound on iterations (epochs, for Adam). */
  readonly epochs?: number;
  /** Adam's learning rate. Default 1e-3. */
  readonly learningRate?: number;
  /**
   * Time step of the rollout; the record spacing must be a whole multiple of it. Default: the data's provenance; else the integrator's own
   * error on the data decides (pair laws), or a tenth of the record spacing (`lnn`, and optimizers `adam` and `lbfgs`).
   */
  readonly dt?: number;
  /** Method of the rollout: velocity-verlet, position-verlet, forest-ruth, pefrl, blanes-moan-4 or yoshida-6. Default: as for `dt`. */
  readonly integrator?: string;
  /** Steps of the rollout between two records, instead of `dt`. */
  readonly substeps?: number;
  /** Default `none`. */
  readonly coupling?: Coupling;
  /**
   * Start velocities of the trajectories, for pair laws by `auto`: `given` takes start states as exact; `unknown` makes start states unknowns
   * (for noisy positions, or positions alone) and estimates noise and error bars; `auto` takes velocities that there are as exact unless
   * start states of their own explain the positions better: then they are measurements like the positions, their noise estimated.
   */
  readonly velocities?: "auto" | "given" | "unknown";
  /** Find the masses of all particles but the first together with the law; those given are not believed. Default false. */
  readonly fitMasses?: boolean;
  /**
   * Find the charges of all particles together with the law, signs too: the energy of a pair is the law times both charges. The first one fixes the scale, as
   * given, else 1 (the largest, where the first is next to none). Default false.
   */
  readonly fitCharges?: boolean;
  /**
   * Terms of the law, to be learned: `pair` and others of the catalogue, by name or spec; or `auto`, the default: those that the records' evidence
   * asks for. Descents, previews and trainings that fit masses learn the pair law alone unless they are told more.
   */
  readonly terms?: "auto" | readonly (string | TermSpec)[];
  /**
   * Which pairs feel each other, and how strongly, times the law: `all` alike; these, as first and second particle and weight; or `unknown`, to be
   * found out. Default `all`.
   */
  readonly bonds?: "all" | "unknown" | readonly Bond[];
  /** Terms that act with given constants. Default: none. */
  readonly known?: readonly KnownTerm[];
  /**
   * Separation at which the law ends, of many particles or in a box: `auto` looks for it, `none` lets the law go on as far as the box allows.
   * Default `auto`.
   */
  readonly cutoff?: number | "auto" | "none";
  /**
   * What drives the particles: forces alone; forces, friction and noise (Langevin); or forces and noise without inertia (Brownian). `auto` asks the
   * tracks. Where noise drives them the law is a spline. Default `auto`.
   */
  readonly motion?: "auto" | "newtonian" | "langevin" | "overdamped";
  /** How much work it may be. A preview looks at some of the records, and its law is no last word. Default `usual`. */
  readonly effort?: Effort;
  /**
   * What a training before this one came to, of these records or of fewer: its law, network, prior, start states, method, steps and knots are where this
   * one begins. They are looked for anew only where they no longer hold.
   */
  readonly after?: TrainResult;
  readonly validation?: TrajectorySet;
  /** Seconds after which the best model so far is returned. */
  readonly timeLimit?: number;
  readonly signal?: StopSignal;
  readonly onProgress?: (progress: TrainProgress) => void;
  /**
   * Told of laws on the way, a second or more apart: what a training that is ended in the middle of a step can be left with. Not told of by the
   * baseline, by `adam` and `lbfgs`, and where other terms than pairs are learned.
   */
  readonly onLaw?: (law: InterimLaw) => void;
  /** Threads that passes over many trajectories are divided among; changes no result. Default: the calling thread does them all. */
  readonly threads?: Threads;
  /** Keep the state of the training every so often, and go on from one. Default: no states are kept. */
  readonly checkpoints?: CheckpointOptions;
}

/** How records came about, as plain data, beside what else a result says: where a training after it begins. */
export interface Origin {
  /** Who settled the steps: options or provenance, half steps that no longer differ, or the maker's own error. */
  readonly steps: "told" | "resolved" | "makers";
  readonly tangentSubsteps: number | null;
  /** Knot intervals, and separations where V' has a kink. */
  readonly cells: number;
  readonly kinks: readonly Kink[];
  /** What V' was taken for, this power of the separation times something smooth; null where records were exact. */
  readonly prior: { readonly power: number; readonly correlation: number } | null;
  /** Start states that were fitted to whole trajectories, in three dimensions whatever the data's. [trajectories x particles x 3] */
  readonly startStates: {
    readonly positions: Float64Array;
    readonly velocities: Float64Array;
  } | null;
  /** Mean square residual of V' itself, before a network was fitted to it. */
  readonly loss: number;
}

export type StartStates = "exact" | "measured" | "unknown";

/** A charge that was found beside the law. */
export interface FittedCharge {
  readonly value: number;
  /** Standard deviation; null for the one that fixes the scale. */
  readonly sd: number | null;
}

/** A mass that was found beside the law. */
export interface FittedMass {
  readonly particle: number;
  /** In the data's unit; the reference's is as given. */
  readonly mass: number;
  /** Relative standard deviation; 0 for the reference. */
  readonly deviation: number;
  /** Whether the data fix it; a mass that they do not fix is no result. */
  readonly determined: boolean;
}

/** A loss that was passed on the way, and when. */
export interface Milestone {
  readonly loss: number;
  readonly seconds: number;
}

export interface TrainResult<M extends Model = Model> {
  readonly model: M;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly trainSeconds: number;
  readonly iterations: number;
  readonly reachedTarget: boolean;
  /** Why training ended; `converged` when nothing lowers the loss any more, `diverged` when smaller steps did not keep it finite. */
  readonly stopped: "target" | "converged" | "epochs" | "time-limit" | "aborted" | "diverged";
  /** Where the loss stopped being finite, and training went back to its last good state with smaller steps. */
  readonly retreats: readonly Retreat[];
  /** Method the model was rolled out with, steps between two records (the closest ones), their length, and what they were chosen by. */
  readonly integrator: string;
  readonly substeps: number;
  readonly dt: number;
  readonly dtSource: TimeStepSource;
  /** Whether start states were taken as exact, fitted with velocities as measurements, or fitted to the positions alone. */
  readonly startStates: StartStates;
  /** What a training `after` this one begins with; absent where it has to look anew. */
  readonly origin?: Origin;
  /** Estimated standard deviation of a position component; null where data were taken as exact. */
  readonly noise: number | null;
  /** The same of each body, where bodies differ by a factor of 3 or more and were weighed by it. */
  readonly bodyNoise?: readonly number[];
  /** The law's own estimate of its error: one error bar of V', mean over the separations seen, by the mean |V'|; null where it has no error bars. */
  readonly lawError: number | null;
  /** How far the network is from the spline V' that it was fitted to, in the same mean; null where there was none. */
  readonly networkError: number | null;
  /** Where the law ends, and how finely that was looked for (null where it was told); null for a law without an end. */
  readonly cutoff?: { readonly value: number; readonly sd: number | null } | null;
  /** Masses, where they were to be fitted; else null. */
  readonly masses: readonly FittedMass[] | null;
  /** Charges of all particles, where they were to be fitted; else null. */
  readonly charges?: readonly FittedCharge[] | null;
  /** Who feels whom, how strongly (the largest, which fixes the scale, is 1 where that was found out) and with what standard deviation; null where all pairs do alike. */
  readonly bonds?: readonly LawBond[] | null;
  /** The terms of the law, `pair` first, with their constants and one standard deviation each. */
  readonly terms?: readonly TermResult[];
  /** Terms that were looked for and are not there, with how large they can be. */
  readonly notSeen?: readonly TermNotSeen[];
  /** How noise drives the particles; absent for Newtonian motion. */
  readonly motion?: MotionResult;
  /** What the data show and a pair law cannot explain, most certain first; looked for where the noise is estimated or the target is missed. */
  readonly findings: readonly Finding[];
  /** Loss against iterations and seconds. */
  readonly history: readonly { iteration: number; seconds: number; loss: number }[];
  /** When losses 1e-8, 1e-12 and `until` were first passed; the first two in a unit of length near the typical separation. */
  readonly milestones: readonly Milestone[];
}
