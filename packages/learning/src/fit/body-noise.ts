import type { SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import type { Beside } from "../engine/addends.ts";
import { ALONE } from "../engine/pair-rollout.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";

/** Bodies whose noise differs by less than this factor weigh the same. */
const ALIKE = 3;
/** Correlation from record to record that is counted at most. */
const LONGEST = 0.9;
/** Weights that are right within this factor need no other fit. */
const SETTLED = 1.3;

/** Residuals of each body's components, whatever the weights. */
export interface BodyResiduals {
  /** Mean square over all of them. */
  readonly loss: number;
  /** Mean square; 0 where nothing of the body was observed. [particles] */
  readonly variances: Float64Array;
  /**
   * How many times more than white noise the residuals amount to in an average, where they follow each other: (1 + rho) / (1 - rho), rho their correlation
   * from record to record; 1 at least. Errors that last pass for motion. [particles]
   */
  readonly lasting: Float64Array;
}

/** What a law's rollouts leave of each body. */
export function bodyResiduals(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  curve: Float64Array,
  starts: Starts,
  { terms, values }: Beside = ALONE,
): BodyResiduals {
  const { trajectories, records, particles, components, dimension, weights } = data;
  const pass = new SensitivityPass(data, schedule, basis, { terms });
  const sums = new Float64Array(particles);
  const counts = new Float64Array(particles);
  const squares = new Float64Array(particles);
  const products = new Float64Array(particles);
  const last = new Float64Array(components);
  const add = (to: Float64Array, i: number, x: number): void => {
    to[i] = to[i] + x;
  };
  for (let t = 0; t < trajectories; t++) {
    const all = pass.residualsOf(curve, t, starts, values);
    last.fill(Number.NaN);
    for (let k = starts.velocityWeight === null ? 1 : 0; k < records; k++)
      for (let i = 0; i < particles; i++) {
        const weight = weights === null ? 1 : weights[(t * records + k) * particles + i];
        if (!(weight > 0)) {
          last.fill(Number.NaN, 3 * i, 3 * i + 3);
          continue;
        }
        add(counts, i, dimension);
        for (let c = 3 * i; c < 3 * i + dimension; c++) {
          const residual = all[k * components + c] / weight;
          add(sums, i, residual * residual);
          const before = last[c];
          last[c] = residual;
          if (Number.isNaN(before)) continue;
          add(products, i, before * residual);
          add(squares, i, 0.5 * (before * before + residual * residual));
        }
      }
  }
  const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  return {
    loss: total(sums) / total(counts),
    variances: sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i])),
    lasting: products.map((product, i) => {
      const square = squares[i];
      const rho = square > 0 ? Math.min(LONGEST, product / square) : 0;
      return Math.max(1, (1 + rho) / (1 - rho));
    }),
  };
}

/** Whether a size of noise for each body is worth its unknowns (Schwarz): of few records each, the sizes of one noise scatter. */
function asksForSizes(
  { trajectories, records, particles, dimension, weights }: TrainingData,
  variances: Float64Array,
): boolean {
  const counts = new Float64Array(particles);
  for (let k = 0; k < trajectories * records * particles; k++)
    if (weights === null || weights[k] > 0) counts[k % particles] += dimension;
  const all = counts.reduce((a, b) => a + b, 0);
  const mean = variances.reduce((sum, v, i) => sum + v * counts[i], 0) / all;
  const gain = variances.reduce((sum, v, i) => sum + counts[i] * portableLog(mean / v), 0);
  return gain > particles * portableLog(all);
}

/**
 * The data with each body weighed by its own noise, relative to the root mean square of all: bodies whose noise differs by orders of magnitude
 * would else be fitted to the noise of the worst. The same data where the noise is alike, or is weighed well enough already.
 *
 * @param variances - of each body's components, as {@link bodyResiduals} has them
 */
export function weighedByNoise(data: TrainingData, variances: Float64Array): TrainingData {
  const { particles, bodyWeights } = data;
  const seen = variances.filter((v) => v > 0 && Number.isFinite(v));
  const least = seen.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = seen.reduce((a, b) => Math.max(a, b), 0);
  if (seen.length < particles || !(most > ALIKE * ALIKE * least)) return data;
  const mean = seen.reduce((a, b) => a + b, 0) / seen.length;
  const own = variances.map((v) => Math.sqrt(mean / v));
  if (bodyWeights === null && !asksForSizes(data, variances)) return data;
  const before = bodyWeights ?? new Float64Array(particles).fill(1);
  const change = own.map((w, i) => w / before[i]);
  if (change.every((x) => x < SETTLED && x > 1 / SETTLED)) return data;
  const frames = data.trajectories * data.records;
  const weights = data.weights?.slice() ?? new Float64Array(frames * particles).fill(1);
  for (let k = 0; k < weights.length; k++) if (weights[k] > 0) weights[k] = own[k % particles];
  return { ...data, weights, bodyWeights: own };
}
