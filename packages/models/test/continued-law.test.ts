import { expect, it } from "vitest";
import { continuedLaw } from "../src/laws/continued-law.ts";

/** V = 1/r - r; repulsive everywhere. */
const LAW = {
  name: "law",
  energy: (r: number) => 1 / r - r,
  slope: (r: number) => -1 / (r * r) - 1,
  curvature: (r: number) => 2 / r ** 3,
};
/** V = -1/r: attractive everywhere, and more so inwards. */
const PULL = {
  name: "pull",
  energy: (r: number) => -1 / r,
  slope: (r: number) => r ** -2,
  curvature: (r: number) => -2 * r ** -3,
};

it.each([
  ["a wall", LAW, -1],
  ["a pull", PULL, 1],
])(
  "%s goes on below what was seen: V, V' in one piece, V' to 0 at r = 0 with its sign, V'' its slope",
  (_, law, sign) => {
    const on = continuedLaw(law, { from: 0.5, to: 2 });
    expect(on.energy(2)).toBe(0);
    expect(on.energy(1)).toBeCloseTo(law.energy(1) - law.energy(2), 14);
    for (const r of [0.25, 0.5]) {
      expect(on.energy(r - 1e-9)).toBeCloseTo(on.energy(r), 6);
      expect(on.slope(r - 1e-9)).toBeCloseTo(on.slope(r), 6);
    }
    expect(on.slope(0)).toBeCloseTo(0, 15);
    for (let r = 0.01; r < 0.5; r += 0.0201) {
      expect(Math.sign(on.slope(r))).toBe(sign);
      const h = 1e-6;
      expect((on.energy(r + h) - on.energy(r - h)) / (2 * h)).toBeCloseTo(on.slope(r), 6);
      expect((on.slope(r + h) - on.slope(r - h)) / (2 * h)).toBeCloseTo(on.curvature(r), 6);
    }
    expect(Math.abs(on.slope(0.25))).toBeGreaterThanOrEqual(Math.abs(law.slope(0.5)));
  },
);

it.each([
  [0, 1],
  [1, 1],
  [1, Number.NaN],
  [1, Number.POSITIVE_INFINITY],
])("from %s to %s there is nothing to continue", (from, to) => {
  expect(() => continuedLaw(LAW, { from, to })).toThrow(/cannot be continued/);
});
