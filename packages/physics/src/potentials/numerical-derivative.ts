/** Steps of the extrapolation, each half the one before: the last is small enough to miss most kinks of f. */
const ROWS = 10;
const SHRINK = 2;

/**
 * Derivative by Ridders' extrapolation of central differences: relative error about 1e-10 where f is smooth, 20 evaluations of f.
 *
 * Where f has a kink (a force that jumps at a cutoff), right from about step / 500 beside it on; on it, the mean of both sides.
 *
 * @param step - first step; default 3 % of x, 0.03 at 0
 * @see Ridders, Adv. Eng. Software 4 (1982) 75
 */
export function slopeDerivative(
  f: (x: number) => number,
  x: number,
  step: number = 0.03 * Math.abs(x) || 0.03,
): number {
  let previous: number[] = [];
  let best = Number.NaN;
  let error = Number.POSITIVE_INFINITY;
  for (let i = 0, h = step; i < ROWS; i++, h /= SHRINK) {
    const row = [(f(x + h) - f(x - h)) / (2 * h)];
    let factor = SHRINK * SHRINK;
    for (let k = 1; k <= i; k++, factor *= SHRINK * SHRINK) {
      const finer = row[k - 1];
      const coarser = previous[k - 1];
      row.push((finer * factor - coarser) / (factor - 1));
      const e = Math.max(Math.abs(row[k] - finer), Math.abs(row[k] - coarser));
      // Stryker disable next-line EqualityOperator: of two estimates with equal errors either will do
      if (e <= error) {
        error = e;
        best = row[k];
      }
    }
    previous = row;
  }
  return best;
}
