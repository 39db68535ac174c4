/** Values that spacings are looked for in, at most. */
const LOOKED_AT = 4000;
/** Spacings of a smaller share of the range are those of numbers themselves. */
const FINEST = 1e-7;
/** Two values this share of the range apart are one. */
const SAME = 1e-11;
/** Fewer different values show no spacing. */
const LEAST = 12;

/** The spacing that all values are multiples of, from one of them: what they were rounded to; 0 where there is none. */
export function spacingOf(values: Float64Array, isSeen: (k: number) => boolean): number {
  const every = Math.max(1, Math.floor(values.length / LOOKED_AT));
  const some: number[] = [];
  for (let k = 0; k < values.length; k += every)
    if (isSeen(k) && Number.isFinite(values[k])) some.push(values[k]);
  const sorted = Float64Array.from(some).sort();
  if (sorted.length === 0) return 0;
  const range = Math.max(sorted[sorted.length - 1] - sorted[0], Math.abs(sorted[0]));
  let spacing = 0;
  let different = 1;
  for (let k = 1; k < sorted.length; k++) {
    const apart = sorted[k] - sorted[k - 1];
    if (!(apart > SAME * range)) continue;
    different++;
    spacing = commonMeasure(spacing, apart, SAME * range * different);
    if (spacing < FINEST * range) return 0;
  }
  return different < LEAST ? 0 : spacing;
}

/** The largest number that both are multiples of but for so much (Euclid). */
function commonMeasure(a: number, b: number, tolerance: number): number {
  let [large, small] = a > b ? [a, b] : [b, a];
  while (small > tolerance) {
    const rest = large - small * Math.round(large / small);
    [large, small] = [small, Math.abs(rest)];
  }
  return large;
}

/** Variance of what rounding to a spacing leaves. */
export const roundingVariance = (spacing: number): number => (spacing * spacing) / 12;
