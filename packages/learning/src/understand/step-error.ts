import { splineCurve } from "@mclnn/models/parts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { type Dynamics, scheduleOf } from "../records/dynamics.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Explanation, LawFit } from "./explanation.ts";

/** Mean square difference of the records between one step and two half steps. */
export function stepError(now: Explanation): number {
  return meanSquareDifference(now.fit.data, ...withHalfSteps(now));
}

/** Share of the trajectories whose step error says nothing of the others: a close encounter or two. */
const WORST = 0.2;

/** The same of one trajectory, such that only the worst have a larger one. */
export function commonStepError(now: Explanation): number {
  const [whole, halves] = withHalfSteps(now);
  const { trajectories, residualCounts } = now.fit.data;
  const size = whole.length / trajectories;
  const each = Float64Array.from({ length: trajectories }, (_, t) => {
    let sum = 0;
    for (let k = t * size; k < (t + 1) * size; k++) {
      const d = whole[k] - halves[k];
      sum += d * d;
    }
    return sum / Math.max(1, residualCounts[t]);
  }).sort();
  return each[Math.ceil((1 - WORST) * trajectories) - 1];
}

function withHalfSteps({
  hypothesis: { dynamics },
  fit,
}: Explanation): readonly [Float64Array, Float64Array] {
  const { substeps, dt } = dynamics;
  const half = { ...dynamics, substeps: 2 * substeps, dt: dt === null ? null : dt / 2 };
  return [residualsUnder(dynamics, fit), residualsUnder(half, fit)];
}

/** Residuals of a law's rollouts under some dynamics. [trajectories x (records + 1) x components] */
export function residualsUnder(dynamics: Dynamics, fit: LawFit): Float64Array {
  const { world, basis } = fit;
  const pass = new SensitivityPass(world, scheduleOf(world.times, dynamics), basis);
  const size = (world.records + 1) * world.components;
  const curve = splineCurve(basis, fit.coefficients);
  const out = new Float64Array(world.trajectories * size);
  const starts: Starts = { ...fit.starts, velocityWeight: 0 };
  for (let t = 0; t < world.trajectories; t++)
    out.set(pass.residualsOf(curve, t, starts), t * size);
  return out;
}

export function meanSquareDifference(data: TrainingData, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const d = a[k] - b[k];
    sum += d * d;
  }
  return sum / data.residuals;
}
