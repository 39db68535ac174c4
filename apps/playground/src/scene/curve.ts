/** Handles that curves are drawn by: how many, and how far apart from 0 on. */
export const HANDLES = 10;
export const HANDLE_SPACING = 0.3;

/** A smooth curve through values at the handles (Catmull-Rom), level before the first and after the last. */
export function curveThrough(values: readonly number[]): (r: number) => number {
  const at = (k: number): number => values[Math.min(Math.max(k, 0), values.length - 1)] as number;
  return (r) => {
    const x = Math.min(Math.max(r / HANDLE_SPACING - 1, 0), values.length - 1);
    const k = Math.floor(x);
    const t = x - k;
    const [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)];
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  };
}
