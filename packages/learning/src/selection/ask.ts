import type { SplineBasis } from "@mclnn/models/parts";
import type { Candidate, FramePairs, TermSpec } from "@mclnn/physics/terms";
import { type Addend, type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import { evenIndices, evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Starts, someStarts } from "../rollout/starts.ts";
import { lawTerms } from "../terms/law-terms.ts";

/** A fitted law and the records it was fitted to. */
export interface AskedFit {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly tangents: Schedule;
  readonly basis: SplineBasis;
  readonly curve: Float64Array;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** Terms of the law beside its pairs, and their coefficients. */
  readonly terms: readonly TermSpec[];
  readonly values: Float64Array;
  /** Weighted prior, of the pair law's coefficients or of all. [coefficients x coefficients]; null for none */
  readonly prior: Float64Array | null;
}

/** The loss about a fit, to second order, in its law and in what rides along where it is absent. */
export interface AskedEquations extends NormalEquations {
  /** Columns of the law and its terms, before those of what rides along. */
  readonly law: number;
  /** The first column of what is watched. */
  readonly first: number;
  /** How large the accelerations are that what is watched makes. */
  readonly watched: WatchedCandidates;
  readonly pass: SensitivityPass;
  readonly values: Float64Array;
}

/** Pairs of particles in all trajectories together that tests are made with: more would say nothing new for their time. */
const JUDGED_PAIRS = 6000;
const LEAST_TRAJECTORIES = 4;

/** The fit of some of the trajectories, where they are many, or of many particles. */
export function thinned<F extends AskedFit>(fit: F): F {
  const { data, starts, prior } = fit;
  const most = Math.max(LEAST_TRAJECTORIES, Math.floor(JUDGED_PAIRS / data.pairs));
  if (data.trajectories <= most) return fit;
  return {
    ...fit,
    // As strong beside fewer data as it was beside all.
    prior: prior === null ? null : prior.map((x) => (x * most) / data.trajectories),
    data: evenTrajectories(data, most),
    starts: someStarts(data, starts, evenIndices(data.trajectories, most)),
  };
}

/**
 * Lets what data may ask for ride along a fit: one pass for all of it.
 *
 * @param offers - what the law may get
 * @param watched - what is looked at, with how large its accelerations are
 */
export function ask(
  fit: AskedFit,
  {
    offers = [],
    watched: seen,
  }: { readonly offers?: readonly Candidate[]; readonly watched: readonly Candidate[] },
): AskedEquations {
  const { data, schedule, tangents, basis, curve, starts } = fit;
  const watched = watchedCandidates(seen, data);
  // The terms of the law are fitted anew beside each candidate, as the pair law is.
  const own = lawTerms(fit.terms, data);
  const riders: Addend[] = offers.map(({ size, linearise }) => ({ size, linearise }));
  const pass = new SensitivityPass(data, schedule, basis, {
    freeStarts: starts.velocityWeight !== null,
    terms: [...own, ...riders, watched],
    tangents,
  });
  const values = new Float64Array(pass.size - basis.size);
  values.set(fit.values);
  const equations = pass.normalEquations(curve, { starts, values });
  const law = basis.size + fit.values.length;
  return { ...equations, watched, law, first: pass.size - watched.size, pass, values };
}

/** Candidates as one, which adds up how large accelerations are: products of those of its coefficients, and squares of the law's. */
export interface WatchedCandidates extends Candidate {
  /** [size x size] */
  readonly gram: Float64Array;
  readonly forces: number;
}

function watchedCandidates(
  candidates: readonly Candidate[],
  { components }: TrainingData,
): WatchedCandidates {
  const size = candidates.reduce((sum, candidate) => sum + candidate.size, 0);
  const gram = new Float64Array(size * size);
  const own = new Float64Array(components * size);
  const starts = candidates.map((each) =>
    Float64Array.from({ length: each.size }, (_, k) => each.start?.[k] ?? 0),
  );
  let forces = 0;
  return {
    size,
    gram,
    get forces() {
      return forces;
    },
    linearise(frame, _, into) {
      const { first } = into;
      const from = into.sources;
      candidates.forEach((candidate, k) => {
        candidate.linearise(frame, starts[k], into);
        into.first += candidate.size;
      });
      into.first = first;
      own.fill(0);
      for (let k = from; k < into.sources; k++)
        own[into.sourceRow[k] * size + into.sourceCoefficient[k] - first] += into.sourceValue[k];
      for (let c = 0; c < components; c++) addSquare(gram, own.subarray(c * size, (c + 1) * size));
      if (frame.pairs !== undefined) forces += lawAcceleration(frame.pairs, frame.positions);
    },
  };
}

/** Adds x x' to a matrix; of x most is 0. */
function addSquare(matrix: Float64Array, x: Float64Array): void {
  const size = x.length;
  const there: number[] = [];
  for (let k = 0; k < size; k++) if (x[k] !== 0) there.push(k);
  for (const k of there) for (const l of there) matrix[k * size + l] += x[k] * x[l];
}

/** Sum of squared accelerations of the law at one force evaluation. */
function lawAcceleration(
  { count, pairI, pairJ, scaleI, scaleJ, lookups, stride }: FramePairs,
  q: Float64Array,
): number {
  const a = new Float64Array(q.length);
  for (let p = 0; p < count; p++) {
    const i = pairI[p];
    const j = pairJ[p];
    const transverse = lookups[p * stride + 3];
    for (let c = 0; c < 3; c++) {
      const f = transverse * (q[i + c] - q[j + c]);
      a[i + c] -= f * scaleI[p];
      a[j + c] += f * scaleJ[p];
    }
  }
  return dot(a, a);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
