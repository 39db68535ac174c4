import { MclnnError } from "@mclnn/physics";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { StartElimination } from "./starts.ts";

/** Keeps a start state that the records hardly fix from failing the factorisation; relative to the largest diagonal element. */
const START_FLOOR = 1e-13;

/**
 * Takes the start state out of the equations of one trajectory by its Schur complement.
 *
 * @param metric - J'J of coefficients and start state, lower triangle; the coefficients' part is changed in place. [columns x columns]
 * @param gradient - J' residuals, changed in place. [columns]
 * @param active - coefficients that have a column
 * @throws MclnnError `start-not-determined`
 */
export function eliminateStart(
  metric: Float64Array,
  gradient: Float64Array,
  columns: number,
  active: Int32Array,
  trajectory: number,
): StartElimination {
  const first = active.length;
  const unknowns = columns - first;
  const factor = new Float64Array(unknowns * unknowns);
  let largest = 0;
  for (let i = 0; i < unknowns; i++) {
    const o = (first + i) * columns + first;
    for (let k = 0; k <= i; k++) factor[i * unknowns + k] = metric[o + k];
    largest = Math.max(largest, factor[i * unknowns + i]);
  }
  for (let i = 0; i < unknowns; i++)
    factor[i * unknowns + i] = factor[i * unknowns + i] + START_FLOOR * largest;
  if (!choleskyFactor(factor, unknowns)) throw undeterminedStart(trajectory);
  const forward = (b: Float64Array): void => {
    for (let i = 0; i < unknowns; i++) {
      let s = b[i];
      for (let k = 0; k < i; k++) s -= factor[i * unknowns + k] * b[k];
      b[i] = s / factor[i * unknowns + i];
    }
  };
  const right = gradient.slice(first, columns);
  forward(right);
  const cross = new Float64Array(first * unknowns);
  for (let c = 0; c < first; c++) {
    const row = cross.subarray(c * unknowns, (c + 1) * unknowns);
    for (let i = 0; i < unknowns; i++) row[i] = metric[(first + i) * columns + c];
    forward(row);
  }
  for (let c = 0; c < first; c++) {
    const oc = c * unknowns;
    let s = 0;
    for (let i = 0; i < unknowns; i++) s += cross[oc + i] * right[i];
    gradient[c] = gradient[c] - s;
    for (let e = 0; e <= c; e++) {
      const oe = e * unknowns;
      let t = 0;
      for (let i = 0; i < unknowns; i++) t += cross[oc + i] * cross[oe + i];
      metric[c * columns + e] = metric[c * columns + e] - t;
    }
  }
  return { trajectory, unknowns, factor, cross, right, active };
}

export function undeterminedStart(trajectory: number): MclnnError {
  return new MclnnError(`the start of trajectory ${trajectory} is not determined`, {
    code: "start-not-determined",
    argument: "velocities",
    expected: "at least two records with every particle in them",
    got: "a singular system for the start state",
    mend: "Give start velocities or more records.",
  });
}
