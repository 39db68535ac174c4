import type { MotionCheck } from "../runs/train-options.ts";
import { separationsOf } from "./fit.ts";
import { lookAtSteps } from "./look.ts";
import { type MotionAt, remake, stepsBetweenFrames } from "./remake.ts";
import type { Tracks } from "./tracks.ts";

/** Bins of separations, and displacements and correlations that are compared. */
const BINS = 12;
const DISPLACEMENTS = 4;
const CORRELATIONS = 2;
/** Tracks that the law makes. */
const REMAKES = 10;
/** Particles moved by a step that there is time for, in all. */
const MOST_WORK = 4e6;
/** Pairs in a bin that say something. */
const LEAST_PAIRS = 20;

/** Compares tracks with what their law makes of the same start; null where that takes too long. */
export function checkMotion(at: MotionAt, seed: number): MotionCheck | null {
  const { tracks } = at.problem;
  const room = MOST_WORK / (REMAKES * tracks.records * tracks.particles * stepsBetweenFrames(at));
  if (room < 1) return null;
  const few = Math.min(tracks.trajectories, Math.floor(room));
  const some = { ...tracks, trajectories: few };
  const own = { ...at, problem: { ...at.problem, tracks: some } };
  const data = summary(some, at.problem.law.cutoff);
  const made = Array.from({ length: REMAKES }, (_, n) =>
    summary(remake(own, seed + n), at.problem.law.cutoff),
  );
  const distances = data.map((x, k) => {
    const mean = made.reduce((sum, each) => sum + each[k], 0) / REMAKES;
    const square = made.reduce((sum, each) => sum + (each[k] - mean) * (each[k] - mean), 0);
    const sd = Math.sqrt((square / (REMAKES - 1)) * (1 + 1 / REMAKES));
    const enough = k >= BINS || Math.max(x, mean) >= LEAST_PAIRS;
    return sd > 0 && enough ? (x - mean) / sd : 0;
  });
  return {
    pairs: distances.slice(0, BINS),
    displacements: distances.slice(BINS, BINS + DISPLACEMENTS),
    correlations: distances.slice(BINS + DISPLACEMENTS),
    remakes: REMAKES,
  };
}

/** Counts of pairs in the second half of the frames, displacements and correlations of steps. */
function summary(tracks: Tracks, cutoff: number): number[] {
  const pairs = new Array<number>(BINS).fill(0);
  for (const own of separationsOf(secondHalf(tracks), cutoff))
    for (const r of own) pairs[Math.min(BINS - 1, Math.floor((BINS * r) / cutoff))]++;
  const { displacements, correlations } = lookAtSteps(tracks);
  return [
    ...pairs,
    ...displacements.slice(0, DISPLACEMENTS),
    ...correlations.slice(0, CORRELATIONS),
  ].map((x) => (Number.isFinite(x) ? x : 0));
}

function secondHalf(tracks: Tracks): Tracks {
  const { trajectories, records, particles, dimension: d, positions, seen, times } = tracks;
  const from = Math.floor(records / 2);
  const cut = <A extends Float64Array | Uint8Array>(all: A, size: number, out: A): A => {
    for (let t = 0; t < trajectories; t++)
      out.set(
        all.subarray((t * records + from) * size, (t + 1) * records * size),
        t * (records - from) * size,
      );
    return out;
  };
  const frames = trajectories * (records - from);
  return {
    ...tracks,
    records: records - from,
    times: times.subarray(from),
    positions: cut(positions, particles * d, new Float64Array(frames * particles * d)),
    seen: seen && cut(seen, particles, new Uint8Array(frames * particles)),
  };
}
