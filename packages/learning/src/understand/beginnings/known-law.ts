import { coefficientsOf } from "../../fit/spline-fit.ts";
import { givenStarts } from "../../rollout/starts.ts";
import { buildBasis, type KnotShape } from "../../splines/knots.ts";
import { withTerms } from "../../terms/law-terms.ts";
import type { Explanation, Search } from "../explanation.ts";
import { CELLS, type Hypothesis, type KnownLaw } from "../hypothesis.ts";
import { type Inquiry, RESOLVED } from "../inquiry.ts";

/** A law from before holds where it leaves, fitted anew, at most this many times what it left then. */
const WORSE = 2;
/** Passes that a law needs which is right. */
const PASSES = 4;

/** The law of a training before, fitted to these records; null where it does not hold any more. */
export function* fromKnownLaw(inquiry: Inquiry, known: KnownLaw): Search<Explanation | null> {
  const before = explanationOf(inquiry, known);
  const { passes } = inquiry.limits;
  const now = yield {
    hypothesis: before.hypothesis,
    from: before,
    passes: Math.min(PASSES, passes),
    onlyFrom: true,
  };
  return now.fit.loss < Math.max(WORSE * known.loss, RESOLVED) ? now : null;
}

function explanationOf({ sample, first }: Inquiry, known: KnownLaw): Explanation {
  const { separations } = sample;
  const { slope, values, cells, kinks, dynamics, steps, starts, loss } = known;
  const plain = buildBasis(separations, { cells: CELLS });
  const follows =
    cells > CELLS ? { basis: plain, coefficients: coefficientsOf(plain, slope) } : null;
  const shape: KnotShape | undefined =
    follows === null && kinks.length === 0 ? undefined : { follows, kinks };
  const hypothesis: Hypothesis = { ...first, dynamics, steps, starts, cells, shape };
  const basis = buildBasis(separations, { cells, ...(shape !== undefined && { shape }) });
  // It was fitted to other records: its start states are not those of these.
  const data = { ...sample.data };
  return {
    hypothesis,
    fit: {
      data,
      values,
      world: withTerms(data, first.terms, values),
      basis,
      coefficients: coefficientsOf(basis, slope),
      starts: givenStarts(data),
      loss,
      variance: loss,
      degreesOfFreedom: 1,
    },
  };
}
