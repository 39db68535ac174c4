import { MclnnError } from "@mclnn/physics";
import { DirectRolloutLoss } from "../losses/direct-rollout-loss.ts";
import type { MclnnModel, SplineModel } from "../model.ts";
import { EnergyNetwork } from "../network.ts";
import { networkCurve } from "../network-curve.ts";
import { rolloutLoss } from "../rollout/pair-rollout.ts";
import { drive, type Interruption } from "./drive.ts";
import { fitNetwork, type NetworkFitOptions } from "./function-first/network-fit.ts";
import type { SplineFit } from "./function-first/spline-fit.ts";
import type { Ending, TrainingProblem } from "./problem.ts";
import { type LearnedLaws, trainResult } from "./results.ts";
import type { TrainResult } from "./train-options.ts";
import { DEEP_FIT, findingsOf, fitSplineUnder, hinted, honestPosterior } from "./train-spline.ts";

/** Reaches the paper's loss in tens of milliseconds: 36 cells, a stiff ridge. */
const QUICK = { rounds: 8, maxIterations: 400, ridge: 1e-3 };
/** Goes on to as low as the network's size allows. */
const DEEP = { rounds: 6, maxIterations: 1500, ridge: 1e-12 };
/** Losses below this need the deep fit of V'. */
const QUICK_LOSS = 1e-9;
/** A start that does not reach the target is followed by this many others; the best is kept. */
const RESTARTS = 4;
/** What the seeds of restarts differ by. */
const SEED_STRIDE = 1_000_003;

interface Best {
  weights: Float64Array;
  loss: number;
}

/** Trains MCLNN function first, network second (docs/adr/0002). */
export async function trainMclnn(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { settings, log } = problem;
  const { until, seed, epochs } = settings;
  const best: Best = { weights: new Float64Array(0), loss: Number.POSITIVE_INFINITY };
  let iterations = 0;
  let interrupted: Interruption | "epochs" | undefined;
  const run = async (fit: SplineFit, options: NetworkFitOptions): Promise<void> => {
    const before = iterations;
    const outcome = await drive(fitNetwork(fit, options), {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
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
  const left = (limit: number): number =>
    epochs === undefined ? limit : Math.min(limit, Math.max(1, epochs - iterations));

  let fit = await fitSplineUnder(problem, hinted(problem, problem.hint === null ? {} : DEEP_FIT));
  const { hidden } = settings;
  const quickTarget = Math.max(until, QUICK_LOSS);
  for (let start = 0; start <= RESTARTS && interrupted === undefined; start++) {
    await run(fit, {
      ...QUICK,
      hidden,
      seed: seed + start * SEED_STRIDE,
      until: quickTarget,
      maxIterations: left(QUICK.maxIterations),
    });
    if (best.loss <= quickTarget) break;
  }
  if (until < quickTarget && interrupted === undefined) {
    // After a search the first fit went as deep as it goes.
    if (problem.hint === null) fit = await fitSplineUnder(problem, DEEP_FIT);
    for (let start = 0; start <= RESTARTS && interrupted === undefined; start++) {
      // First the weights that passed the quick target go on; then fresh starts.
      await run(fit, {
        ...DEEP,
        hidden,
        seed: seed + start * SEED_STRIDE,
        until,
        maxIterations: left(DEEP.maxIterations),
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
