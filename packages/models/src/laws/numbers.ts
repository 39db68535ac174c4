import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";

/** Throws unless `values` holds `length` finite numbers. */
export function checkFinite(name: string, values: Float64Array, length: number): void {
  if (values.length !== length)
    throw new MclnnError(`${name} have the wrong length`, {
      code: "bad-shape",
      argument: name,
      expected: `${length} numbers`,
      got: `${values.length}`,
    });
  const bad = values.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new MclnnError(`${name} are not finite`, {
      code: "not-finite",
      argument: name,
      expected: "finite numbers",
      got: `${described(values[bad])} at index ${bad}`,
    });
}

/** Throws unless every cluster has 2 or more knots and all increase. */
export function checkKnots(knots: readonly Float64Array[]): void {
  let previous = 0;
  knots.forEach((cluster, index) => {
    for (const knot of cluster) {
      if (!(knot > previous) || !Number.isFinite(knot))
        throw new MclnnError(`knots of cluster ${index} do not increase`, {
          code: "bad-knots",
          argument: "knots",
          expected: `a finite knot above ${previous}`,
          got: `${knot}`,
        });
      previous = knot;
    }
  });
  if (knots.length === 0 || knots.some((cluster) => cluster.length < 2))
    throw new MclnnError("a spline law needs knots", {
      code: "bad-knots",
      argument: "knots",
      expected: "at least one cluster of at least 2 knots",
      got: `${knots.length} clusters of ${knots.map((k) => k.length).join(", ")}`,
    });
}
