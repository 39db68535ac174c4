/** B-splines of one degree on increasing breakpoints, the ends repeated. */
export interface BSplines {
  readonly degree: number;
  readonly breakpoints: Float64Array;
  /** Breakpoints + degree - 1. */
  readonly count: number;
  /** Writes the degree + 1 values that may differ from 0, and returns the first one's index. Beyond the ends: as at the end. */
  values(r: number, out: Float64Array): number;
}

/** @param breakpoints - increasing, at least 2 */
export function bSplines(breakpoints: Float64Array, degree: number): BSplines {
  const intervals = breakpoints.length - 1;
  const knot = (k: number): number => breakpoints[Math.min(Math.max(k - degree, 0), intervals)];
  const left = new Float64Array(degree + 1);
  const right = new Float64Array(degree + 1);
  return {
    degree,
    breakpoints,
    count: intervals + degree,
    values(r, out) {
      const x = Math.min(Math.max(r, breakpoints[0]), breakpoints[intervals]);
      let cell = 0;
      for (let high = intervals; high - cell > 1; ) {
        const middle = (cell + high) >> 1;
        if (breakpoints[middle] <= x) cell = middle;
        else high = middle;
      }
      // Cox and de Boor's recursion from degree 0 up.
      out[0] = 1;
      for (let j = 1; j <= degree; j++) {
        left[j] = x - knot(cell + degree + 1 - j);
        right[j] = knot(cell + degree + j) - x;
        let carried = 0;
        for (let k = 0; k < j; k++) {
          const share = out[k] / (right[k + 1] + left[j - k]);
          out[k] = carried + right[k + 1] * share;
          carried = left[j - k] * share;
        }
        out[j] = carried;
      }
      return cell;
    },
  };
}
