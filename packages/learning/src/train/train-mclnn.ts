import type { MclnnModel, SplineModel } from "@mclnn/models";
import { EnergyNetwork } from "@mclnn/models";
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
import { drive, type Interruption } from "../runs/drive.ts";
import type { TrainResult } from "../runs/train-options.ts";
import type { Ending, TrainingProblem } from "./problem.ts";
import { type LearnedLaws, trainResult } from "./results.ts";
import { DEEP_FIT, findingsOf, fitSplineUnder, hinted, honestPosterior } from "./train-spline.ts";

/** Reaches the paper's loss in tens of milliseconds: 36 cells, a stiff ridge. */
const QUICK = { rounds: 8, maxIterations: 400, ridge: 1e-3 };
/** Goes on to as low as the network's size allows. */
const DEEP = { rounds: 6, maxIterations: 1500, ridge: 1e-12 };
/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;
/** A start that does not reach the target is followed by this many others; the best is kept. */
const RESTARTS = 4;
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
export async function trainMclnn(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { settings, log, keeper } = problem;
  const { until, seed, epochs } = settings;
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
    const outcome = await drive(fitNetwork(fit, options, network), {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
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

  let fit =
    problem.exactFit ??
    (await fitSplineUnder(problem, hinted(problem, problem.hint === null ? {} : DEEP_FIT)));
  const { hidden } = settings;
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
    !isQuickDone && start <= RESTARTS && interrupted === undefined;
    start++
  ) {
    await run(fit, "quick", start, {
      ...QUICK,
      hidden,
      seed: seed + start * SEED_STRIDE,
      until: quickTarget,
      maxIterations: most(QUICK.maxIterations),
    });
    if (best.loss <= quickTarget) break;
  }
  if (until < quickTarget && interrupted === undefined) {
    // After a search the first fit went as deep as it goes.
    if (problem.hint === null) fit = await fitSplineUnder(problem, DEEP_FIT);
    for (
      let start = left?.start ?? 0;
      start <= RESTARTS && interrupted === undefined && iterations < ENOUGH;
      start++
    ) {
      // First the weights that passed the quick target go on; then fresh starts.
      await run(fit, "deep", start, {
        ...DEEP,
        hidden,
        seed: seed + start * SEED_STRIDE,
        until,
        maxIterations: most(DEEP.maxIterations),
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
  const findings = await findingsOf(problem, fit);
  const stopped =
    best.loss <= until ? "target" : interrupted === undefined ? "converged" : interrupted;
  return networkResult(
    problem,
    fit,
    best.weights,
    {
      optimizer: "function-first",
      trainLoss: best.loss,
      iterations,
      stopped,
    },
    { findings, posterior: honestPosterior(fit, findings) },
  );
}

/** Makes trained weights into the result, judged on the validation trajectories. */
export function networkResult(
  problem: TrainingProblem,
  { separations, basis, coefficients }: Pick<SplineFit, "separations" | "basis" | "coefficients">,
  weights: Float64Array,
  ending: Omit<Ending, "validationLoss">,
  {
    findings = [],
    posterior = null,
  }: Pick<LearnedLaws, "findings"> & Partial<Pick<LearnedLaws, "posterior">> = {},
): TrainResult<MclnnModel | SplineModel> {
  const { settings, validation } = problem;
  const { hidden } = settings;
  let validationLoss: number | null = null;
  if (validation !== null)
    validationLoss =
      basis.cells.blocks === 1
        ? new DirectRolloutLoss(validation.data, validation.schedule, hidden).evaluate(weights)
        : rolloutLoss(
            validation.data,
            validation.schedule,
            basis.cells,
            networkCurve(new EnergyNetwork(hidden), weights, basis.cells),
          );
  return trainResult(problem, {
    basis,
    separations,
    coefficients,
    weights,
    posterior,
    findings,
    ending: { ...ending, validationLoss },
  });
}
