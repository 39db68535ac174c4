import { velocityVerlet } from "@mclnn/integrators";
import { named } from "../../records/dynamics.ts";
import type { Explanation, Refinement, Search } from "../explanation.ts";
import type { Hypothesis } from "../hypothesis.ts";
import { meanSquareDifference, residualsUnder } from "../step-error.ts";

/** A loss like this is roundoff and the spline's own resolution: there is nothing to look for behind it. */
const CLEAN = 1e-13;
/** Exact starts: velocity Verlet is the maker's where it lowers the loss by this factor. */
const FALL = 4;
/** Free starts: where it lowers chi-squared by this much. */
const GAIN = 25;
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

/** The maker may have used velocity Verlet with few steps: then its error is part of the records. */
export const makersVerlet: Refinement = {
  name: "velocity Verlet found",
  *propose(now) {
    const { hypothesis, fit } = now;
    if (hypothesis.steps !== "resolved" || !(fit.loss > CLEAN)) return null;
    const found = yield* bestSteps(now);
    if (found === null) return null;
    const gain = fit.degreesOfFreedom * (fit.loss / found.fit.loss - 1);
    const isMakers = hypothesis.starts === "free" ? gain > GAIN : fit.loss > FALL * found.fit.loss;
    return isMakers ? found : null;
  },
};

/** Velocity Verlet with the steps a record that explain the records best; null when it makes no difference. */
function* bestSteps(now: Explanation): Search<Explanation | null> {
  const { hypothesis, fit } = now;
  const reference = residualsUnder(hypothesis.dynamics, fit);
  const fitted = (substeps: number, from: Explanation) => ({
    hypothesis: verletOf(hypothesis, substeps),
    from,
    passes: PASSES,
    onlyFrom: true,
  });
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
