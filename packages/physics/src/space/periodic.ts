import { checkArgument } from "../arguments/requirement.ts";
import type { Space } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import { nearSum } from "../neighbours/near-sum.ts";

/** Signed volume of the cell with these rows. [9] */
export function cellVolume(h: ArrayLike<number>): number {
  return (
    h[0] * (h[4] * h[8] - h[5] * h[7]) +
    h[1] * (h[5] * h[6] - h[3] * h[8]) +
    h[2] * (h[3] * h[7] - h[4] * h[6])
  );
}

/** What turns a place into shares of the rows: share = place . inverse, row by row. [9] */
export function cellInverse(h: ArrayLike<number>): Float64Array {
  const v = cellVolume(h);
  return Float64Array.of(
    (h[4] * h[8] - h[5] * h[7]) / v,
    (h[2] * h[7] - h[1] * h[8]) / v,
    (h[1] * h[5] - h[2] * h[4]) / v,
    (h[5] * h[6] - h[3] * h[8]) / v,
    (h[0] * h[8] - h[2] * h[6]) / v,
    (h[2] * h[3] - h[0] * h[5]) / v,
    (h[3] * h[7] - h[4] * h[6]) / v,
    (h[1] * h[6] - h[0] * h[7]) / v,
    (h[0] * h[4] - h[1] * h[3]) / v,
  );
}

/**
 * Space that repeats along rows of a cell: any cell, along all rows or some.
 *
 * @param given - `rows`: a, b, c [9], or the three edges of a right-angled cell [3]; `origin`: corner of the cell, default 0, 0, 0; `periodic`:
 * default all. In two dimensions c is (0, 0, 1), along which space does not repeat
 * @throws MclnnError `bad-argument`, `bad-shape`, `not-finite`; `bad-box` for rows that span no volume
 */
export function periodicSpace(given: {
  readonly rows: ArrayLike<number>;
  readonly origin?: ArrayLike<number>;
  readonly periodic?: readonly [boolean, boolean, boolean];
}): Space {
  checkArgument("options", given, { rows: "numbers", origin: "numbers?", periodic: "list?" });
  const { origin = [0, 0, 0], periodic = [true, true, true] } = given;
  const { rows: edges } = given;
  const rows = Float64Array.from(
    edges.length === 3 ? [edges[0], 0, 0, 0, edges[1], 0, 0, 0, edges[2]] : Array.from(edges),
  );
  if (rows.length !== 9 || origin.length !== 3 || !(Math.abs(cellVolume(rows)) > 0))
    throw new MclnnError("the box cannot be used", {
      code: "bad-box",
      argument: "rows",
      expected: "three rows that span a volume, or three edges, and a corner of three numbers",
      got: `rows ${rows.join(", ")}, corner ${Array.from(origin).join(", ")}`,
    });
  return spaceOf(rows, Float64Array.from(origin), [
    Boolean(periodic[0]),
    Boolean(periodic[1]),
    Boolean(periodic[2]),
  ]);
}

/** Open space for many particles: only pairs nearer than the cutoffs of their laws are looked at. */
export const openSpace: Space = /* @__PURE__ */ spaceOf(
  /* @__PURE__ */ Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  /* @__PURE__ */ new Float64Array(3),
  [false, false, false],
);

function spaceOf(rows: Float64Array, origin: Float64Array, periodic: Space["periodic"]): Space {
  const inverse = cellInverse(rows);
  // The columns of the inverse are normal to the faces.
  const widths = Float64Array.from({ length: 3 }, (_, d) => {
    const [x, y, z] = [inverse[d], inverse[3 + d], inverse[6 + d]];
    return 1 / Math.sqrt(x * x + y * y + z * z);
  });
  const nearest = (d: Float64Array): void => {
    for (let row = 2; row >= 0; row--) {
      if (!periodic[row]) continue;
      const share = d[0] * inverse[row] + d[1] * inverse[3 + row] + d[2] * inverse[6 + row];
      const whole = Math.round(share);
      for (let c = 0; whole !== 0 && c < 3; c++) d[c] -= whole * rows[3 * row + c];
    }
  };
  const space: Space = {
    rows,
    origin,
    periodic,
    inverse,
    widths,
    reach: periodic.reduce(
      (least, along, d) => (along ? Math.min(least, widths[d] / 2) : least),
      Number.POSITIVE_INFINITY,
    ),
    nearest,
    sumOf: (laws, look) => nearSum(laws, look, space),
  };
  return space;
}
