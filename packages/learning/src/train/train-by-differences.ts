import { basisValues, type SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { localMotion } from "../findings/causes/local-motion.ts";
import type { Finding } from "../findings/finding.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { bestPrior } from "../prior/prior.ts";
import { pathSeparations } from "../records/path.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { buildBasis } from "../splines/knots.ts";
import { NO_LAW_FOUND, type Understanding } from "../understand/understanding.ts";
import type { Learned } from "./learned.ts";

/** Knot intervals: accelerations from differences show no fine features. */
const CELLS = 16;
/** Frames that accelerations are taken at, at most. */
const MOST = 4000;
/** Windows of records overlap: so many of them share what each record is off by. */
const SHARED = 7;

/**
 * The law that accelerations from local polynomials ask for, where no law could be followed along the records, or none of pairs is behind them: what one
 * law of pairs does for them on the average, with bars by what it leaves.
 *
 * @param why - what was tried, or what the records show instead
 * @throws MclnnError `fit-failed` where records are too few for that as well
 */
export function trainByDifferences(
  { hypothesis: { data } }: Understanding,
  why: readonly Finding[],
): Learned {
  const separations = pathSeparations(data);
  const basis = buildBasis(separations, { cells: CELLS });
  const equations = equationsOf(data, basis);
  const none = new Float64Array(basis.size);
  const posterior =
    equations === null
      ? null
      : bestPosterior(equations, none, basis, bestPrior(equations, none, basis));
  if (equations === null || posterior === null)
    throw new MclnnError("no law could be fitted to the records", {
      code: "fit-failed",
      argument: "data",
      expected: "a law that rollouts follow, or accelerations from differences of records",
      got: `neither, from ${data.trajectories} trajectories of ${data.records} records${why.map(({ text }) => `; ${text}`).join("")}`,
      mend: "Give more trajectories, or records closer in time.",
      kind: "failure",
    });
  const { step: coefficients, factor, variance } = posterior;
  const half = ((SHARED - 1) / 2) * (data.times[data.records - 1] / (data.records - 1));
  // What accelerations that are off by so much make of the records at the end of a window, from its middle.
  const loss = (variance * (half * half * half * half)) / 4;
  return {
    law: {
      ...{ basis, separations, coefficients, weights: null },
      // Where no law of pairs is behind the records, bars of one would say nothing.
      posterior: why.some(({ kind }) => kind === NO_LAW_FOUND)
        ? { factor, variance: SHARED * variance }
        : null,
    },
    findings: why,
    noise: null,
    ending: {
      ...{ optimizer: "differences", trainLoss: loss, validationLoss: null, iterations: 1 },
      ...{ reachedTarget: false, stopped: "converged" },
    },
  };
}

/** Normal equations of the accelerations in the middle of windows of records, about no law; null where there are fewer than unknowns. */
function equationsOf(data: TrainingData, basis: SplineBasis): NormalEquations | null {
  const { components, dimension, pairs, pairI, pairJ, pairLaw, scaleI, scaleJ } = data;
  const { size } = basis;
  const metric = new Float64Array(size * size);
  const gradient = new Float64Array(size);
  const rows = new Float64Array(components * size);
  let [sum, residuals] = [0, 0];
  for (const { positions, accelerations } of localMotion(data, MOST / data.pairs + 300).frames) {
    rows.fill(0);
    for (let p = 0; p < pairs; p++) {
      const d = [0, 1, 2].map((c) => positions[pairI[p] + c] - positions[pairJ[p] + c]);
      const r = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
      if (!(r > 0)) continue;
      basisValues(basis, pairLaw[p], r).forEach((value, k) => {
        if (value === 0) return;
        for (let c = 0; c < dimension; c++) {
          rows[(pairI[p] + c) * size + k] -= (value * d[c] * scaleI[p]) / r;
          rows[(pairJ[p] + c) * size + k] += (value * d[c] * scaleJ[p]) / r;
        }
      });
    }
    for (let c = 0; c < components; c++) {
      if (c % 3 >= dimension) continue;
      const target = accelerations[c];
      sum += target * target;
      residuals++;
      for (let a = 0; a < size; a++) {
        const x = rows[c * size + a];
        if (x === 0) continue;
        gradient[a] -= x * target;
        for (let b = 0; b < size; b++) metric[a * size + b] += x * rows[c * size + b];
      }
    }
  }
  if (residuals < 2 * size) return null;
  return {
    ...{ metric, gradient, sum, residuals, degreesOfFreedom: residuals, eliminations: [] },
    loss: sum / residuals,
  };
}
