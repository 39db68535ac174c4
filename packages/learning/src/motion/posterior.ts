import { portableExp, portableLog, portablePower } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { lowerInverse } from "../prior/marginal.ts";
import type { Pass } from "./filter.ts";
import type { MotionLaw } from "./law.ts";

/** What a law is taken for before its tracks are looked at: r^-power times something with small second differences; of each law how small. */
export interface MotionPrior {
  readonly power: number;
  /** Natural logarithms, one a law. */
  readonly logWeights: readonly number[];
}

/** What tracks say of a law whose innovations have known variances. */
export interface MotionPosterior {
  /** [law.size] */
  readonly coefficients: Float64Array;
  /** [law.size x law.size]; 0 where a coefficient is not free */
  readonly covariance: Float64Array;
  /** Log evidence of the coefficients, up to a constant of the tracks. */
  readonly evidence: number;
  readonly prior: MotionPrior;
}

/** Powers that are compared: laws of soft and of hard particles. */
const POWERS = [0, 4, 8];
/** Widths of the search for weights, in their logarithm, and steps of one width. */
const WIDTHS = [4, 2, 1, 0.5];
const STEPS = 4;
/** Weights about the best that the posterior is averaged over, and evidence below the best that no longer counts. */
const AROUND = [-6, -4.5, -3, -1.5, 0, 1.5, 3, 4.5, 6];
const WITHIN = 8;

interface Trial {
  readonly evidence: number;
  /** Of the free coefficients. */
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  readonly prior: MotionPrior;
}

/**
 * The posterior of a law under the prior of best evidence, or averaged over all: one prior alone makes error bars too small.
 *
 * Numbers of terms are held by a prior of one innovation's worth of their information.
 *
 * @param without - terms that are left out, by their place among the law's
 */
export function motionPosterior(
  law: MotionLaw,
  { metric, right, count }: Pick<Pass, "metric" | "right" | "count">,
  { average, without = [] }: { average: boolean; without?: readonly number[] },
): MotionPosterior | null {
  const free = freeColumns(law, without);
  const n = free.length;
  const equations = {
    metric: Float64Array.from({ length: n * n }, (_, o) => {
      const [i, k] = [free[Math.floor(o / n)], free[o % n]];
      return metric[i * law.size + k];
    }),
    right: Float64Array.from(free, (k) => right[k]),
  };
  const blocks = blocksOf(law, free);
  const priors = POWERS.map((power) => roughnessOf(law, blocks, power));
  const tried = (prior: MotionPrior): Trial | null =>
    trial(equations, blocks, { ...priors[POWERS.indexOf(prior.power)], count, prior });
  const best = POWERS.map((power) => climbed(equations, blocks, priors, power, tried)).filter(
    (each) => each !== null,
  );
  if (best.length === 0) return null;
  const top = best.reduce((a, b) => (b.evidence > a.evidence ? b : a));
  const likely = average
    ? best.flatMap(({ prior: { power, logWeights } }) =>
        AROUND.map((by) => tried({ power, logWeights: logWeights.map((x) => x + by) })).filter(
          (each) => each !== null && each.evidence > top.evidence - WITHIN,
        ),
      )
    : [top];
  return spread(law, free, averageOf(likely as Trial[], top.evidence, n), top);
}

/** Columns that are fitted. */
function freeColumns(law: MotionLaw, without: readonly number[]): number[] {
  const out: number[] = [];
  for (let k = 0; k < law.basis.size; k++) if (law.free[k] === 1) out.push(k);
  let first = law.basis.size;
  law.terms.forEach(({ size }, index) => {
    if (!without.includes(index)) for (let k = 0; k < size; k++) out.push(first + k);
    first += size;
  });
  return out;
}

/** Where each law's free coefficients begin among the free ones, and how many there are; plain numbers follow them. */
interface Blocks {
  readonly first: readonly number[];
  readonly size: readonly number[];
  readonly plain: number;
}

function blocksOf({ basis, free }: MotionLaw, columns: readonly number[]): Blocks {
  const size = basis.clusters.map(
    (cluster) =>
      columns.filter((k) => k >= cluster.first && k < cluster.first + cluster.size).length,
  );
  const first = size.map((_, law) => size.slice(0, law).reduce((a, b) => a + b, 0));
  return {
    first,
    size,
    plain: basis.size - free.subarray(0, basis.size).filter((x) => x === 0).length,
  };
}

