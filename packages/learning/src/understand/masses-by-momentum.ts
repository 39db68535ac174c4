import { inverse, matrixVector } from "../algebra/linear-algebra.ts";
import type { TrainingData } from "../records/training-data.ts";

/** Of the reference's mass: what is smaller moves nothing that double precision shows. */
const SMALLEST = 1e-12;

/**
 * Masses that keep the total momentum, whatever the law: the centre of mass moves along a line, so what is left of positions beside a line
 * in time adds up to nothing when weighted by the masses. A mass that does not stand out of its error is put at that error. Null where
 * observations are missing or too few.
 */
export function massesByMomentum(
  {
    trajectories,
    records,
    particles,
    components,
    dimension,
    positions,
    times,
    weights,
  }: TrainingData,
  reference: number,
): Float64Array | null {
  if (weights !== null || records < 3) return null;
  const n = particles - 1;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  let sumSquares = 0;
  const mean = times.reduce((sum, t) => sum + t, 0) / records;
  const spread = times.reduce((sum, t) => sum + (t - mean) * (t - mean), 0);
  const bent = new Float64Array(particles * records);
  for (let t = 0; t < trajectories; t++)
    for (let axis = 0; axis < dimension; axis++) {
      for (let i = 0; i < particles; i++) {
        const at = (k: number): number => positions[(t * records + k) * components + 3 * i + axis];
        let middle = 0;
        let slope = 0;
        for (let k = 0; k < records; k++) {
          middle += at(k) / records;
          slope += (at(k) * (times[k] - mean)) / spread;
        }
        for (let k = 0; k < records; k++)
          bent[i * records + k] = at(k) - middle - slope * (times[k] - mean);
      }
      const product = (i: number, j: number): number => {
        let sum = 0;
        for (let k = 0; k < records; k++) sum += bent[i * records + k] * bent[j * records + k];
        return sum;
      };
      sumSquares += product(0, 0);
      for (let i = 0; i < n; i++) {
        right[i] = right[i] - product(i + 1, 0);
        for (let j = 0; j < n; j++) normal[i * n + j] = normal[i * n + j] + product(i + 1, j + 1);
      }
    }
  const covariance = inverse(normal, n);
  if (covariance === null) return null;
  const shares = matrixVector(covariance, right, n);
  const freedom = trajectories * dimension * (records - 2) - n;
  const left = sumSquares - right.reduce((sum, b, i) => sum + b * shares[i], 0);
  if (!(freedom > 0) || !shares.every(Number.isFinite)) return null;
  const variance = Math.max(left, 0) / freedom;
  return Float64Array.from({ length: particles }, (_, i) => {
    if (i === 0) return reference;
    const deviation = Math.sqrt(variance * Math.max(0, covariance[(i - 1) * (n + 1)]));
    return reference * Math.max(shares[i - 1], deviation, SMALLEST);
  });
}
