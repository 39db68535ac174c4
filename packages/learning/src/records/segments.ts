import type { Schedule } from "./schedule.ts";
import { windowsOf } from "./select.ts";
import type { TrainingData } from "./training-data.ts";

/** Relative difference of record spacings that still counts as even. */
const EVEN = 1e-9;

/**
 * Records of segments that show about as much of a law as whole trajectories do: where these are more than twice as long, a law that is not found yet
 * could not be followed along them.
 */
export const LONG_SEGMENT = 64;

/** Whether trajectories are long, and can be cut. */
export const hasLongSegments = ({ records, times }: TrainingData): boolean =>
  records > 2 * LONG_SEGMENT && isEven(times);

/** Look-ups that are kept of one trajectory at most, about a hundred bytes each. */
const MOST_LOOKUPS = 2e6;

/** Whether trajectories can be cut, and should not be followed as a whole: what a rollout keeps for its sensitivities would fill the memory. */
export const mustBeCut = (data: TrainingData, { kicks }: Schedule): boolean =>
  hasLongSegments(data) && kicks * data.pairs > MOST_LOOKUPS;

/** Whether records are evenly spaced in time. */
export function isEven(times: Float64Array): boolean {
  const spacing = times[1] - times[0];
  for (let k = 2; k < times.length; k++) {
    const apart = times[k] - times[k - 1];
    if (!(Math.abs(apart - spacing) <= EVEN * spacing)) return false;
  }
  return true;
}

/** Records of a segment in which each particle is observed at least, for its start to be found; all where nothing is missing. */
const OBSERVED = 3;

/** First records of the segments that a trajectory is cut into. [segments] */
function firstFrames(data: TrainingData, length: number, trajectory: number): number[] {
  const { records, particles, weights } = data;
  const firsts: number[] = [];
  for (let first = 0; first + length <= records; first += length - 1) firsts.push(first);
  if (weights === null) return firsts;
  return firsts.filter((first) => {
    for (let i = 0; i < particles; i++) {
      let seen = 0;
      for (let k = first; k < first + length; k++)
        if (weights[(trajectory * records + k) * particles + i] > 0) seen++;
      if (seen < OBSERVED) return false;
    }
    return true;
  });
}

/** For each trajectory, which of all segments begins where it does; null where one has none that does. [trajectories] */
export function beginningSegments(data: TrainingData, length: number): Int32Array | null {
  const out = new Int32Array(data.trajectories);
  let count = 0;
  for (let t = 0; t < data.trajectories; t++) {
    const firsts = firstFrames(data, length, t);
    if (firsts[0] !== 0) return null;
    out[t] = count;
    count += firsts.length;
  }
  return out;
}

/**
 * Cuts each trajectory into segments of so many records, the last of one being the first of the next: short enough that a poor law's rollouts stay by
 * the data (multiple shooting). Where records are missing, segments that would not tell where they start are left out.
 *
 * Null where records are not evenly spaced in time, or too few.
 */
export function segmentsOf(data: TrainingData, length: number): TrainingData | null {
  const { trajectories, records, times } = data;
  if (!isEven(times) || records < 2 * length - 1) return null;
  const from: number[] = [];
  for (let t = 0; t < trajectories; t++)
    for (const first of firstFrames(data, length, t)) from.push(t * records + first);
  return from.length === 0 ? null : windowsOf(data, from, length);
}
