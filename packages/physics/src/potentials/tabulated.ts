import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { PairPotential } from "../pair-potential.ts";

/**
 * Potential from a table (r, V): cubic spline (exact for cubics, error of fourth order in the spacing), continued by straight lines.
 *
 * @param table - `separations`: increasing. [n]; `energies`: [n]; `slopes`: V' there, where it is known. [n] A piece then takes V and V' from its two
 * rows alone, so that a kink stays where it is
 * @throws MclnnError `bad-table` for fewer than 3 rows, unequal lengths, separations that do not increase, numbers that are not finite
 */
export function tabulated(table: {
  separations: ArrayLike<number>;
  energies: ArrayLike<number>;
  slopes?: ArrayLike<number>;
  name?: string;
}): PairPotential {
  checkArgument("options", table, {
    ...{ separations: "list", energies: "list", slopes: "list?", name: "text?" },
  });
  const { separations, energies, slopes, name = "tabulated" } = table;
  const n = separations.length;
  const x = Float64Array.from(separations, numberOf);
  const y = Float64Array.from(energies, numberOf);
  const d = slopes === undefined ? null : Float64Array.from(slopes, numberOf);
  const refuse = (expected: string, got: string): never => {
    throw new MclnnError("a tabulated potential cannot be made", {
      code: "bad-table",
      argument: "separations",
      expected,
      got,
    });
  };
  if (n < 3 || y.length !== n)
    refuse("3 or more separations and as many energies", `${n} and ${y.length}`);
  for (let k = 0; k < n; k++) {
    if (!Number.isFinite(x[k]) || !Number.isFinite(y[k]))
      refuse("finite numbers", `(${x[k]}, ${y[k]}) in row ${k}`);
    if (d !== null && !Number.isFinite(d[k]))
      refuse("a finite slope for every row", `${d[k]} in row ${k}`);
    if (k > 0 && !(x[k] > x[k - 1]))
      refuse("increasing separations", `${x[k]} after ${x[k - 1]} in row ${k}`);
  }
  /** V'' at both ends of the piece from row k on. */
  const bends = d === null ? smoothBends(x, y) : bendsFromSlopes(x, y, d);
  /** Row to the left of r and V, V', V'' there. */
  const at = (r: number): [number, number, number] => {
    const last = n - 1;
    let k = 0;
    for (let high = last; high - k > 1; ) {
      const mid = (k + high) >> 1;
      // Stryker disable next-line EqualityOperator: at a row the spline is the same from both sides
      if (x[mid] <= r) k = mid;
      else high = mid;
    }
    const h = x[k + 1] - x[k];
    const inside = Math.min(Math.max(r, x[0]), x[last]);
    const b = (inside - x[k]) / h;
    const a = 1 - b;
    const y0 = y[k];
    const y1 = y[k + 1];
    const [m0, m1] = bends(k);
    const slope = (y1 - y0) / h + (h / 6) * ((3 * b * b - 1) * m1 - (3 * a * a - 1) * m0);
    const energy = a * y0 + b * y1 + ((h * h) / 6) * ((a * a * a - a) * m0 + (b * b * b - b) * m1);
    return [energy + slope * (r - inside), slope, r === inside ? a * m0 + b * m1 : 0];
  };
  return {
    name,
    energy: (r) => at(r)[0],
    slope: (r) => at(r)[1],
    curvature: (r) => at(r)[2],
  };
}

type Bends = (k: number) => readonly [number, number];

function smoothBends(x: Float64Array, y: Float64Array): Bends {
  const bend = secondDerivatives(x, y);
  return (k) => [bend[k], bend[k + 1]];
}

const bendsFromSlopes =
  (x: Float64Array, y: Float64Array, d: Float64Array): Bends =>
  (k) => {
    const h = x[k + 1] - x[k];
    const rise = (y[k + 1] - y[k]) / h;
    return [(6 * rise - 4 * d[k] - 2 * d[k + 1]) / h, (2 * d[k] + 4 * d[k + 1] - 6 * rise) / h];
  };

/** What is no number becomes NaN, not what conversion would make of it. */
const numberOf = (x: unknown): number => (typeof x === "number" ? x : Number.NaN);

/**
 * Second derivatives of the cubic spline at its rows (tridiagonal elimination). Its ends are "not-a-knot": the first two pieces are one
 * cubic, and so are the last two, so that a steep wall at the end of a table keeps its curvature.
 *
 * @see de Boor, A Practical Guide to Splines, chapter IV
 */
function secondDerivatives(x: Float64Array, y: Float64Array): Float64Array {
  const n = x.length;
  const m = new Float64Array(n);
  const upper = new Float64Array(n);
  const step = (k: number): number => x[k + 1] - x[k];
  for (let k = 1; k < n - 1; k++) {
    const left = step(k - 1);
    const right = step(k);
    const jump = (y[k + 1] - y[k]) / right - (y[k] - y[k - 1]) / left;
    // Row k: below m[k-1] + diagonal m[k] + above m[k+1] = 6 jump; the ends by what not-a-knot says of m[0] and m[n-1].
    let [below, diagonal, above] = [left, 2 * (left + right), right];
    if (k === 1) {
      diagonal += left + (left * left) / right;
      above -= (left * left) / right;
    }
    if (k === n - 2) {
      diagonal += right + (right * right) / left;
      below -= (right * right) / left;
    }
    // Of three rows both ends fall on one: a parabola.
    if (n === 3) [below, diagonal, above] = [0, 3 * (left + right), 0];
    // Row 0 is none: m and upper are 0 there.
    const pivot = diagonal - below * upper[k - 1];
    upper[k] = above / pivot;
    m[k] = (6 * jump - below * m[k - 1]) / pivot;
  }
  for (let k = n - 3; k > 0; k--) m[k] = m[k] - upper[k] * m[k + 1];
  if (n === 3) return m.fill(m[1]);
  const first = step(0) / step(1);
  m[0] = (1 + first) * m[1] - first * m[2];
  const last = step(n - 2) / step(n - 3);
  m[n - 1] = (1 + last) * m[n - 2] - last * m[n - 3];
  return m;
}
