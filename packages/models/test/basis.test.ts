import { expect, it } from "vitest";
import { basisValues, buildBasis } from "../src/training/function-first/basis.ts";
import { collocation } from "../src/training/function-first/metric.ts";

it.each([
  ["a lone close encounter below a wide range", [0.0169, ...even(0.0299, 6.47, 400)]],
  ["a lone separation above", [...even(1, 2, 200), 2.75]],
  ["two ranges with nothing between", [...even(0.6, 2, 200), ...even(6, 12, 200)]],
])("%s: clusters do not overlap, and the basis adds up to 1 in each", (_, separations) => {
  const basis = buildBasis([Float64Array.from(separations)], { cells: 48 });
  const knots = basis.clusters.flatMap((cluster) => [...cluster.knots]);
  for (let k = 1; k < knots.length; k++)
    expect(knots[k] as number).toBeGreaterThan(knots[k - 1] as number);
  for (const r of separations)
    expect(basisValues(basis, 0, r).reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
  expect(() => collocation(basis)).not.toThrow();
});

function even(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, k) => from + ((to - from) * k) / (n - 1));
}
