import type { SplineBasis } from "@mclnn/models/parts";
import type { FittedLaw } from "../fit/problems.ts";
import type { PriorShape } from "../prior/prior.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Hypothesis } from "./hypothesis.ts";

/** A law and start states, fitted. */
export interface LawFit {
  /** What was fitted: the hypothesis' records, or segments of them. */
  readonly data: TrainingData;
  readonly basis: SplineBasis;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** The prior of highest evidence; null where nobody asked. */
  readonly prior: PriorShape | null;
  /** Coefficients of the hypothesis' terms, and the records with these terms acting in them: what the law is rolled out beside. */
  readonly values: Float64Array;
  readonly world: TrainingData;
  /** Mean square residual. */
  readonly loss: number;
  /** The same for each degree of freedom. */
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

/** A hypothesis, and the law that fits the records best under it. */
export interface Explanation {
  readonly hypothesis: Hypothesis;
  readonly fit: LawFit;
}

/** A hypothesis to be fitted. */
export interface Proposal {
  readonly hypothesis: Hypothesis;
  /** What the fit begins from; null for the records alone. */
  readonly from: Explanation | null;
  /** Gauss-Newton passes at most. Default: those of the effort. */
  readonly passes?: number;
  /** Whether free start states are looked for from there alone. Default false. */
  readonly onlyFrom?: boolean;
}

/** An explanation that was kept, and what was done to get it. */
export interface Kept {
  readonly kept: Explanation;
  readonly by: string;
}

/** A look at the work. */
export interface Progress {
  readonly phase: string;
  readonly iterations: number;
  readonly loss: number;
  /** V' there, where a fit tells. */
  readonly law?: FittedLaw;
}

/** Decisions apart from the work: proposes one hypothesis after another, and is told how each fits. */
export type Search<Result> = Generator<Proposal | Kept | Progress, Result, Explanation>;

/** One way to explain records better. */
export interface Refinement {
  /** What it does, in words. */
  readonly name: string;
  /**
   * Proposes hypotheses that may explain the records better, and gives the explanation to keep; null where there is none.
   *
   * @param path - explanations that this refinement went through to get to `now`, oldest first
   */
  propose(now: Explanation, path: readonly Explanation[]): Search<Explanation | null>;
}

/** Applies a refinement until it finds nothing better. */
export function* refine(first: Explanation, refinement: Refinement): Search<Explanation> {
  const path: Explanation[] = [];
  let now = first;
  for (;;) {
    const better = yield* refinement.propose(now, path);
    if (better === null) return now;
    yield { kept: better, by: refinement.name };
    path.push(now);
    now = better;
  }
}
