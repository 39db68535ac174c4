import { EnergyNetwork } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import { DirectRolloutLoss } from "../network/direct-rollout-loss.ts";
import { networkCurve } from "../network/network-curve.ts";
import { withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms, withTermsHeld } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { NetworkStarts } from "./network-starts.ts";
import type { Task } from "./task.ts";
import {
  DEEP_FIT,
  findingsOf,
  fitSplineUnder,
  fromFoundLaw,
  honestPosterior,
} from "./train-spline.ts";
import { type Validation, validationOf } from "./validation.ts";

/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;

/** Trains MCLNN function first, network second (docs/adr/0002). */
export async function trainMclnn(task: Task, understanding: Understanding): Promise<Learned> {
  const { until } = task;
  const { hidden } = task.options;
  const { law: found, exactFit } = understanding;
  const validation = validationOf(task, understanding);
  const first = { options: fromFoundLaw(task, understanding, found === null ? {} : DEEP_FIT) };
  const { terms } = understanding.hypothesis;
  let whole = exactFit ?? (await fitSplineUnder(task, understanding, first));
  let fit = withTermsHeld(whole, terms);
  const starts = new NetworkStarts(task, fit);
  const quickTarget = Math.max(until, QUICK_LOSS);
  await starts.fit(fit, "quick", quickTarget);
  if (until < quickTarget && starts.interrupted === undefined) {
    // After a search the first fit went as deep as it goes.
    if (found === null) {
      whole = await fitSplineUnder(task, understanding, { options: DEEP_FIT });
      fit = withTermsHeld(whole, terms);
    }
    await starts.fit(fit, "deep", until);
  }
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
  const findings = await findingsOf(task, understanding, whole);
  const { basis, separations, coefficients } = fit;
  const law = { basis, separations, coefficients, weights: best.weights };
  const posterior = honestPosterior(whole, findings);
  const judged = validation && {
    ...validation,
    data: withTerms(validation.data, terms, whole.values),
  };
  return {
    law: { ...law, posterior },
    terms: foundTerms(whole, terms, posterior),
    findings,
    noise: null,
    ending: {
      optimizer: "function-first",
      trainLoss: best.loss,
      validationLoss: networkLossOn(judged, law, hidden),
      iterations,
      reachedTarget: best.loss <= until,
      stopped: best.loss <= until ? "target" : (interrupted ?? "converged"),
    },
  };
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
