export { invertMasses, respond } from "../inertia.ts";
export {
  createTerm,
  createTerms,
  curveOf,
  formsOf,
  specsOf,
  termByName,
  termForce,
  terms,
} from "./catalogue.ts";
export { Linear } from "./linear.ts";
export {
  knownCoefficients,
  type ReportedConstant,
  reportConstants,
} from "./report-constants.ts";
export { type ReportedCurve, reportCurve } from "./report-curve.ts";
export type {
  Candidate,
  FindingWords,
  Frame,
  FramePairs,
  Seen,
  Term,
  TermAt,
  TermConstant,
  TermCurve,
  TermFacts,
  TermFamily,
  TermFormula,
  TermKind,
  TermSpec,
} from "./term.ts";
export { termOf } from "./term-force.ts";
