import type { TermSpec } from "@mclnn/physics/terms";
import { EXPLAINED } from "../findings/findings.ts";
import { MISFIT } from "../findings/score-test.ts";
import { localVariance } from "../records/scatter.ts";
import type { AskedFit } from "../selection/ask.ts";
import { type Chosen, chooseTerms } from "../selection/choose.ts";
import { smallTerms, type TermOnOffer } from "../selection/offers.ts";
import { unheldQuestions } from "../terms/catalogue.ts";
import type { Understanding } from "../understand/understanding.ts";
import type { Task } from "./task.ts";

/** Times that the terms of a law are chosen anew, each time from a fit with those before. */
const ROUNDS = 6;

/** A fit with the terms that evidence asks for. */
export interface Settled<F> {
  readonly understanding: Understanding;
  readonly fit: F;
  /** What evidence says about the fit; null where nobody asked. */
  readonly chosen: Chosen | null;
}

/**
 * Chooses the terms of a law and fits it, in turn, until the terms stay.
 *
 * @param fitted - the fit of an understanding @param asked - the same to be asked for terms
 */
export async function settleTerms<F>(
  { onOffer, set, meter }: Task,
  begun: Understanding,
  {
    fitted,
    asked,
  }: {
    readonly fitted: (understanding: Understanding) => Promise<F>;
    readonly asked: (
      fit: F,
      understanding: Understanding,
    ) => AskedFit & { readonly variance: number };
  },
): Promise<Settled<F>> {
  let understanding = begun;
  let fit = await fitted(understanding);
  // What a law leaves that was not settled is no evidence of terms.
  if (onOffer === null || begun.unfinished === true) return { understanding, fit, chosen: null };
  for (let round = 0; ; round++) {
    const own = asked(fit, understanding);
    const rivals = unheldQuestions({ data: own.data, species: set.species });
    const isMore = own.variance > MISFIT * localVariance(own.data);
    const isExplained = own.variance <= EXPLAINED;
    // So little is the fit's own resolution, which terms of many coefficients would follow as they follow noise.
    const exact = own.starts.velocityWeight === null || isExplained;
    const all = withThose(onOffer(), own.terms);
    const offers = isMore && !isExplained ? all : smallOrThere(all, own);
    const chosen = chooseTerms(own, { onOffer: offers, rivals, exact });
    const same =
      chosen.terms.length === own.terms.length &&
      chosen.terms.every((spec) => own.terms.includes(spec));
    if (same || round === ROUNDS || meter.share >= 1) return { understanding, fit, chosen };
    understanding = withTermsOf(understanding, own, chosen);
    fit = await fitted(understanding);
  }
}

/** A term of a fit stands for the one on offer that it came from, which may have been about another place. */
const withThose = (onOffer: readonly TermOnOffer[], specs: readonly TermSpec[]): TermOnOffer[] =>
  onOffer.map((each) => {
    const own = specs.find((spec) =>
      (["name", "per", "along"] as const).every((key) => spec[key] === each.spec[key]),
    );
    return own === undefined ? each : { ...each, spec: own };
  });

const smallOrThere = (
  onOffer: readonly TermOnOffer[],
  { data, terms }: AskedFit,
): TermOnOffer[] => {
  const small = smallTerms(onOffer, data);
  return onOffer.filter((each) => small.includes(each) || terms.includes(each.spec));
};

/** The understanding of a law with other terms, as near as the evidence says. */
function withTermsOf(
  { law, hypothesis, ...others }: Understanding,
  { basis }: AskedFit,
  { terms, values, coefficients }: Chosen,
): Understanding {
  return {
    ...others,
    hypothesis: { ...hypothesis, terms },
    exactFit: null,
    law: law && { ...law, fit: { ...law.fit, basis, coefficients, values } },
  };
}
