import type { RecordedThrow } from "../scene/observe.ts";

/** Counts separations as they are recorded. */
export interface Separations {
  /** Counts in bins of equal width from 0 on. */
  readonly counts: Float64Array;
  /** Adds the pairs of a record. @param record - its place in the throw */
  add(seen: RecordedThrow, record: number, dots: number): void;
}

const BINS = 80;

/** @param to - where the last bin ends; what is farther is left out */
export function createSeparations(to: number): Separations {
  const counts = new Float64Array(BINS);
  return {
    counts,
    add({ positions }, record, dots) {
      const first = record * dots * 2;
      for (let i = 0; i < dots; i++)
        for (let j = 0; j < i; j++) {
          const dx = (positions[first + 2 * i] as number) - (positions[first + 2 * j] as number);
          const dy =
            (positions[first + 2 * i + 1] as number) - (positions[first + 2 * j + 1] as number);
          const bin = Math.floor((Math.sqrt(dx * dx + dy * dy) / to) * BINS);
          // A position that was lost is NaN, which is in no bin.
          if (bin >= 0 && bin < BINS) counts[bin] = (counts[bin] as number) + 1;
        }
    },
  };
}

/** Mean of |f - g| over the separations seen, by the mean of |g|; null where nothing was seen. */
export function meanError(
  { counts }: Separations,
  to: number,
  f: (r: number) => number,
  g: (r: number) => number,
): number | null {
  let error = 0;
  let size = 0;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const r = ((bin + 0.5) * to) / counts.length;
    error += count * Math.abs(f(r) - g(r));
    size += count * Math.abs(g(r));
  });
  return size > 0 ? error / size : null;
}
