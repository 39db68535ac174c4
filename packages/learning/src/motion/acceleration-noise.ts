import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { Tracks } from "./tracks.ts";

/** Lags of second differences that are looked at. */
const LAGS = 6;
/** What makes second differences go with the next ones: noise of places, noise of velocities, and accelerations that change smoothly. */
const SHAPES: readonly ((lag: number) => number)[] = [
  (lag) => [6, -4, 1][lag] ?? 0,
  (lag) => [2 / 3, 1 / 6][lag] ?? 0,
  () => 1,
  (lag) => lag * lag,
  (lag) => lag * lag * lag * lag,
];
const VELOCITIES = 1;
/** Groups of tracks that tell how sure it is. */
const GROUPS = 20;
/** Times may differ by this share and count as even. */
const EVEN = 1e-6;

/** Weights of the covariances whose sum is the noise of velocities in one interval. */
function weights(): Float64Array {
  const n = SHAPES.length;
  const gram = new Float64Array(n * n);
  const one = new Float64Array(n);
  one[VELOCITIES] = 1;
  for (let lag = 0; lag < LAGS; lag++)
    for (let i = 0; i < n; i++)
      for (let k = 0; k < n; k++) gram[i * n + k] += SHAPES[i](lag) * SHAPES[k](lag);
  choleskyFactor(gram, n);
  const solution = choleskySolve(gram, n, one);
  return Float64Array.from({ length: LAGS }, (_, lag) =>
    SHAPES.reduce((sum, shape, k) => sum + shape(lag) * solution[k], 0),
  );
}

/**
 * Noise in the velocities by second differences of evenly timed tracks, in its own standard deviations: what is left of their covariance when noise of
 * places and smooth accelerations are taken out. NaN where tracks are too short, or not even.
 */
export function accelerationNoise(tracks: Tracks, stride = 1): number {
  const { trajectories, records, particles, dimension: d, times, positions, seen } = tracks;
  const wanted = weights();
  const groups = new Float64Array(GROUPS);
  const counts = new Float64Array(GROUPS);
  const path = new Float64Array(records);
  const bends = new Float64Array(records);
  const even = (k: number): boolean => {
    const [before, after] = [times[k] - times[k - 1], times[k + 1] - times[k]];
    return Math.abs(after - before) <= EVEN * after;
  };
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      for (let a = 0; a < d; a++) {
        for (let k = 0; k < records; k++) {
          const at = (t * records + k) * particles + i;
          path[k] = seen !== null && seen[at] !== 1 ? Number.NaN : positions[at * d + a];
        }
        bends.fill(Number.NaN);
        for (let k = stride; k + stride < records; k++)
          if (even(k)) bends[k] = path[k + stride] - 2 * path[k] + path[k - stride];
        const group = (t * particles + i) % GROUPS;
        for (let k = stride; k + LAGS * stride < records; k++) {
          let sum = 0;
          for (let lag = 0; lag < LAGS; lag++)
            sum += wanted[lag] * bends[k] * bends[k + lag * stride];
          if (Number.isNaN(sum)) continue;
          groups[group] += sum;
          counts[group]++;
        }
      }
  const means = Array.from(groups, (sum, g) => sum / counts[g]).filter(Number.isFinite);
  const mean = means.reduce((a, b) => a + b, 0) / means.length;
  const scatter = means.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return mean / Math.sqrt(scatter / (means.length * (means.length - 1)));
}
