import { EnergyNetwork } from "@mclnn/models";
import type { SplineBasis } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { rolloutLoss } from "../engine/pair-rollout.ts";
import type { SplineFit } from "../fit/spline-fit.ts";
import { DirectRolloutLoss } from "../network/direct-rollout-loss.ts";
import { networkCurve } from "../network/network-curve.ts";
import {
  beginNetworkFit,
  fitNetwork,
  iterationsOf,
  type NetworkFitOptions,
  type NetworkFitState,
} from "../network/network-fit.ts";
import type { Interruption } from "../runs/drive.ts";
import { withTerms } from "../terms/law-terms.ts";
import type { Understanding } from "../understand/understanding.ts";
import { foundTerms, withTermsHeld } from "./found-terms.ts";
import type { Learned } from "./learned.ts";
import { driven, type Task } from "./task.ts";
import {
  DEEP_FIT,
  findingsOf,
  fitSplineUnder,
  fromFoundLaw,
  honestPosterior,
} from "./train-spline.ts";
import { type Validation, validationOf } from "./validation.ts";

/** Reaches the paper's loss in tens of milliseconds: 36 cells, a stiff ridge. */
const QUICK = { rounds: 8, maxIterations: 400, ridge: 1e-3 };
/** Goes on to as low as the network's size allows. */
const DEEP = { rounds: 6, maxIterations: 1500, ridge: 1e-12 };
/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;
/** No other start after so many iterations: what they have not reached, more of the same will not. */
const ENOUGH = 20_000;
/** What the seeds of restarts differ by. */
const SEED_STRIDE = 1_000_003;

interface Best {
  weights: Float64Array;
  loss: number;
}

/** Everything that the next step depends on, beside the spline fits, which are made again. */
interface MclnnState {
  readonly part: "quick" | "deep";
  readonly start: number;
  /** Iterations of the starts before. */
  readonly before: number;
  readonly best: Best;
  readonly network: NetworkFitState;
}

/** Trains MCLNN function first, network second (docs/adr/0002). */
export async function trainMclnn(task: Task, understanding: Understanding): Promise<Learned> {
  const { until, limits, log, keeper } = task;
  const { seed, epochs, hidden } = task.options;
  const { law: found, exactFit } = understanding;
  const validation = validationOf(task, understanding);
  let best: Best = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  let iterations = 0;
  let interrupted: Interruption | "epochs" | undefined;
  /** Where an earlier run was left, until this one is there. */
  let left: MclnnState | null = null;
  const run = async (
    fit: SplineFit,
    part: MclnnState["part"],
    start: number,
    options: NetworkFitOptions,
  ): Promise<void> => {
    const state = left ?? {
      part,
      start,
      before: iterations,
      best,
      network: beginNetworkFit(fit, options),
    };
    left = null;
    const { before, network } = state;
    keeper.follow("network", {
      iteration: () => before + iterationsOf(network),
      values: () => state,
    });
    const outcome = await driven(task, fitNetwork(fit, options, network), {
      keeper,
      onStep: (step) => {
        iterations = before + step.iterations;
        log.progress(step.phase, iterations, step.loss);
        if (step.phase === "rollout") {
          log.measured(iterations, step.loss);
          if (step.loss < best.loss) {
            best.loss = step.loss;
            best.weights = step.weights.slice();
          }
        }
      },
    });
    if ("interrupted" in outcome) interrupted = outcome.interrupted;
    else if (epochs !== undefined && iterations >= epochs && best.loss > until)
      interrupted = "epochs";
  };
  const most = (limit: number): number =>
    epochs === undefined ? limit : Math.min(limit, Math.max(1, epochs - iterations));

  const first = { options: fromFoundLaw(task, understanding, found === null ? {} : DEEP_FIT) };
  const { terms } = understanding.hypothesis;
  let whole = exactFit ?? (await fitSplineUnder(task, understanding, first));
  let fit = withTermsHeld(whole, terms);
  left = keeper.resumed("network", {
    part: "",
    start: 0,
    before: 0,
    // No weights at all before there are any that roll out.
    best: { weights: null, loss: 0 },
    network: beginNetworkFit(fit, { ...QUICK, hidden, seed, until }),
  }) as MclnnState | null;
  if (left !== null) {
    best = left.best;
    iterations = left.before;
  }
  const quickTarget = Math.max(until, QUICK_LOSS);
  const isQuickDone = left?.part === "deep";
  for (
    let start = left?.start ?? 0;
    !isQuickDone && start < limits.exact.networks && interrupted === undefined;
    start++
  ) {
    await run(fit, "quick", start, {
      ...QUICK,
      hidden,
      seed: seed + start * SEED_STRIDE,
      until: quickTarget,
      maxIterations: most(Math.min(QUICK.maxIterations, limits.iterations)),
    });
    if (best.loss <= quickTarget) break;
  }
  if (until < quickTarget && interrupted === undefined) {
    // After a search the first fit went as deep as it goes.
    if (found === null) {
      whole = await fitSplineUnder(task, understanding, { options: DEEP_FIT });
      fit = withTermsHeld(whole, terms);
    }
    for (
      let start = left?.start ?? 0;
      start < limits.exact.networks && interrupted === undefined && iterations < ENOUGH;
      start++
    ) {
      // First the weights that passed the quick target go on; then fresh starts.
      await run(fit, "deep", start, {
        ...DEEP,
        hidden,
        seed: seed + start * SEED_STRIDE,
        until,
        maxIterations: most(Math.min(DEEP.maxIterations, limits.iterations)),
        ...(start === 0 && Number.isFinite(best.loss) ? { weights: best.weights } : {}),
      });
      if (best.loss <= until) break;
    }
  }
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
