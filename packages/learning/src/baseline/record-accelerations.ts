import type { TrajectorySet } from "@mclnn/datasets";
import { inverse } from "../algebra/linear-algebra.ts";
import type { Accelerations } from "./scaling.ts";

/** Records that one estimate reads. With velocities few do: higher degrees magnify what a rough integrator left in the velocities. */
const WINDOW_WITH_VELOCITIES = 3;
const WINDOW_OF_POSITIONS = 5;

/**
 * Accelerations at every record, by differentiating a local polynomial through the records around it twice.
 *
 * Through positions and velocities (Hermite, degree 5 for three records) where the set has velocities, through five positions otherwise.
 * Good for smooth, clean data; noise sigma in the positions becomes an error of about sigma / (record spacing)^2.
 */
export function recordAccelerations(set: TrajectorySet): Accelerations {
  const { trajectories, records, particles, dimension, times, positions, velocities } = set;
  const components = particles * dimension;
  const accelerations = new Float64Array(positions.length);
  const spacing = (times[records - 1] - times[0]) / (records - 1);
  const window = Math.min(
    velocities === undefined ? WINDOW_OF_POSITIONS : WINDOW_WITH_VELOCITIES,
    records,
  );
  for (let record = 0; record < records; record++) {
    const first = Math.min(Math.max(0, record - (window >> 1)), records - window);
    const { onPositions, onVelocities } = secondDerivativeWeights(
      window,
      record - first,
      spacing,
      velocities !== undefined,
    );
    for (let t = 0; t < trajectories; t++) {
      const here = (t * records + record) * components;
      for (let j = 0; j < window; j++) {
        const there = (t * records + first + j) * components;
        const onPosition = onPositions[j];
        const onVelocity = onVelocities[j];
        for (let k = 0; k < components; k++) {
          // Differences, so that a component that never moves has acceleration exactly 0.
          let a = onPosition * (positions[there + k] - positions[here + k]);
          if (velocities !== undefined) a += onVelocity * velocities[there + k];
          accelerations[here + k] = accelerations[here + k] + a;
        }
      }
    }
  }
  return { points: trajectories * records, positions, accelerations };
}

/**
 * Weights on positions and velocities at 0, 1, ... window - 1 spacings that give the second derivative at `at` exactly for all
 * polynomials of as high a degree as there are weights.
 */
function secondDerivativeWeights(
  window: number,
  at: number,
  spacing: number,
  withVelocities: boolean,
): { onPositions: Float64Array; onVelocities: Float64Array } {
  const count = withVelocities ? 2 * window : window;
  const onPositions = new Float64Array(window);
  const onVelocities = new Float64Array(window);
  if (count < 3) return { onPositions, onVelocities };
  // In units of the farthest record, which keeps the powers between -1 and 1.
  const unit = Math.max(at, window - 1 - at) * spacing;
  const matrix = new Float64Array(count * count);
  for (let j = 0; j < window; j++) {
    const tau = ((j - at) * spacing) / unit;
    let power = 1;
    let below = 0;
    for (let p = 0; p < count; p++) {
      matrix[p * count + j] = power;
      if (withVelocities) matrix[p * count + window + j] = p * below;
      below = power;
      power *= tau;
    }
  }
  const inverted = inverse(matrix, count);
  if (inverted === null) return { onPositions, onVelocities };
  const scale = 2 / (unit * unit);
  for (let j = 0; j < window; j++) {
    onPositions[j] = scale * inverted[j * count + 2];
    if (withVelocities) onVelocities[j] = scale * unit * inverted[(window + j) * count + 2];
  }
  return { onPositions, onVelocities };
}
