import { blanesMoan4 } from "@mclnn/integrators";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { pathEquations, recordedPath, startsOnPath } from "../fit/along-the-path.ts";
import { roughness } from "../prior/roughness.ts";
import { named, scheduleOf } from "../records/dynamics.ts";
import { pathSeparations } from "../records/path.ts";
import { evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { buildBasis } from "../splines/knots.ts";

/** Knot intervals of the law, and trajectories it is looked for along. */
const CELLS = 8;
const TRAJECTORIES = 25;
/** Rounds of the two least squares in turn, and the share of the rest that the last one gains. */
const ROUNDS = 60;
const LEAST_GAIN = 1e-7;
/** Weight of roughness relative to the metric's mean diagonal, and ridges. */
const SMOOTH = 1e-7;
const RIDGE = 1e-8;

/** The normal equations with a law for each pair, on the same knots. */
interface PairwiseEquations {
  readonly metric: Float64Array;
  readonly gradient: Float64Array;
  readonly sum: number;
  readonly pairs: number;
  /** Coefficients of a law. */
  readonly size: number;
  readonly smooth: Float64Array;
  /** Mean diagonal of the metric. */
  readonly scale: number;
}

/** Weights of all pairs, the largest 1, and what they leave. */
interface Alternated {
  readonly weights: Float64Array;
  readonly sum: number;
}

/**
 * Weights of pairs that obey one law: along the path through the records the forces are bilinear in law and weights, and least squares in turn find
 * both from the same normal equations, in which each pair has a law of its own.
 *
 * @returns the largest is 1. [pairs]; null where the records determine none
 */
export function weightsAlongPath(all: TrainingData): Float64Array | null {
  const q = pairwiseEquations(all);
  const ones = new Float64Array(q.pairs).fill(1);
  const found = [alternate(q, ones), ...[mostAlike(q)].map((w) => w && alternate(q, w))]
    .filter((each) => each !== null)
    .sort((a, b) => a.sum - b.sum);
  return found[0]?.weights ?? null;
}

function pairwiseEquations(all: TrainingData): PairwiseEquations {
  const data = evenTrajectories(all, Math.min(all.trajectories, TRAJECTORIES));
  const { pairs } = data;
  const schedule = scheduleOf(data.times, {
    ...named(blanesMoan4),
    ...{ substeps: 1, dt: null, tangentSubsteps: 1, source: "measured" },
  });
  const [together] = pathSeparations({ ...data, laws: 1, pairLaw: new Int32Array(pairs) });
  const basis = buildBasis(
    Array.from({ length: pairs }, () => together),
    { cells: CELLS },
  );
  const own = { ...data, laws: pairs, pairLaw: Int32Array.from({ length: pairs }, (_, p) => p) };
  const pass = new SensitivityPass(own, schedule, basis, { freeStarts: true });
  const along = recordedPath(own, schedule);
  const starts = startsOnPath(own, schedule, along, own.velocities === null ? 0 : 1);
  const { metric, gradient, sum, eliminations } = pathEquations({ basis, pass }, { along, starts });
  let left = sum;
  for (const { right } of eliminations) for (const x of right) left -= x * x;
  const size = basis.size / pairs;
  const whole = roughness(basis);
  const smooth = Float64Array.from(
    { length: size * size },
    (_, k) => whole[Math.floor(k / size) * basis.size + (k % size)],
  );
  let scale = 0;
  for (let i = 0; i < basis.size; i++) scale += metric[i * (basis.size + 1)] / basis.size;
  return { metric, gradient, sum: left, pairs, size, smooth, scale };
}

/** Law and weights in turn; null where one of them is not determined. */
function alternate(q: PairwiseEquations, from: Float64Array): Alternated | null {
  let weights = from;
  let before = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const law = lawUnder(q, weights);
    const next = law === null ? null : weightsUnder(q, law);
    if (next === null) return null;
    const { raw, sum } = next;
    const largest = raw.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    if (largest === 0) return null;
    weights = raw.map((w) => w / largest);
    const settled = before - sum < LEAST_GAIN * Math.abs(sum);
    before = sum;
    if (settled) break;
  }
  return { weights, sum: before };
}

/** The law of given weights. [size] */
function lawUnder(
  { metric, gradient, pairs, size, smooth, scale }: PairwiseEquations,
  weights: Float64Array,
): Float64Array | null {
  const stride = pairs * size;
  const matrix = smooth.map((x) => SMOOTH * scale * x);
  const right = new Float64Array(size);
  for (let p = 0; p < pairs; p++)
    for (let k = 0; k < size; k++) {
      const row = (p * size + k) * stride;
      right[k] -= weights[p] * gradient[p * size + k];
      for (let q = 0; q < pairs; q++) {
        const w = weights[p] * weights[q];
        for (let l = 0; l < size; l++) matrix[k * size + l] += w * metric[row + q * size + l];
      }
    }
  for (let k = 0; k < size; k++) matrix[k * (size + 1)] *= 1 + 1e-10;
  return choleskyFactor(matrix, size) ? choleskySolve(matrix, size, right) : null;
}

/** The weights of a given law, and what they leave. */
function weightsUnder(
  { metric, gradient, sum, pairs, size }: PairwiseEquations,
  law: Float64Array,
): { raw: Float64Array; sum: number } | null {
  const stride = pairs * size;
  const matrix = new Float64Array(pairs * pairs);
  const right = new Float64Array(pairs);
  let mean = 0;
  for (let p = 0; p < pairs; p++) {
    for (let k = 0; k < size; k++) {
      const row = (p * size + k) * stride;
      right[p] -= law[k] * gradient[p * size + k];
      for (let q = 0; q < pairs; q++)
        for (let l = 0; l < size; l++)
          matrix[p * pairs + q] += law[k] * law[l] * metric[row + q * size + l];
    }
    mean += matrix[p * (pairs + 1)] / pairs;
  }
  for (let p = 0; p < pairs; p++) matrix[p * (pairs + 1)] += RIDGE * mean;
  const asked = right.slice();
  if (!choleskyFactor(matrix, pairs)) return null;
  const raw = choleskySolve(matrix, pairs, right);
  return { raw, sum: sum - raw.reduce((s, w, p) => s + w * asked[p], 0) };
}

/** Weights by the shape that the laws of single pairs have most in common; null where these are not determined. */
function mostAlike({
  metric,
  gradient,
  pairs,
  size,
  smooth,
  scale,
}: PairwiseEquations): Float64Array | null {
  const n = pairs * size;
  const matrix = metric.slice();
  for (let p = 0; p < pairs; p++)
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        matrix[(p * size + i) * n + p * size + k] +=
          100 * SMOOTH * scale * smooth[i * size + k] + (i === k ? 1e-6 * scale : 0);
  if (!choleskyFactor(matrix, n)) return null;
  const laws = choleskySolve(
    matrix,
    n,
    gradient.map((g) => -g),
  );
  const common = new Float64Array(size * size);
  for (let p = 0; p < pairs; p++)
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        common[i * size + k] += laws[p * size + i] * laws[p * size + k];
  const { values, vectors } = symmetricEigen(common, size);
  const largest = values.indexOf(values.reduce((a, b) => Math.max(a, b)));
  return Float64Array.from({ length: pairs }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += laws[p * size + k] * vectors[k * size + largest];
    return sum;
  });
}
