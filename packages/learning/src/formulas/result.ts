import type { TrajectorySet } from "@mclnn/datasets";
import type { StopSignal } from "../runs/train-options.ts";
import type { Block } from "./block.ts";
import type { WrittenFormula } from "./describe.ts";

export interface FormulaOptions {
  /** Formulas of more constants are not named. Default 6. */
  readonly maxConstants?: number;
  /** The records that the law was learned from: constants are fitted to them, not only to the law. */
  readonly data?: TrajectorySet;
  /** Blocks of one's own beside those of the catalogue. */
  readonly blocks?: readonly Block[];
  readonly signal?: StopSignal;
  /** Share of the search that is done. */
  readonly onProgress?: (share: number) => void;
}

/** A formula that explains a law, and how well. */
export interface LawFormula extends WrittenFormula {
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
  /** Probability of a larger chi-squared, were the formula true. */
  readonly p: number;
  /** Log odds that it is behind the first, in nats. */
  readonly behind: number;
}

/** A separation, and a distance of slopes there in standard deviations of the law. */
export interface Distance {
  readonly at: number;
  readonly deviations: number;
}

export interface FormulaResult {
  /**
   * `identified`: one formula explains the law; `several` do, and the data do not tell them apart; `none` of so few constants does;
   * `not-judged`: the fit of the law left what is not noise, and nothing can be said.
   */
  readonly verdict: "identified" | "several" | "none" | "not-judged";
  /** Best first; empty where none explains the law. */
  readonly formulas: readonly LawFormula[];
  /** Formulas of one constant more that fit as well and hold none of these. */
  readonly alsoFit: number;
  /** The nearest, where none explains the law or none can be judged; and where it misses the law most, in error bars. */
  readonly nearest: (LawFormula & { readonly missed: Distance | null }) | null;
  /** What would tell the first two apart, where several explain the law. */
  readonly apart: (Distance & { readonly records: number }) | null;
  /** Separations over which it was judged. */
  readonly from: number;
  readonly to: number;
}
