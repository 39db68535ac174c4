import type { Schedule } from "../../rollout/schedule.ts";
import type { TrainingData } from "../training-data.ts";

/**
 * Weights that interpolate records to the events of a schedule by local polynomials.
 *
 * Row e holds the weights of `width` records, from `start[e]` on.
 */
export interface PathWeights {
  readonly width: number;
  /** First record of each event's stencil. [events] */
  readonly start: Int32Array;
  /** [events x width] */
  readonly weights: Float64Array;
}

/** Lagrange interpolation of the records by polynomials of this degree. @param times - of the records */
export function pathWeights(times: Float64Array, schedule: Schedule, degree: number): PathWeights {
  const records = times.length;
  const width = Math.min(degree + 1, records);
  const { events, time } = schedule;
  const start = new Int32Array(events);
  const weights = new Float64Array(events * width);
  for (let e = 0, before = 0; e < events; e++) {
    const t = time[e] as number;
    while (before < records - 2 && (times[before + 1] as number) <= t) before++;
    const t0 = times[before] as number;
    const position = before + (t - t0) / ((times[before + 1] as number) - t0);
    const s = Math.max(0, Math.min(records - width, Math.round(position - (width - 1) / 2)));
    start[e] = s;
    for (let a = 0; a < width; a++) {
      const ta = times[s + a] as number;
      let w = 1;
      for (let b = 0; b < width; b++)
        if (b !== a) {
          const tb = times[s + b] as number;
          w *= (t - tb) / (ta - tb);
        }
      weights[e * width + a] = w;
    }
  }
  return { width, start, weights };
}

/** Positions of one trajectory at every event. @param out - [events x components], overwritten */
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
        s += (weights[j * width + a] as number) * (positions[first + a * components + c] as number);
      out[j * components + c] = s;
    }
  }
  return out;
}
