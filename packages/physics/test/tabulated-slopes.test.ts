import { expect, it } from "vitest";
import { tabulated } from "../src/potentials/tabulated.ts";

/** V = |r - 1| + r^2: a kink at a row, parabolas beside it. */
const energy = (r: number): number => Math.abs(r - 1) + r * r;
const slope = (r: number): number => (r < 1 ? -1 : 1) + 2 * r;

it("with slopes a piece goes by its own two rows: a kink disturbs no other, V' is the table's at its rows", () => {
  const r = [0.5, 0.8, 1, 1 + 1e-9, 1.5, 2.5];
  const pair = tabulated({
    separations: r,
    energies: r.map(energy),
    slopes: r.map((x) => (x === 1 ? 1 : slope(x))),
  });
  for (const x of [0.5, 0.6, 0.79, 1.1, 1.5, 1.7, 2.5]) {
    expect(pair.energy(x)).toBeCloseTo(energy(x), 12);
    expect(pair.slope(x)).toBeCloseTo(slope(x), 6);
  }
  expect(pair.curvature?.(2)).toBeCloseTo(2, 12);
  // Straight on beyond.
  expect(pair.slope(4)).toBeCloseTo(slope(2.5), 12);
});

it("slopes that are missing or no numbers are refused", () => {
  for (const slopes of [
    [1, 2],
    [1, Number.NaN, 2],
  ])
    expect(() => tabulated({ separations: [1, 2, 3], energies: [0, 0, 0], slopes })).toThrow(
      /a finite slope for every row, got (undefined|NaN) in row/,
    );
});
