import { coefficientsOf } from "../../fit/spline-fit.ts";
import { givenStarts, type Starts, someStarts } from "../../rollout/starts.ts";
import { buildBasis, type KnotShape } from "../../splines/knots.ts";
import { withTerms } from "../../terms/law-terms.ts";
import type { Explanation, Search } from "../explanation.ts";
import { CELLS, type Hypothesis, type KnownLaw } from "../hypothesis.ts";
import { type Inquiry, RESOLVED } from "../inquiry.ts";

/** A law from before holds where it leaves, fitted anew, at most this many times what it left then. */
const WORSE = 2;
/** Passes that a law needs which is right, and then one that is not quite. */
const PASSES = [1, 4];

/** The law of a training before, fitted to these records; null where it does not hold any more. */
export function* fromKnownLaw(inquiry: Inquiry, known: KnownLaw): Search<Explanation | null> {
  let now = explanationOf(inquiry, known);
  const { hypothesis } = now;
  for (const most of PASSES) {
    const passes = Math.min(most, inquiry.limits.passes);
    now = yield { hypothesis, from: now, passes, onlyFrom: true };
    if (now.fit.loss < Math.max(WORSE * known.loss, RESOLVED)) return now;
  }
  return null;
}

/** Where the sample's trajectories started, of the first ones or of all; null where that is not known. */
function startsOf({ sample }: Inquiry, { startStates }: KnownLaw): Starts | null {
  if (startStates === null || sample.segments !== sample.all) return null;
  const count = startStates.positions.length / sample.all.components;
  // Those chosen increase: known ones come first.
  return someStarts(
    sample.all,
    startStates,
    sample.chosen.filter((t) => t < count),
  );
}

function explanationOf(inquiry: Inquiry, known: KnownLaw): Explanation {
  const { sample, first } = inquiry;
  const { separations } = sample;
  const { slope, values, cells, kinks, dynamics, steps, starts, loss, prior } = known;
  const plain = buildBasis(separations, { cells: CELLS });
  const follows =
    cells > CELLS ? { basis: plain, coefficients: coefficientsOf(plain, slope) } : null;
  const shape: KnotShape | undefined =
    follows === null && kinks.length === 0 ? undefined : { follows, kinks };
  const hypothesis: Hypothesis = { ...first, dynamics, steps, starts, cells, shape };
  const basis = buildBasis(separations, { cells, ...(shape !== undefined && { shape }) });
  const own = startsOf(inquiry, known);
  // Start states are looked up for the records that they are of.
  const data = own === null ? { ...sample.data } : sample.data;
  return {
    hypothesis,
    fit: {
      data,
      values,
      world: withTerms(data, first.terms, values),
      basis,
      coefficients: coefficientsOf(basis, slope),
      starts: own ?? givenStarts(data),
      prior,
      loss,
      variance: loss,
      degreesOfFreedom: 1,
    },
  };
}
