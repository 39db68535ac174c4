import type { SplineBasis } from "@mclnn/models/parts";
import { curveAt, curveDerivativeAt } from "@mclnn/models/parts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";

/** Angle that the fastest oscillation may turn through in a tangent step for Gauss-Newton still to converge. */
const LARGEST_TANGENT_ANGLE = 0.5;

/** Substeps of a step of the tangents, each an event. */
export const coarseStep = ({ uniform }: Schedule, tangentStep: number): number =>
  uniform === null ? 1 : tangentStep;

/** How long the kick of each step of the tangents is: kicks inside a coarse step count for its two ends. */
export function kicksOfSteps(schedule: Schedule, tangentStep: number): Float64Array {
  const { kick } = schedule;
  const coarse = coarseStep(schedule, tangentStep);
  return Float64Array.from({ length: (kick.length - 1) / coarse + 1 }, (_, s) =>
    coarse === 1 ? kick[s] : coarse * kick[s * coarse],
  );
}

/**
 * Largest divisor of the stride, at most 10, whose span still resolves the fastest oscillation that the curve allows: the squared
 * angular frequency of a pair is at most max(|V''|, |V'| / r) (w / m_i + w / m_j).
 */
export function tangentStep(
  data: TrainingData,
  { uniform }: Schedule,
  basis: SplineBasis,
  curve: Float64Array,
): number {
  if (uniform === null) return 1;
  let bend = 0;
  for (const { law, knots } of basis.clusters)
    for (const r of knots)
      bend = Math.max(
        bend,
        Math.abs(curveDerivativeAt(basis.cells, curve, law, r)),
        Math.abs(curveAt(basis.cells, curve, law, r)) / r,
      );
  let scale = 0;
  for (let p = 0; p < data.pairs; p++)
    scale = Math.max(scale, Math.abs(data.scaleI[p]) + Math.abs(data.scaleJ[p]));
  const angle = uniform.dt * Math.sqrt(bend * scale);
  for (let step = Math.min(10, uniform.stride); step > 1; step--)
    if (uniform.stride % step === 0 && step * angle <= LARGEST_TANGENT_ANGLE) return step;
  return 1;
}
