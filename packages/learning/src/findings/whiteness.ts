import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { normalMatrix } from "../algebra/normal-matrix.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { withTerms } from "../terms/law-terms.ts";
import type { JudgedFit } from "./judged-fit.ts";

/** Trajectories that the test for white residuals looks at. */
const WHITENESS_TRAJECTORIES = 30;

/** J'J of the start state alone. @param jacobian - [rows x width], the start's columns from `first` on */
function startMatrix(jacobian: Float64Array, width: number, first: number): Float64Array {
  const unknowns = width - first;
  const rows = jacobian.length / width;
  const own = new Float64Array(rows * unknowns);
  for (let row = 0; row < rows; row++)
    own.set(jacobian.subarray(row * width + first, (row + 1) * width), row * unknowns);
  const out = new Float64Array(unknowns * unknowns);
  normalMatrix(
    own,
    unknowns,
    Int32Array.from({ length: rows }, (_, row) => row),
    rows,
    new Float64Array(rows),
    out,
    new Float64Array(unknowns),
  );
  return out;
}

/**
 * Lag-one correlation of the residuals in standard deviations from what white noise would leave once start states are fitted; null where there
 * are too few residuals.
 */
export function whiteness(fit: JudgedFit): number | null {
  const { schedule, basis, curve, starts, variance } = fit;
  const data = withTerms(fit.data, fit.terms, fit.values);
  const free = starts.velocityWeight !== null;
  const { components, records, particles, dimension, weights } = data;
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: free });
  const unknowns = free ? 2 * particles * dimension : 0;
  const width = basis.size + unknowns;
  const every = Math.max(1, Math.ceil(data.trajectories / WHITENESS_TRAJECTORIES));
  let sum = 0;
  let expected = 0;
  let count = 0;
  const from = free ? 0 : 1;
  for (let t = 0; t < data.trajectories; t += every) {
    const jacobian = pass.jacobianOf(curve, t, starts);
    const residuals = pass.residualsOf(curve, t, starts);
    const inverse = startMatrix(jacobian, width, basis.size);
    if (unknowns > 0 && !choleskyFactor(inverse, unknowns)) continue;
    for (let k = from; k + 1 < records; k++)
      for (let c = 0; c < components; c++) {
        if (c % 3 >= dimension) continue;
        const o = k * components + c;
        const i = Math.floor(c / 3);
        const seen = (record: number): boolean =>
          weights === null || weights[(t * records + record) * particles + i] > 0;
        if (!seen(k) || !seen(k + 1)) continue;
        sum += residuals[o] * residuals[o + components];
        count++;
        if (unknowns === 0) continue;
        const next = jacobian.slice(
          (o + components) * width + basis.size,
          (o + components + 1) * width,
        );
        choleskySolve(inverse, unknowns, next);
        for (let a = 0; a < unknowns; a++)
          expected -= jacobian[o * width + basis.size + a] * next[a];
      }
  }
  if (count < 100) return null;
  return (sum / variance - expected) / Math.sqrt(count);
}
