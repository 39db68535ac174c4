import type { SeparationRecord } from "@mclnn/models";

const HISTOGRAM_BINS = 128;

/** Ranges and histogram of the separations seen. @param sorted - increasing @param ranges - without gaps */
export function separationRecord(
  sorted: Float64Array,
  ranges: readonly (readonly [number, number])[],
): SeparationRecord {
  const from = sorted[0];
  const to = sorted[sorted.length - 1];
  const width = (to - from) / HISTOGRAM_BINS;
  const edges = Float64Array.from({ length: HISTOGRAM_BINS + 1 }, (_, k) =>
    k === HISTOGRAM_BINS ? to : from + width * k,
  );
  const binOf = (r: number): number =>
    width > 0 ? Math.min(HISTOGRAM_BINS - 1, Math.floor((r - from) / width)) : 0;
  const counts = new Float64Array(HISTOGRAM_BINS);
  for (let start = 0; start < sorted.length; ) {
    const bin = binOf(sorted[start]);
    // They increase, so those of a bin end where a bisection says.
    let end = start + 1;
    for (let beyond = sorted.length; end < beyond; ) {
      const middle = (end + beyond) >> 1;
      if (binOf(sorted[middle]) > bin) beyond = middle;
      else end = middle + 1;
    }
    counts[bin] = end - start;
    start = end;
  }
  return { ranges, edges, counts };
}
