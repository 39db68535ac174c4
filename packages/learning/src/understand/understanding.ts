import type { LawBond } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import type { Finding } from "../findings/finding.ts";
import type { SplineFit } from "../fit/spline-fit.ts";
import type { Dynamics } from "../records/dynamics.ts";
import type { Encounter } from "../records/encounters.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { FittedCharge, FittedMass, StartStates, TrainResult } from "../runs/train-options.ts";
import type { LawFit } from "./explanation.ts";
import { firstHypothesis, type Hypothesis, type Question } from "./hypothesis.ts";

/** What the data showed: how they came about, as far as it matters for learning a law from them. */
export interface Understanding {
  /** Its records are all that the law is to follow: trajectories, or what stands for them. */
  readonly hypothesis: Hypothesis;
  readonly startStates: StartStates;
  /** The law that was found on the way; null where nothing had to be looked for. */
  readonly law: FoundLaw | null;
  /** A fit with the defaults of `fitSpline`, where that has shown that the data are exact. */
  readonly exactFit: SplineFit | null;
  /** How trajectories were cut; null where they are followed as a whole. */
  readonly cut: Cut | null;
  /** Whether the search ended because its work was done, not because nothing better was found. */
  readonly unfinished?: boolean;
  /** Encounters between records that no law follows: trajectories that have one were left out. */
  readonly encounters?: readonly Encounter[];
  /** Masses that were found beside the law, in training units; null where they are as given. */
  readonly masses: readonly FittedMass[] | null;
  /** Who feels whom, where that was found out. */
  readonly bonds?: readonly LawBond[];
  /** Charges that bonds are the products of, where these were found. */
  readonly charges?: readonly FittedCharge[];
  /** What the records showed by themselves. */
  readonly seen?: readonly Finding[];
  /** Why the records are seen from their centre of mass, or in windows. */
  readonly view?: Finding;
  /** What local motion shows beside a law; null where nothing. */
  readonly cause?: Finding | null;
  /** Why no law is behind the records, or none was found: then there is one by differences only. */
  readonly lawless?: readonly Finding[];
  /** What was learned instead, where noise drives the particles. */
  readonly driven?: TrainResult;
}

/** Records that no law of pairs is behind, or none that fits find. @param why - what they show instead, or what was tried */
export const withoutLaw = (
  data: TrainingData,
  question: Question,
  why: readonly Finding[],
): Understanding => ({
  hypothesis: { ...firstHypothesis(data, question, "whole"), starts: "free" },
  startStates: "unknown",
  ...{ law: null, exactFit: null, cut: null, masses: null },
  lawless: why,
});

/** Kind of the finding that no law was found, while there may be one. */
export const NO_LAW_FOUND = "no-law";

/** No law that rollouts follow, and no cause that is known of. @param why - the search's own words, where it did not come to try */
export const notFound = (
  { trajectories, records }: TrainingData,
  why: MclnnError | null = null,
): Finding => ({
  kind: NO_LAW_FOUND,
  text:
    (why?.code === "too-many-particles"
      ? `no law was followed along the records of ${why.got}`
      : `no law could be followed along ${trajectories} trajectories of ${records} records, nor along segments of them`) +
    ": the law comes from differences of records, with wide error bars",
  sigmas: 0,
  share: null,
  try:
    why?.code === "too-many-particles"
      ? `Give ${why.expected}, or --effort thorough.`
      : "Give more trajectories, or records closer in time; look for something that was not tested for.",
});

/** The best explanation when the work that a search may do was done. */
export const unfinished = (seconds: number): Finding => ({
  kind: "unfinished",
  text:
    `the search for how the records came about ended at its bound of work (all of a training: about ${seconds.toPrecision(2)} s of one core), not because nothing better was ` +
    "found: law and error bars are of the best so far",
  sigmas: 0,
  share: null,
  try: "--effort thorough goes on looking; fewer trajectories or records are looked through sooner.",
});

/** One pass with all start states among the unknowns would cost more than a training may: there is no law to be followed. */
export const tooManyParticles = ({ particles }: TrainingData): MclnnError =>
  new MclnnError("no law was followed along the records", {
    code: "too-many-particles",
    argument: "data",
    expected: "velocities of every particle, or fewer particles",
    got: `${particles} particles, whose start states would all be unknowns`,
    kind: "failure",
  });

/** Segments or single intervals that stand for trajectories. */
export interface Cut {
  /** How many there are in all. */
  readonly of: number;
  /** Records of the trajectories. */
  readonly records: number;
  /** Single intervals: mean square of what forces did in them, a component. Segments: null. */
  readonly motion: number | null;
}

/** A law that is close, and what its residuals show. */
export interface FoundLaw {
  readonly fit: LawFit;
  /** Where the records that it is to follow started, of the first trajectories or of all; null where that is not known. */
  readonly starts: Starts | null;
  /** Separations that it is asked for, sorted, one array a law. */
  readonly separations: readonly Float64Array[];
  /** sigma of positions over sigma of velocities; 0 where start states are exact or velocities unknown. */
  readonly velocityWeight: number;
  /** Mean square residual of each body. */
  readonly bodyVariances: Float64Array;
  /** Mean square difference between steps and half steps, where it is too large for the records; else null. */
  readonly unresolved: number | null;
  /** The same where it is small enough: what of the law's rollouts is the steps' own. 0 where the steps are told, or the maker's. */
  readonly stepError: number;
}

/** Start states and dynamics that are taken as they are told. @param cut - of long trajectories that `data` are segments of */
export function asTold(
  data: TrainingData,
  dynamics: Dynamics,
  {
    cut = null,
    exactFit = null,
    terms = [],
  }: Partial<Pick<Understanding, "cut" | "exactFit">> & Pick<Question, "terms"> = {},
): Understanding {
  const question = { dynamics, method: null, velocities: "given", terms } as const;
  return {
    hypothesis: firstHypothesis(data, question, cut === null ? "whole" : "segments"),
    startStates: "exact",
    law: null,
    exactFit,
    cut,
    masses: null,
  };
}
