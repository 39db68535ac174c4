import { portableLog } from "@mclnn/physics/portable";
import type { Tracks } from "./tracks.ts";

/** What steps of tracks show by themselves, before any law. */
export interface StepLook {
  /** Step components that were looked at. */
  readonly steps: number;
  /** Mean time between frames. */
  readonly interval: number;
  /** Mean square of a step component. */
  readonly meanSquare: number;
  /** Correlations of a step with the next ones, lags 1 to 6; NaN where tracks are shorter. */
  readonly correlations: readonly number[];
  /** Mean square displacement of a component at lags 1 to 4. */
  readonly displacements: readonly number[];
  /** Slope of the displacements between lags 1 and 2 in logarithms: 1 for Brownian motion, 2 for straight lines. */
  readonly slope: number;
}

const LAGS = 6;
const DISPLACEMENTS = 4;

/** Looks at the steps of tracks. */
export function lookAtSteps(tracks: Tracks): StepLook {
  const { trajectories, records, particles, dimension: d, times, positions, seen } = tracks;
  const { nearest } = tracks;
  const products = new Float64Array(LAGS + 1);
  const pairs = new Float64Array(LAGS + 1);
  const squares = new Float64Array(DISPLACEMENTS);
  const counts = new Float64Array(DISPLACEMENTS);
  let time = 0;
  const steps = new Float64Array(records * d);
  const move = new Float64Array(3);
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++) {
      steps.fill(Number.NaN);
      for (let k = 1; k < records; k++) {
        const at = (t * records + k) * particles + i;
        if (seen !== null && !(seen[at] === 1 && seen[at - particles] === 1)) continue;
        for (let a = 0; a < d; a++)
          move[a] = positions[at * d + a] - positions[(at - particles) * d + a];
        nearest?.(move);
        steps.set(move.subarray(0, d), k * d);
        time += times[k] - times[k - 1];
      }
      for (let k = 1; k < records; k++)
        for (let a = 0; a < d; a++) {
          const x = steps[k * d + a];
          if (Number.isNaN(x)) continue;
          for (let lag = 0; lag <= LAGS && k + lag < records; lag++) {
            const product = x * steps[(k + lag) * d + a];
            if (Number.isNaN(product)) continue;
            products[lag] += product;
            pairs[lag]++;
          }
          let sum = 0;
          for (let n = 0; n < DISPLACEMENTS && k + n < records; n++) {
            sum += steps[(k + n) * d + a];
            if (Number.isNaN(sum)) break;
            squares[n] += sum * sum;
            counts[n]++;
          }
        }
    }
  const meanSquare = products[0] / pairs[0];
  const displacements = Array.from(squares, (s, n) => s / counts[n]);
  return {
    steps: pairs[0],
    interval: (time * d) / pairs[0],
    meanSquare,
    correlations: Array.from(
      { length: LAGS },
      (_, lag) => products[lag + 1] / pairs[lag + 1] / meanSquare,
    ),
    displacements,
    slope: portableLog(displacements[1] / displacements[0]) / Math.LN2,
  };
}

/** Mean square of a component of steps over their times. */
export function meanSquareSpeed({
  trajectories,
  records,
  particles,
  dimension: d,
  times,
  positions,
  seen,
  nearest,
}: Tracks): number {
  const move = new Float64Array(3);
  let [sum, count] = [0, 0];
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k < records; k++) {
      const time = times[k] - times[k - 1];
      for (let i = 0; i < particles; i++) {
        const at = (t * records + k) * particles + i;
        if (seen !== null && !(seen[at] === 1 && seen[at - particles] === 1)) continue;
        for (let a = 0; a < d; a++)
          move[a] = positions[at * d + a] - positions[(at - particles) * d + a];
        nearest?.(move);
        for (let a = 0; a < d; a++) sum += (move[a] * move[a]) / (time * time);
        count += d;
      }
    }
  return count === 0 ? 0 : sum / count;
}
