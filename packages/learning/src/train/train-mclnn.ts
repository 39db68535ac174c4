import { EnergyNetwork } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import { posteriorOf, type SplineFit } from "../fit/spline-fit.ts";
import { DirectRolloutLoss } from "../network/direct-rollout-loss.ts";
import { networkCurve } from "../network/network-curve.ts";
import { withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms, withTermsHeld } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { NetworkStarts } from "./network-starts.ts";
import { finished, type Task, told } from "./task.ts";
import {
  DEEP_FIT,
  findingsOf,
  fromFoundLaw,
  honestPosterior,
  type SettledExactly,
  settledTerms,
  splineSteps,
} from "./train-spline.ts";
import { type Validation, validationOf } from "./validation.ts";

/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;

/** Trains MCLNN function first, network second (docs/adr/0002). */
export async function trainMclnn(task: Task, begun: Understanding): Promise<Learned> {
  const { until } = task;
  const { hidden } = task.options;
  const settled = await settledTerms(task, begun);
  const { understanding, chosen } = settled;
  const validation = validationOf(task, understanding);
  const { terms } = understanding.hypothesis;
  const { whole, starts, target } = await fitNetworks(task, settled);
  const fit = withTermsHeld(whole, terms);
  const { best, iterations, interrupted } = starts;
  if (!Number.isFinite(best.loss)) {
    throw new MclnnError("training ended without a network whose rollout stays finite", {
      code: interrupted ?? "diverged",
      expected: "a finite rollout loss",
      got: interrupted === undefined ? `${best.loss} from every start` : interrupted,
      mend: "Try another seed, wider hidden layers or a smaller dt.",
      kind: "failure",
    });
  }
  const findings = await findingsOf(task, settled, whole);
  const { basis, separations, coefficients } = fit;
  const law = { basis, separations, coefficients, weights: best.weights };
  const posterior = honestPosterior(whole, findings, understanding);
  const judged = validation && {
    ...validation,
    data: withTerms(validation.data, terms, whole.values),
  };
  return {
    law: { ...law, posterior },
    terms: foundTerms(whole, terms, posterior),
    evidence: chosen,
    findings,
    noise: null,
    ending: {
      optimizer: "function-first",
      trainLoss: best.loss,
      validationLoss: networkLossOn(judged, law, hidden),
      iterations,
      reachedTarget: best.loss <= until,
      stopped: best.loss <= target ? "target" : (interrupted ?? "converged"),
    },
  };
}

interface FittedNetworks {
  /** V', that the networks follow. */
  readonly whole: SplineFit;
  readonly starts: NetworkStarts;
  /** Loss that the networks were to reach. */
  readonly target: number;
}

/** Fits networks to V', first to a quick fit of it, then to one as deep as the data go where that is asked for. */
async function fitNetworks(task: Task, settled: SettledExactly): Promise<FittedNetworks> {
  const { understanding } = settled;
  const { until, asGoodAsData } = task;
  const { law: found, exactFit } = understanding;
  const { terms } = understanding.hypothesis;
  const first = fromFoundLaw(task, understanding, found === null ? {} : DEEP_FIT);
  const whole =
    settled.fit ?? exactFit ?? (await finished(task, splineSteps(understanding, first)));
  const fit = withTermsHeld(whole, terms);
  const starts = new NetworkStarts(task, fit);
  const quick = Math.max(until, QUICK_LOSS);
  await starts.fit(fit, "quick", quick);
  const goesOn = (asGoodAsData || until < quick) && starts.interrupted === undefined;
  if (!goesOn) return { whole, starts, target: until };
  // After a search the first fit went as deep as it goes.
  const outcome =
    found === null ? await told(task, splineSteps(understanding, DEEP_FIT)) : { result: whole };
  if ("interrupted" in outcome) {
    starts.interrupted = outcome.interrupted;
    return { whole, starts, target: until };
  }
  const { result: deep } = outcome;
  const target = asGoodAsData ? deep.loss + ownError(deep) : until;
  await starts.fit(withTermsHeld(deep, terms), "deep", target);
  return { whole: deep, starts, target };
}

/** What the error bars of a law amount to as a loss: a network that is no further from the spline is as good. */
function ownError(fit: SplineFit): number {
  const posterior = posteriorOf(fit);
  return posterior === null ? 0 : (posterior.variance * fit.basis.size) / fit.equations.residuals;
}

/** Loss of networks on the validation trajectories; null where there are none. */
export function networkLossOn(
  validation: Validation | null,
  { basis, weights }: { readonly basis: SplineBasis; readonly weights: Float64Array },
  hidden: readonly number[],
): number | null {
  if (validation === null) return null;
  const { data, schedule } = validation;
  const { cells } = basis;
  if (cells.blocks === 1 && data.held === undefined)
    return new DirectRolloutLoss(data, schedule, hidden).evaluate(weights);
  return rolloutLoss(
    data,
    schedule,
    cells,
    networkCurve(new EnergyNetwork(hidden), weights, cells),
  );
}
