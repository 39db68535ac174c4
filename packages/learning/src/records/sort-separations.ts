/** Fewer numbers than this are sorted as well by what every host has. */
const MANY = 512;
/** Numbers a bucket on average, and the most that are put in order one by one. */
const AVERAGE = 4;
const CROWD = 48;

/**
 * Sorts positive numbers in place, as `sort()` does but several times as fast: into buckets of equal width, then within them.
 *
 * Numbers that are not positive and finite, and buckets that are crowded, are left to `sort()`.
 */
export function sortSeparations(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < MANY) return values.sort();
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let k = 0; k < n; k++) {
    const r = values[k];
    if (!(r > 0 && r < Number.POSITIVE_INFINITY)) return values.sort();
    if (r < least) least = r;
    if (r > most) most = r;
  }
  const buckets = Math.ceil(n / AVERAGE);
  const perLength = (buckets - 1) / (most - least);
  if (!(perLength < Number.POSITIVE_INFINITY)) return values.sort();
  // Rounding is monotonic, so a smaller number is never in a later bucket.
  const ends = new Uint32Array(buckets + 1);
  for (let k = 0; k < n; k++) {
    const bucket = ((values[k] - least) * perLength) >>> 0;
    ends[bucket + 1] = ends[bucket + 1] + 1;
  }
  for (let bucket = 1; bucket <= buckets; bucket++) ends[bucket] = ends[bucket] + ends[bucket - 1];
  const sorted = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const r = values[k];
    const bucket = ((r - least) * perLength) >>> 0;
    const at = ends[bucket];
    sorted[at] = r;
    ends[bucket] = at + 1;
  }
  for (let bucket = 0, first = 0; bucket < buckets; bucket++) {
    const end = ends[bucket];
    if (end - first > CROWD) sorted.subarray(first, end).sort();
    else
      for (let k = first + 1; k < end; k++) {
        const r = sorted[k];
        let at = k;
        for (; at > first && sorted[at - 1] > r; at--) sorted[at] = sorted[at - 1];
        sorted[at] = r;
      }
    first = end;
  }
  values.set(sorted);
  return values;
}
