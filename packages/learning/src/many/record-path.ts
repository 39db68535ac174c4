import { inverse } from "../algebra/linear-algebra.ts";
import { frameOf, type ManyRecords } from "./many-records.ts";

/** Records on each side of an interval that its path goes through beside those at its ends. */
const BESIDE = 1;

/**
 * The path between a record and the next: the polynomial through positions and velocities of up to four records.
 *
 * @returns puts the positions at a share of the interval into an array
 */
export function pathBetween(
  records: ManyRecords,
  frame: number,
): (share: number, out: Float64Array) => void {
  const { times, records: each, positions, velocities } = records;
  const record = frame % each;
  const first = Math.max(0, record - BESIDE);
  const last = Math.min(each - 1, record + 1 + BESIDE);
  const count = last - first + 1;
  const n = 2 * count;
  const span = times[record + 1] - times[record];
  const at = Float64Array.from(
    { length: count },
    (_, m) => (times[first + m] - times[record]) / span,
  );
  // Row of powers for each position, and of their derivatives for each velocity.
  const rows = new Float64Array(n * n);
  for (let m = 0; m < count; m++)
    for (let p = 0, power = 1, before = 0; p < n; p++) {
      rows[m * n + p] = power;
      rows[(count + m) * n + p] = p * before;
      before = power;
      power *= at[m];
    }
  const toPowers = inverse(rows, n) as Float64Array;
  const weights = new Float64Array(n);
  return (share, out) => {
    weights.fill(0);
    for (let p = 0, power = 1; p < n; p++) {
      for (let m = 0; m < n; m++) weights[m] += power * toPowers[p * n + m];
      power *= share;
    }
    out.fill(0);
    for (let m = 0; m < count; m++) {
      const x = frameOf(records, positions, frame - record + first + m);
      const v = frameOf(records, velocities as Float64Array, frame - record + first + m);
      const [wx, wv] = [weights[m], weights[count + m] * span];
      for (let k = 0; k < out.length; k++) out[k] += wx * x[k] + wv * v[k];
    }
  };
}