/** Second differences of c times place^power, zeros beyond the last: R of each law, and the logarithm of its determinant. */
function roughnessOf(
  { basis }: MotionLaw,
  { size }: Blocks,
  power: number,
): { matrices: readonly Float64Array[]; logDeterminants: readonly number[] } {
  const matrices = basis.clusters.map(({ knots }, law) => {
    const n = size[law];
    const out = new Float64Array(n * n);
    const step = knots[1] - knots[0];
    const weight = (j: number): number =>
      portablePower(Math.max((knots[0] + (j - 1) * step) / knots[0], 0.5), power);
    for (let j = 0; j < n; j++) {
      const row = [weight(j), j + 1 < n ? -2 * weight(j + 1) : 0, j + 2 < n ? weight(j + 2) : 0];
      for (let a = 0; a < 3; a++)
        for (let b = 0; b < 3; b++)
          if (row[a] !== 0 && row[b] !== 0) out[(j + a) * n + j + b] += row[a] * row[b];
    }
    return out;
  });
  const logDeterminants = matrices.map((matrix, law) => {
    const factor = matrix.slice();
    choleskyFactor(factor, size[law]);
    return logDeterminant(factor, size[law]);
  });
  return { matrices, logDeterminants };
}

interface Equations {
  readonly metric: Float64Array;
  readonly right: Float64Array;
}

function trial(
  { metric, right }: Equations,
  { first, size, plain }: Blocks,
  {
    matrices,
    logDeterminants,
    count,
    prior,
  }: ReturnType<typeof roughnessOf> & { count: number; prior: MotionPrior },
): Trial | null {
  const n = right.length;
  const factor = metric.slice();
  let log = 0;
  matrices.forEach((matrix, law) => {
    const weight = portableExp(prior.logWeights[law]);
    const m = size[law];
    for (let i = 0; i < m; i++)
      for (let k = 0; k < m; k++)
        factor[(first[law] + i) * n + first[law] + k] += weight * matrix[i * m + k];
    log += m * prior.logWeights[law] + logDeterminants[law];
  });
  for (let k = plain; k < n; k++) {
    const own = metric[k * n + k] / count;
    if (!(own > 0)) return null;
    factor[k * n + k] += own;
    log += portableLog(own);
  }
  if (!choleskyFactor(factor, n)) return null;
  const mean = choleskySolve(factor, n, right.slice());
  let explained = 0;
  for (let k = 0; k < n; k++) explained += right[k] * mean[k];
  return { evidence: 0.5 * (explained + log - logDeterminant(factor, n)), mean, factor, prior };
}

function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += 2 * portableLog(factor[k * n + k]);
  return sum;
}

/** The weights of best evidence for one power, one law after another. */
function climbed(
  { metric, right }: Equations,
  { first, size }: Blocks,
  priors: readonly ReturnType<typeof roughnessOf>[],
  power: number,
  tried: (prior: MotionPrior) => Trial | null,
): Trial | null {
  const n = right.length;
  const { matrices } = priors[POWERS.indexOf(power)];
  const logWeights = matrices.map((matrix, law) => {
    let [data, own] = [0, 0];
    for (let k = 0; k < size[law]; k++) {
      data += metric[(first[law] + k) * (n + 1)];
      own += matrix[k * (size[law] + 1)];
    }
    // A law that no pair was near has no weight of its own.
    return data > 0 ? portableLog(data / own / size[law]) : 0;
  });
  let best = tried({ power, logWeights });
  for (const width of WIDTHS)
    for (let step = 0; step < STEPS; step++) {
      let moved = false;
      for (let law = 0; law < logWeights.length; law++)
        for (const by of [-width, width]) {
          const at = best?.prior.logWeights ?? logWeights;
          const next = tried({ power, logWeights: at.with(law, at[law] + by) });
          if (next === null || (best !== null && !(next.evidence > best.evidence))) continue;
          best = next;
          moved = true;
        }
      if (!moved) break;
    }
  return best;
}

/** Mean and covariance over trials, each as likely as its evidence says. */
function averageOf(
  trials: readonly Trial[],
  best: number,
  n: number,
): { mean: Float64Array; covariance: Float64Array } {
  const shares = trials.map(({ evidence }) => portableExp(evidence - best));
  const total = shares.reduce((a, b) => a + b, 0);
  const mean = new Float64Array(n);
  const covariance = new Float64Array(n * n);
  trials.forEach((each, index) => {
    for (let k = 0; k < n; k++) mean[k] += (shares[index] / total) * each.mean[k];
  });
  trials.forEach(({ factor, mean: own }, index) => {
    const share = shares[index] / total;
    const back = lowerInverse(factor, n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) {
        let s = (own[i] - mean[i]) * (own[k] - mean[k]);
        for (let j = Math.max(i, k); j < n; j++) s += back[j * n + i] * back[j * n + k];
        covariance[i * n + k] += share * s;
      }
  });
  return { mean, covariance };
}

/** To all columns of the law. */
function spread(
  { size }: MotionLaw,
  free: readonly number[],
  { mean, covariance }: { mean: Float64Array; covariance: Float64Array },
  { evidence, prior }: Trial,
): MotionPosterior {
  const n = free.length;
  const coefficients = new Float64Array(size);
  const all = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    coefficients[free[i]] = mean[i];
    for (let k = 0; k < n; k++) all[free[i] * size + free[k]] = covariance[i * n + k];
  }
  return { coefficients, covariance: all, evidence, prior };
}
