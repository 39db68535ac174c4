import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { SensitivityPass } from "../engine/sensitivity.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Starts } from "../rollout/starts.ts";

/**
 * What each trajectory's residuals ask of the unknowns, its start state fitted anew: their scatter says how sure the unknowns are whatever the
 * residuals have in common within a trajectory (the clustered sandwich of Liang & Zeger 1986).
 *
 * @returns J' residuals, one a trajectory [size]; none for a trajectory whose start is not determined
 */
export function gradientsByTrajectory(
  pass: SensitivityPass,
  { trajectories, records, components, particles, dimension }: TrainingData,
  curve: Float64Array,
  starts: Starts,
): Float64Array[] {
  const { size } = pass;
  const free = starts.velocityWeight !== null;
  const unknowns = free ? 2 * particles * dimension : 0;
  const width = size + unknowns;
  const out: Float64Array[] = [];
  for (let t = 0; t < trajectories; t++) {
    const jacobian = pass.jacobianOf(curve, t, starts);
    const residuals = pass.residualsOf(curve, t, starts);
    const from = (free ? 0 : 1) * components;
    const rows = (free ? records + 1 : records) * components;
    const normal = new Float64Array(unknowns * unknowns);
    const all = new Float64Array(width);
    const cross = new Float64Array(unknowns * size);
    for (let row = from; row < rows; row++) {
      const o = row * width;
      const r = residuals[row];
      for (let a = 0; a < width; a++) {
        const x = jacobian[o + a];
        if (x !== 0) all[a] = all[a] + x * r;
      }
      for (let a = 0; a < unknowns; a++) {
        const x = jacobian[o + size + a];
        if (x === 0) continue;
        for (let b = 0; b < unknowns; b++)
          normal[a * unknowns + b] = normal[a * unknowns + b] + x * jacobian[o + size + b];
        for (let k = 0; k < size; k++)
          cross[a * size + k] = cross[a * size + k] + x * jacobian[o + k];
      }
    }
    const gradient = all.slice(0, size);
    if (unknowns > 0) {
      if (!choleskyFactor(normal, unknowns)) continue;
      const start = choleskySolve(normal, unknowns, all.slice(size));
      for (let a = 0; a < unknowns; a++)
        for (let k = 0; k < size; k++) gradient[k] = gradient[k] - cross[a * size + k] * start[a];
    }
    out.push(gradient);
  }
  return out;
}
