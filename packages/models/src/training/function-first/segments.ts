import type { TrainingData } from "../training-data.ts";

/** Relative difference of record spacings that still counts as even. */
const EVEN = 1e-9;

/**
 * Cuts each trajectory into segments of so many records, the last of one being the first of the next: short enough that a poor law's rollouts stay by
 * the data (multiple shooting). Null where records are not evenly spaced in time, or too few.
 */
export function segmentsOf(data: TrainingData, length: number): TrainingData | null {
  const { trajectories, records, particles, components, times, positions, velocities, weights } =
    data;
  const spacing = (times[1] as number) - (times[0] as number);
  for (let k = 2; k < records; k++) {
    const apart = (times[k] as number) - (times[k - 1] as number);
    if (!(Math.abs(apart - spacing) <= EVEN * spacing)) return null;
  }
  const each = Math.floor((records - 1) / (length - 1));
  if (each < 2) return null;
  const count = trajectories * each;
  const cut = (array: Float64Array, size: number): Float64Array => {
    const out = new Float64Array(count * length * size);
    for (let t = 0; t < trajectories; t++)
      for (let s = 0; s < each; s++) {
        const from = (t * records + s * (length - 1)) * size;
        out.set(array.subarray(from, from + length * size), (t * each + s) * length * size);
      }
    return out;
  };
  const own = {
    positions: cut(positions, components),
    weights: weights && cut(weights, particles),
  };
  const ownVelocities = velocities && cut(velocities, components);
  const startVelocities = new Float64Array(count * components);
  const startCounts = new Int32Array(count);
  const residualCounts = new Int32Array(count);
  for (let t = 0; t < count; t++) {
    const o = t * length * components;
    for (let c = 0; c < components; c++)
      startVelocities[t * components + c] =
        ownVelocities === null
          ? ((own.positions[o + components + c] as number) - (own.positions[o + c] as number)) /
            spacing
          : (ownVelocities[o + c] as number);
    for (let k = 0; k < length * particles; k++) {
      if (own.weights !== null && own.weights[t * length * particles + k] === 0) continue;
      const counts = k < particles ? startCounts : residualCounts;
      counts[t] = (counts[t] as number) + data.dimension;
    }
  }
  return {
    ...data,
    trajectories: count,
    records: length,
    times: times.slice(0, length),
    ...own,
    velocities: ownVelocities,
    startVelocities,
    startCounts,
    residualCounts,
    residuals: residualCounts.reduce((sum, n) => sum + n, 0),
  };
}
