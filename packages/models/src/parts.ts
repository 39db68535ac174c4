export { encodeSealed, isWhole } from "./files/sealed.ts";
export { checkFinite } from "./laws/checks.ts";
export { standardDeviation } from "./laws/standard-deviation.ts";
export type { LawUncertainty } from "./laws/uncertainty.ts";
export { checkHidden } from "./networks/energy-network.ts";
export {
  basisFromKnots,
  basisValues,
  type Cluster,
  clampKnots,
  type KnotPlan,
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
export { createTerm, createTerms, formsOf, termByName, terms } from "./terms/catalogue.ts";
export { Linear } from "./terms/linear.ts";
export type {
  Candidate,
  FindingWords,
  Frame,
  FramePairs,
  Seen,
  Term,
  TermConstant,
  TermFacts,
  TermFormula,
  TermKind,
  TermSpec,
} from "./terms/term.ts";
export { type TermAt, termForce } from "./terms/term-force.ts";
