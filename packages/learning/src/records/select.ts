import type { TrainingData } from "./training-data.ts";

/** Which of so many trajectories are evenly spread over all. */
export const evenIndices = (trajectories: number, most: number): number[] =>
  Array.from({ length: Math.min(most, trajectories) }, (_, k) =>
    Math.floor((k * trajectories) / Math.min(most, trajectories)),
  );

/** Some of the trajectories, in the order asked for. */
export const someTrajectories = (data: TrainingData, chosen: readonly number[]): TrainingData =>
  windowsOf(
    data,
    chosen.map((t) => t * data.records),
    data.records,
  );

/** Trajectories that are evenly spread over all. */
export const evenTrajectories = (data: TrainingData, most: number): TrainingData =>
  someTrajectories(data, evenIndices(data.trajectories, most));

/** The first records of every trajectory, as trajectories of their own. */
export const firstRecords = (data: TrainingData, length: number): TrainingData =>
  length === data.records
    ? data
    : windowsOf(
        data,
        Array.from({ length: data.trajectories }, (_, t) => t * data.records),
        length,
      );

/** Some rows of so many numbers each. */
export function rows(
  array: Float64Array,
  size: number,
  chosen: readonly number[],
  length = 1,
): Float64Array {
  const out = new Float64Array(chosen.length * length * size);
  chosen.forEach((row, k) => {
    out.set(array.subarray(row * size, (row + length) * size), k * length * size);
  });
  return out;
}

/**
 * Windows of records as trajectories of their own, which start where the records say: positions and velocities of the first one. Where
 * velocities were not recorded, those of a trajectory's own start, or on the way to the next record.
 *
 * @param from - first frame of each: trajectory x records + record
 * @param length - records of each
 */
export function windowsOf(
  data: TrainingData,
  from: readonly number[],
  length: number,
): TrainingData {
  const { records, particles, components, dimension, times } = data;
  const positions = rows(data.positions, components, from, length);
  const velocities = data.velocities && rows(data.velocities, components, from, length);
  const weights = data.weights && rows(data.weights, particles, from, length);
  const startVelocities = new Float64Array(from.length * components);
  const startCounts = new Int32Array(from.length);
  const residualCounts = new Int32Array(from.length);
  from.forEach((frame, t) => {
    const start = (frame / records) * components;
    for (let c = 0; c < components; c++) {
      const o = t * length * components + c;
      startVelocities[t * components + c] =
        velocities !== null
          ? velocities[o]
          : frame % records === 0
            ? data.startVelocities[start + c]
            : (positions[o + components] - positions[o]) / times[1];
    }
    for (let k = 0; k < length * particles; k++) {
      if (weights !== null && weights[t * length * particles + k] === 0) continue;
      const counts = k < particles ? startCounts : residualCounts;
      counts[t] = counts[t] + dimension;
    }
  });
  const begins = Float64Array.from(
    from,
    (frame) => (data.begins?.[Math.floor(frame / records)] ?? 0) + times[frame % records],
  );
  return {
    ...data,
    trajectories: from.length,
    records: length,
    times: times.slice(0, length),
    ...(begins.some((t) => t !== 0) && { begins }),
    positions,
    velocities,
    startVelocities,
    weights,
    startCounts,
    residualCounts,
    residuals: residualCounts.reduce((sum, n) => sum + n, 0),
  };
}
