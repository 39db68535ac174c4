import {
  type Cells,
  curveAt,
  curveDerivativeAt,
  edgesOf,
  hermiteCurve,
  integralAt,
  integrateCurve,
} from "@mclnn/models/parts";
import { type Coupling, MclnnError, type PairPotential } from "@mclnn/physics";
import type { PairValues } from "./trainable-pair.ts";

/** A pair potential from V' and V'' at the edges of cells: cubics between, V their integral, equal to the given energy at the last edge. */
export function slopeTable(
  { name, coupling }: { readonly name: string; readonly coupling: Coupling },
  cells: Cells,
  { energies, slopes, curvatures }: PairValues,
): PairPotential {
  const edges = edgesOf(cells, 0);
  const bad = slopes.findIndex((x, k) => !Number.isFinite(x + (curvatures[k] as number)));
  if (bad >= 0)
    throw new MclnnError("the law is not finite where it is to be tabulated", {
      code: "not-finite",
      argument: "from, to",
      expected: "finite slopes and curvatures",
      got: `${slopes[bad]} and ${curvatures[bad]} at r = ${edges[bad]}`,
    });
  const curve = new Float64Array(4 * cells.count);
  hermiteCurve(cells, 0, slopes, curvatures, curve);
  const quartics = integrateCurve(cells, curve);
  const inner = edges.length - 2;
  const zero = (energies[inner] as number) - integralAt(cells, quartics, 0, edges[inner] as number);
  return {
    name,
    coupling,
    energy: (r) => integralAt(cells, quartics, 0, r) + zero,
    slope: (r) => curveAt(cells, curve, 0, r),
    curvature: (r) => curveDerivativeAt(cells, curve, 0, r),
  };
}
