import { basisValues, clampKnots, type SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { solveLinear } from "./linear-solve.ts";

/**
 * Coefficients of the spline that equals given slopes at as many separations (Greville's: the mean of three knots each, where such a spline
 * is always determined).
 *
 * @param slopesAt - V' at separations that float32 has exactly [B] to [B]
 * @throws MclnnError `not-finite`
 */
export function splineThrough(
  basis: SplineBasis,
  slopesAt: (separations: Float64Array) => Float64Array,
): Float64Array {
  const { size } = basis;
  const sites = Float64Array.from(basis.clusters.flatMap(({ knots }) => greville(knots)));
  const coefficients = slopesAt(sites);
  const bad = coefficients.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0)
    throw new MclnnError("the law is not finite where it was learned", {
      code: "not-finite",
      argument: "network",
      expected: "finite slopes",
      got: `${coefficients[bad]} at r = ${sites[bad]}`,
    });
  const rows = new Float64Array(size * size);
  sites.forEach((r, k) => {
    rows.set(basisValues(basis, 0, r), k * size);
  });
  solveLinear(rows, coefficients, size);
  return coefficients;
}

/** In float32, so that tfjs is asked at the very same places. */
function greville(knots: Float64Array): number[] {
  const clamped = clampKnots(knots);
  return Array.from({ length: knots.length + 2 }, (_, k) => {
    const [a, b, c] = clamped.subarray(k + 1, k + 4) as unknown as [number, number, number];
    return Math.fround((a + b + c) / 3);
  });
}
