import type { TrajectorySet } from "@mclnn/datasets";
import type { Coupling } from "@mclnn/physics";
import { specsOf, type Term, type TermSpec, terms } from "@mclnn/physics/terms";
import type { TrainingData } from "../records/training-data.ts";
import { curvePriors } from "../terms/curve-priors.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { seenIn } from "../terms/seen.ts";
import type { Offer } from "./select.ts";

/** A term that a law may have, and where it stands among its rivals. */
export interface TermOnOffer extends Pick<Offer, "family" | "rung"> {
  readonly spec: TermSpec;
}

/** Terms that records can be asked for: all that the kinds of the catalogue stand for in them, in the forms in which they can go with the masses. */
export function termsOnOffer(set: TrajectorySet, coupling?: Coupling): TermOnOffer[] {
  const seen = seenIn(set, coupling);
  return terms.flatMap((kind) => {
    const { family, rung } = kind;
    return specsOf(kind, seen, set).map((spec) => ({ spec, family, rung }));
  });
}

/** Coefficients of a term that may be asked for where nothing says that anything is missing. */
const SMALL = 16;

/** Those of few coefficients: more of them follow anything, and take their time. */
export const smallTerms = (onOffer: readonly TermOnOffer[], data: TrainingData): TermOnOffer[] => {
  const terms = lawTerms(
    onOffer.map(({ spec }) => spec),
    data,
  );
  return onOffer.filter((_, k) => terms[k].size <= SMALL);
};

/** A term where its columns are. */
export interface TermOffer extends Offer {
  readonly on: TermOnOffer;
  readonly term: Term;
}

/** @param first - column of its first coefficient */
export function termOffer(
  on: TermOnOffer,
  term: Term,
  { metric, gradient }: { readonly metric: Float64Array; readonly gradient: Float64Array },
  first: number,
): TermOffer {
  const { size } = term;
  const { family, rung } = on;
  const roughness = plainPrior(metric, gradient.length, first, size);
  for (const curve of curvePriors([term], 0))
    for (let i = 0; i < curve.size; i++)
      for (let k = 0; k < curve.size; k++)
        roughness[(curve.first + i) * size + curve.first + k] = curve.matrix[i * curve.size + k];
  return { on, term, first, size, roughness, family, rung };
}

/** Each coefficient by itself, as far from 0 as the records' own knowledge of it goes, times a number that is theirs in common: whatever their units. */
export function plainPrior(
  metric: Float64Array,
  columns: number,
  first: number,
  size: number,
): Float64Array {
  const roughness = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const curvature = metric[(first + k) * (columns + 1)];
    roughness[k * (size + 1)] = curvature > 0 ? curvature : 1;
  }
  return roughness;
}
