import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../models/src/splines/b-spline.ts";
import { curveAt } from "../../models/src/splines/cells.ts";
import { coefficientsOf } from "../src/fit/spline-fit.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import { bentKnots } from "../src/splines/bent-knots.ts";
import { findKinks } from "../src/splines/kinks.ts";
import { buildBasis } from "../src/splines/knots.ts";

const separations = [Float64Array.from({ length: 2001 }, (_, k) => 0.5 + (k * 1.5) / 2000)];
const KINK = 1.0371;
const bent = (r: number): number => (r < KINK ? 20 : 4) * (r - KINK) + 0.3 * (r - KINK) ** 2;

function meanError(slope: (r: number) => number, basis: ReturnType<typeof buildBasis>): number {
  const curve = splineCurve(
    basis,
    coefficientsOf(basis, (_, r) => slope(r)),
  );
  const all = separations[0] as Float64Array;
  return (
    all.reduce((sum, r) => sum + Math.abs(curveAt(basis.cells, curve, 0, r) - slope(r)), 0) /
    all.length
  );
}

describe("kinks of a law", () => {
  const plain = buildBasis(separations, { cells: 48 });
  const found = findKinks(
    plain,
    coefficientsOf(plain, (_, r) => bent(r)),
  );

  it("a jump of V'' is found within a thirtieth of a knot interval", () => {
    expect(found.length).toBe(1);
    expect(Math.abs((found[0]?.at ?? 0) - KINK)).toBeLessThan(1e-3);
  });

  it("knots there bring the mean error of V' from above 5e-4 below 2e-5, and below 1e-6 when they are moved", () => {
    const first = buildBasis(separations, { cells: 48, shape: { follows: null, kinks: found } });
    const again = findKinks(
      first,
      coefficientsOf(first, (_, r) => bent(r)),
      found,
    );
    expect(Math.abs((again[0]?.at ?? 0) - KINK)).toBeLessThan(5e-5);
    const second = buildBasis(separations, { cells: 48, shape: { follows: null, kinks: again } });
    const [without, once, twice] = [plain, first, second].map((basis) => meanError(bent, basis));
    expect(without).toBeGreaterThan(5e-4);
    expect(once).toBeLessThan(2e-5);
    expect(twice).toBeLessThan(1e-6);
  });

  it.each([
    ["a spring", (r: number) => r - 1],
    ["gravity", (r: number) => r ** -2],
    ["Lennard-Jones", (r: number) => -48 * r ** -13 + 24 * r ** -7],
    ["Morse", (r: number) => Math.exp((1 - r) / 0.2) * (1 - Math.exp((1 - r) / 0.2))],
    ["a Gaussian well", (r: number) => (r - 1) * Math.exp(-((r - 1) ** 2) / 0.02)],
    ["a sine", (r: number) => Math.sin(9 * r)],
  ])("%s has none", (_, slope) => {
    expect(
      findKinks(
        plain,
        coefficientsOf(plain, (_law, r) => slope(r)),
      ),
    ).toEqual([]);
  });

  it("one unit of a network begins as sharp as the kink, and there; none where there is none", () => {
    const basis = buildBasis(separations, { cells: 48, shape: { follows: null, kinks: found } });
    const sharp = (weights: Float64Array): number[] =>
      [...weights.subarray(0, 10)].flatMap((w, j) =>
        Math.abs(w) > 100 ? [-(weights[10 + j] as number) / w] : [],
      );
    expect(sharp(initialWeights([10, 10], plain, createRandom(1)))).toEqual([]);
    const [at, ...others] = sharp(initialWeights([10, 10], basis, createRandom(1)));
    expect(others).toEqual([]);
    expect(at).toBeCloseTo(found[0]?.at ?? 0, 5);
  });

  it("knots increase, and ends stay, wherever the kink lies", () => {
    const knots = Float64Array.from({ length: 30 }, (_, k) => 0.5 + 0.05 * k);
    for (const at of [0.501, 0.55, 1.03, 1.2, 1.9499]) {
      const own = bentKnots(knots, [{ law: 0, at, width: 0.05 }]);
      expect([own[0], own.at(-1)]).toEqual([knots[0], knots.at(-1)]);
      expect(own.every((r, k) => k === 0 || r > (own[k - 1] as number))).toBe(true);
    }
  });
});
