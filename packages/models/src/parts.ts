export { encodeSealed, isWhole } from "./files/sealed.ts";
export { withBonds } from "./laws/bonds.ts";
export { standardDeviation } from "./laws/standard-deviation.ts";
export { constantsOf, withTerms } from "./laws/terms.ts";
export type { LawLikelihood, LawUncertainty } from "./laws/uncertainty.ts";
export { checkHidden } from "./networks/layout.ts";
export {
  basisFromKnots,
  basisValues,
  type Cluster,
  clampKnots,
  type KnotPlan,
  planOf,
  type SplineBasis,
  splineCurve,
} from "./splines/b-spline.ts";
export {
  CELLS,
  type Cells,
  cellOf,
  createCells,
  curveAt,
  curveDerivativeAt,
  edgesOf,
  hermiteCurve,
  hermiteCurveTranspose,
  integralAt,
  integrateCurve,
} from "./splines/cells.ts";
