import { choleskyFactor, choleskySolve } from "../../algebra/linear-algebra.ts";
import { chebyshev, residualMaker } from "../../records/local-polynomial.ts";
import type { TrainingData } from "../../records/training-data.ts";

/** Records that a polynomial goes through, and its degree: for motion that records follow closely, and for what is noisier. */
const WINDOW = 7;
const DEGREE = 4;
/** Where particles are, and how they move, in the middle of a window of records. [components] */
export interface Frame {
  readonly trajectory: number;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly accelerations: Float64Array;
  /** Sum of squares that the polynomials leave of the window, over the degrees of freedom that it has: large where more happens than records show. */
  readonly left: number;
}

/** Motion by local polynomials: no law is involved. */
export interface LocalMotion {
  readonly frames: readonly Frame[];
  /** What a noise variance of 1 in a position makes of a velocity and of an acceleration. */
  readonly velocityNoise: number;
  readonly accelerationNoise: number;
}

/** Motion in the middle of windows of records in which all particles were seen, evenly spread over all. @param most - frames, about */
export function localMotion(data: TrainingData, most: number): LocalMotion {
  const { trajectories, records, particles, components, times, positions, weights } = data;
  const middle = (WINDOW - 1) / 2;
  const windows = trajectories * Math.max(0, records - WINDOW + 1);
  const every = Math.max(1, Math.floor(windows / most));
  const frames: Frame[] = [];
  let [velocityNoise, accelerationNoise, count] = [0, 0, 0];
  for (let k = middle; k + middle < records; k++) {
    const first = k - middle;
    const window = times.subarray(first, first + WINDOW);
    const rows = derivativesOf(window, times[k]);
    const hat = residualMaker(window, DEGREE);
    if (rows === null || hat === null) continue;
    for (let t = (k - middle) % every; t < trajectories; t += every) {
      const from = t * records + first;
      let seen = true;
      for (let o = from * particles; seen && o < (from + WINDOW) * particles; o++)
        seen = weights === null || weights[o] > 0;
      if (!seen) continue;
      const [q, v, a] = rows.map((row) => {
        const out = new Float64Array(components);
        row.forEach((w, n) => {
          for (let c = 0; c < components; c++) out[c] += w * positions[(from + n) * components + c];
        });
        return out;
      });
      let left = 0;
      for (let c = 0; c < components; c++)
        for (let n = 0; n < WINDOW; n++) {
          let rest = 0;
          for (let m = 0; m < WINDOW; m++)
            rest += hat[n * WINDOW + m] * positions[(from + m) * components + c];
          left += rest * rest;
        }
      const freedom = (WINDOW - DEGREE - 1) * particles * data.dimension;
      frames.push({
        ...{ trajectory: t, positions: q, velocities: v, accelerations: a },
        left: left / freedom,
      });
    }
    const square = (row: Float64Array): number => row.reduce((sum, w) => sum + w * w, 0);
    velocityNoise += square(rows[1]);
    accelerationNoise += square(rows[2]);
    count++;
  }
  return {
    frames,
    velocityNoise: velocityNoise / Math.max(1, count),
    accelerationNoise: accelerationNoise / Math.max(1, count),
  };
}

/** Weights of records that give the polynomial through them, its first and its second derivative at a time; null where times do not determine it. */
function derivativesOf(times: Float64Array, at: number): Float64Array[] | null {
  const m = DEGREE + 1;
  const half = (times[WINDOW - 1] - times[0]) / 2;
  const x = (t: number): number => (t - times[0]) / half - 1;
  const rows = Array.from(times, (t) => chebyshev(x(t), m));
  const gram = new Float64Array(m * m);
  for (const row of rows)
    for (let a = 0; a < m; a++) for (let b = 0; b <= a; b++) gram[a * m + b] += row[a] * row[b];
  if (!choleskyFactor(gram, m)) return null;
  return [0, 1, 2].map((order) => {
    const wanted = choleskySolve(gram, m, chebyshevDerivative(x(at), m, order));
    const scale = order === 0 ? 1 : order === 1 ? 1 / half : 1 / (half * half);
    return Float64Array.from(rows, (row) => {
      let sum = 0;
      for (let a = 0; a < m; a++) sum += row[a] * wanted[a];
      return scale * sum;
    });
  });
}

/** A derivative of the first Chebyshev polynomials at x. */
function chebyshevDerivative(x: number, m: number, order: number): Float64Array {
  if (order === 0) return chebyshev(x, m);
  const below = chebyshevDerivative(x, m, order - 1);
  const out = new Float64Array(m);
  for (let k = 1; k < m; k++)
    // T_k' = 2 T_(k-1) + 2 x T_(k-1)' - T_(k-2)', and the same once more.
    out[k] =
      k === 1 ? (order === 1 ? 1 : 0) : 2 * order * below[k - 1] + 2 * x * out[k - 1] - out[k - 2];
  return out;
}
