import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { collocation } from "../src/prior/metric.ts";
import { buildBasis } from "../src/splines/knots.ts";

/** Separations as recordings have them: most in one range, a few close encounters by themselves. */
const encounters: readonly (readonly [string, readonly number[]])[] = [
  ["one far below", [0.0074]],
  ["one just below a wide range, whose margin would reach over it", [0.0256]],
  ["several, each by itself", [0.0074, 0.0256, 0.041]],
  ["one below and one above", [0.03, 9]],
];

describe("knots", () => {
  it.each(encounters)("of stretches never reach into each other: %s", (_, lone) => {
    const random = createRandom(1);
    const many = Array.from({ length: 500 }, () => 0.065 + 4.6 * random.uniform());
    const sorted = Float64Array.from([...many, ...lone]).sort();
    const basis = buildBasis([sorted], { cells: 48 });
    const knots = basis.clusters.flatMap((cluster) => Array.from(cluster.knots));
    for (let k = 1; k < knots.length; k++) expect(knots[k]).toBeGreaterThan(knots[k - 1] as number);
    expect(basis.clusters.length).toBeGreaterThan(1);
    for (const cluster of basis.clusters) {
      expect(cluster.knots[0]).toBeLessThan(cluster.from);
      expect(cluster.knots.at(-1)).toBeGreaterThan(cluster.to);
    }
    // As many coefficients as values tell apart.
    expect(collocation(basis).toCoefficients.every(Number.isFinite)).toBe(true);
  });
});
