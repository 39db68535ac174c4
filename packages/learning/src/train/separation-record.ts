import type { SeparationRecord } from "@mclnn/models";

const HISTOGRAM_BINS = 128;
/** A stretch of so many bins in which nothing was seen is a gap, where it is so many times the spacing of as many neighbours on either side. */
const GAP = { bins: 2, spacings: 20 };

/** Ranges and histogram of the separations seen. @param sorted - increasing @param ranges - those of the law's knots */
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
  return { ranges: withoutGaps(sorted, ranges, GAP.bins * width), edges, counts };
}

/** The ranges, parted where nothing was seen. */
function withoutGaps(
  sorted: Float64Array,
  ranges: readonly (readonly [number, number])[],
  least: number,
): (readonly [number, number])[] {
  const n = GAP.spacings;
  let out = [...ranges];
  for (let k = n; k < sorted.length - n; k++) {
    const from = sorted[k - 1];
    const to = sorted[k];
    const beside = Math.max(from - sorted[k - n], sorted[k + n - 1] - to) / (n - 1);
    if (!(to - from > Math.max(least, n * beside))) continue;
    out = out.flatMap((range) =>
      range[0] < from && to < range[1]
        ? ([
            [range[0], from],
            [to, range[1]],
          ] as const)
        : [range],
    );
  }
  return out;
}
