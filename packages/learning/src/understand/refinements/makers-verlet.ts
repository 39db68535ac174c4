import { velocityVerlet } from "@mclnn/integrators";
import { named } from "../../records/dynamics.ts";
import type { Explanation, Proposal, Refinement, Search } from "../explanation.ts";
import type { Hypothesis } from "../hypothesis.ts";
import { EXACT, type Inquiry, SENSIBLE } from "../inquiry.ts";
import { meanSquareDifference, residualsUnder } from "../step-error.ts";

/** A loss like this is roundoff and the spline's own resolution: there is nothing to look for behind it. */
const CLEAN = 1e-13;
/** Exact starts: velocity Verlet is the maker's where it lowers the loss by this factor. */
const FALL = 4;
/** The same where something is left still: by less it must be sharp, and explain every part. */
const COLLAPSE = 100;
/** Free starts: where it lowers chi-squared by this much. */
const GAIN = 25;
/** A number of steps is sharp where those beside it lose this share of what they should. */
const SHARP = 0.25;
/** Steps a record that are tried first, from fine (what simulation programs are run with) to coarse. */
const STEPS = [40, 20, 10, 5, 2, 1];
const FINEST = 40;
/** So few steps are far from the flow, and cheap to differentiate as they are. */
const COARSE = 5;
/** Numbers of steps between those are tried as long as each lowers the loss to this share. */
const NEARER = 0.9;
/** Steps that change the records by a smaller share of the loss cannot explain it. */
const SEEN = 0.01;
/** A loss that is higher by this factor is not on the way down. */
const WORSE = 1.5;
/** Passes of a fit, all from one law that is close. */
const PASSES = 4;

/**
 * The maker may have used velocity Verlet with few steps: then its error is part of the records. Other forces, and encounters that records miss, leave
 * something that steps like these fit as well; so they are the maker's only where nothing is left, and where they explain every part of the records.
 */
export const makersVerlet = ({ sample }: Inquiry): Refinement => ({
  name: "velocity Verlet found",
  *propose(now) {
    const { hypothesis, fit } = now;
    if (hypothesis.steps !== "resolved" || !(fit.loss > CLEAN)) return null;
    const found = yield* bestSteps(now);
    if (found === null) return null;
    const { loss } = found.fit;
    const gain = fit.degreesOfFreedom * (fit.loss / loss - 1);
    const exact = hypothesis.starts === "exact";
    if (exact && fit.loss > (loss <= EXACT ? FALL : COLLAPSE) * loss) return found;
    const enough = exact ? fit.loss > FALL * loss : gain > GAIN && loss < SENSIBLE * sample.scatter;
    const isMakers = enough && (yield* isSharp(now, found, gain));
    return isMakers && explainsEveryPart(now, found) ? found : null;
  },
});

/** Whether numbers of steps beside the best explain the records less well. */
function* isSharp(now: Explanation, best: Explanation, gain: number): Search<boolean> {
  const { substeps } = best.hypothesis.dynamics;
  for (const other of [substeps - 1, substeps + 1]) {
    if (other < 1) continue;
    const { fit }: Explanation = yield fittedWith(now.hypothesis, other, best);
    const lost = best.fit.degreesOfFreedom * (fit.loss / best.fit.loss - 1);
    // The method's error goes by the square of its step, the gain by that squared.
    const ratio = substeps / other;
    const apart = ratio * ratio - 1;
    const expected = gain * apart * apart;
    if (!(lost > SHARP * Math.min(expected, gain))) return false;
  }
  return true;
}

/** Whether both halves of the trajectories, and of the records of each, are explained better: those of little gain together, too. */
function explainsEveryPart(now: Explanation, found: Explanation): boolean {
  const { trajectories, records, components } = now.fit.data;
  const [before, after] = [now, found].map(({ hypothesis, fit }) =>
    residualsUnder(hypothesis.dynamics, fit),
  );
  const size = (records + 1) * components;
  const half = Math.ceil(records / 2) * components;
  const gains = Array.from({ length: 2 * trajectories }, (_, part) => {
    const from = Math.floor(part / 2) * size + (part % 2) * half;
    const to = part % 2 === 0 ? from + half : Math.floor(part / 2) * size + records * components;
    let gain = 0;
    for (let k = from; k < to; k++) gain += before[k] * before[k] - after[k] * after[k];
    return gain;
  }).sort((a, b) => a - b);
  return gains.slice(0, trajectories).reduce((sum, gain) => sum + gain, 0) > 0;
}

/** Velocity Verlet with the steps a record that explain the records best; null when it makes no difference. */
function* bestSteps(now: Explanation): Search<Explanation | null> {
  const { hypothesis, fit } = now;
  const reference = residualsUnder(hypothesis.dynamics, fit);
  const fitted = (substeps: number, from: Explanation) => fittedWith(hypothesis, substeps, from);
  let best: Explanation | null = null;
  for (const substeps of STEPS) {
    const residuals = residualsUnder(verletOf(hypothesis, substeps).dynamics, fit);
    if (meanSquareDifference(fit.data, reference, residuals) < SEEN * fit.loss) continue;
    const trial: Explanation = yield fitted(substeps, now);
    // As steps come nearer to the maker's the loss falls, and rises beyond.
    if (trial.fit.loss > WORSE * (best?.fit.loss ?? fit.loss)) break;
    if (best === null || trial.fit.loss < best.fit.loss) best = trial;
  }
  // The maker's number may lie between those tried.
  for (const by of [-1, 1])
    while (best !== null && best.fit.loss > CLEAN) {
      const substeps: number = best.hypothesis.dynamics.substeps + by;
      if (STEPS.includes(substeps) || substeps < 1) break;
      const trial: Explanation = yield fitted(substeps, best);
      if (!(trial.fit.loss < NEARER * best.fit.loss)) break;
      best = trial;
    }
  if (best === null || best.hypothesis.dynamics.substeps < FINEST) return best;
  // What finer steps do as well is not the maker's error.
  const { dynamics } = best.hypothesis;
  const finer = { ...dynamics, substeps: 2 * dynamics.substeps };
  const trial: Explanation = yield {
    ...fitted(dynamics.substeps, best),
    hypothesis: { ...best.hypothesis, dynamics: finer },
  };
  return trial.fit.loss > FALL * best.fit.loss ? best : null;
}

const fittedWith = (hypothesis: Hypothesis, substeps: number, from: Explanation): Proposal => ({
  hypothesis: verletOf(hypothesis, substeps),
  from,
  passes: PASSES,
  onlyFrom: true,
});

function verletOf(hypothesis: Hypothesis, substeps: number): Hypothesis {
  const { tangentSubsteps } = hypothesis.dynamics;
  return {
    ...hypothesis,
    steps: "makers",
    dynamics: {
      ...named(velocityVerlet),
      substeps,
      dt: null,
      tangentSubsteps: substeps <= COARSE ? null : (tangentSubsteps ?? 1),
      source: "measured",
    },
  };
}
