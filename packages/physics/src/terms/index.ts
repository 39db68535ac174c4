export { createTerm, createTerms, formsOf, termByName, terms } from "./catalogue.ts";
export { Linear } from "./linear.ts";
export {
  knownCoefficients,
  type ReportedConstant,
  reportConstants,
} from "./report-constants.ts";
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
} from "./term.ts";
export { type TermAt, termForce } from "./term-force.ts";
