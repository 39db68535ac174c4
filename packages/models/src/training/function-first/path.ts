import type { TrainingData } from "../training-data.ts";

/**
 * Weights that interpolate equally spaced records to the substeps between them by local polynomials.
 *
 * Row j holds the weights of all records for substep j; only `degree + 1` of them, from `start[j]` on, differ from zero.
 */
export interface PathWeights {
  readonly width: number;
  /** First record of each substep's stencil. [substeps + 1] */
  readonly start: Int32Array;
  /** [(substeps + 1) x width] */
  readonly weights: Float64Array;
}

/** Lagrange interpolation of `records` records to `stride` substeps a record, by polynomials of this degree. */
export function pathWeights(records: number, stride: number, degree: number): PathWeights {
  const width = Math.min(degree + 1, records);
  const substeps = (records - 1) * stride;
  const start = new Int32Array(substeps + 1);
  const weights = new Float64Array((substeps + 1) * width);
  for (let j = 0; j <= substeps; j++) {
    const t = j / stride;
    const s = Math.max(0, Math.min(records - width, Math.round(t - (width - 1) / 2)));
    start[j] = s;
    for (let a = 0; a < width; a++) {
      let w = 1;
      for (let b = 0; b < width; b++) if (b !== a) w *= (t - (s + b)) / (a - b);
      weights[j * width + a] = w;
    }
  }
  return { width, start, weights };
}

/** Positions of one trajectory at every substep. @param out - [(substeps + 1) x components], overwritten */
export function interpolatePath(
  data: TrainingData,
  { width, start, weights }: PathWeights,
  trajectory: number,
  out: Float64Array,
): Float64Array {
  const { components, records, positions } = data;
  const base = trajectory * records * components;
  for (let j = 0; j < start.length; j++) {
    const first = base + (start[j] as number) * components;
    for (let c = 0; c < components; c++) {
      let s = 0;
      for (let a = 0; a < width; a++)
        s +=
          (weights[j * width + a] as number) * (positions[first + a * components + c] as number);
      out[j * components + c] = s;
    }
  }
  return out;
}
