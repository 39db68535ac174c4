import { createRandom } from "@mclnn/datasets";
import type { EnergyNetwork } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { matrixVector } from "../algebra/linear-algebra.ts";
import type { MeasuredFit } from "../fit/measured-fit.ts";
import { fitStarts } from "../fit/start-states.ts";
import { beginDistil, type DistilOptions, type DistilState, distil } from "../network/distil.ts";
import { networkCurve } from "../network/network-curve.ts";
import { firstWeights } from "../network/network-fit.ts";
import { collocation, type ValueMetric, valueMetric } from "../prior/metric.ts";
import type { Interruption } from "../runs/drive.ts";
import { diagonalBlock, type LawBlock, lawBlocks } from "../splines/law-blocks.ts";
import { knownWeights } from "./known-law.ts";
import { PATIENCE } from "./network-starts.ts";
import { driven, type Task } from "./task.ts";

/**
 * Excess loss of a network over the spline, in units of what the noise makes of one fit's loss anyway (variance x coefficients / residuals):
 * what distillation aims at, and what is good enough for no other start to be tried.
 */
const EXCESS = { aim: 0.02, enough: 0.5 };
/** Where there is next to no noise, the excess aimed at as a share of the target loss, and the starts tried once that is reached. */
const CLEAN_EXCESS = 1e-4;
const CLEAN_STARTS = 2;
/** Keeps the network near the spline where no data are. */
const RIDGE = 1e-3;

interface Distilled {
  readonly weights: Float64Array;
  readonly loss: number;
  readonly iterations: number;
  readonly interrupted?: Interruption;
}

/** Everything that the next iteration of a distillation of all laws depends on. */
interface DistillationState {
  readonly weights: Float64Array;
  /** Which law is at it, and how far that is. */
  law: number;
  distil: DistilState;
  /** Of the laws before. */
  excess: number;
  iterations: number;
}

/** What the network of one law is distilled from. */
interface DistilledPart {
  readonly metric: ValueMetric;
  readonly target: Float64Array;
}

function partOf(
  { basis, equations, coefficients }: Pick<MeasuredFit, "basis" | "equations" | "coefficients">,
  { basis: own, first }: LawBlock,
): DistilledPart {
  const n = own.size;
  const points = collocation(own);
  const metric = diagonalBlock(equations.metric, basis.size, first, n);
  return {
    metric: valueMetric(points, metric, equations.residuals, RIDGE),
    target: matrixVector(points.toValues, coefficients.subarray(first, first + n), n),
  };
}

/** Rollout loss of networks; the metric lets start states follow the law, and so must the rollout that judges. */
function lossOf(fit: MeasuredFit, network: EnergyNetwork, weights: Float64Array): number {
  const { data, basis, pass, equations, values } = fit;
  const curve = networkCurve(network, weights, basis.cells);
  const starts = fitStarts(data, pass, curve, fit.starts, { near: equations, values });
  return pass.loss(curve, starts, values);
}

/** Distils one law after another. @param state - where to go on; changes in place */
function* distilAll(
  network: EnergyNetwork,
  state: DistillationState,
  parts: readonly DistilledPart[],
  {
    goal,
    fresh,
    ...limits
  }: Pick<DistilOptions, "goal" | "maxIterations" | "patience"> & { readonly fresh: boolean },
): Generator<{ excess: number; iterations: number }, number> {
  for (; state.law < parts.length; state.law++) {
    const { law, weights } = state;
    const { metric, target } = parts[law];
    const own = weights.subarray(law * network.size, (law + 1) * network.size);
    const options = {
      goal: goal / (parts.length * parts.length),
      ...limits,
      damping: fresh ? 1e-2 : 1e-5,
      solveOutputs: fresh,
    };
    const steps = distil(network, own, target, metric, options, state.distil);
    let step = steps.next();
    for (; step.done !== true; step = steps.next())
      yield {
        excess: state.excess + step.value.excess,
        iterations: state.iterations + step.value.iterations,
      };
    state.excess += step.value.excess;
    state.iterations += step.value.iterations;
    state.distil = beginDistil(network.size);
  }
  return state.iterations;
}

/**
 * Networks of a law whose records are at hand no more than as equations, which judge them: the best of several starts.
 *
 * @param told - loss, in training units, for one of the equations
 */
export async function distilEquations(
  task: Task,
  fit: Pick<MeasuredFit, "basis" | "equations" | "coefficients">,
  network: EnergyNetwork,
  told: number,
): Promise<{ weights: Float64Array; excess: number; iterations: number }> {
  const { limits, log } = task;
  const { hidden, seed, epochs } = task.options;
  const unit = fit.basis.size / fit.equations.residuals;
  const blocks = lawBlocks(fit.basis);
  const parts = blocks.map((block) => partOf(fit, block));
  let best: { weights: Float64Array; excess: number } = {
    weights: new Float64Array(0),
    excess: Number.POSITIVE_INFINITY,
  };
  let iterations = 0;
  for (let start = 0; start < limits.free.networks; start++) {
    if (best.excess <= EXCESS.enough * unit) break;
    const state: DistillationState = {
      weights: firstWeights(hidden, blocks, createRandom(seed + start * 1_000_003)),
      ...{ law: 0, distil: beginDistil(network.size), excess: 0, iterations: 0 },
    };
    const steps = distilAll(network, state, parts, {
      ...{ goal: EXCESS.aim * unit, maxIterations: epochs ?? limits.iterations, fresh: true },
      patience: PATIENCE,
    });
    const outcome = await driven(task, steps, {
      onStep: ({ excess, iterations: i }) =>
        log.progress("distillation", iterations + i, told * excess),
    });
    iterations += state.iterations;
    if (!(best.excess <= state.excess)) best = { weights: state.weights, excess: state.excess };
    if ("interrupted" in outcome) break;
  }
  return { ...best, iterations };
}

/** Everything that the next step depends on, beside the fit of V', which is made again. */
interface PosteriorState {
  start: number;
  /** Iterations of the starts before. */
  iterations: number;
  readonly best: { weights: Float64Array; loss: number; iterations: number };
  distillation: DistillationState;
}

/** Before the first start has come to its end. */
const stateBefore = (distillation: DistillationState): PosteriorState => ({
  start: 0,
  iterations: 0,
  best: {
    weights: new Float64Array(distillation.weights.length),
    loss: Number.POSITIVE_INFINITY,
    iterations: 0,
  },
  distillation,
});

/** Fits networks from several starts to the posterior mean and keeps the one that rolls out best. */
export async function distilPosterior(
  task: Task,
  fit: MeasuredFit,
  network: EnergyNetwork,
  unit: number,
): Promise<Distilled> {
  const { until, limits, log, keeper, asGoodAsData } = task;
  const { hidden, seed, epochs } = task.options;
  const clean = asGoodAsData ? 0 : CLEAN_EXCESS * until;
  const enough = fit.loss + Math.max(EXCESS.enough * unit, clean);
  const goal = Math.max(EXCESS.aim * unit, 0.5 * clean);
  const blocks = lawBlocks(fit.basis);
  const parts = blocks.map((block) => partOf(fit, block));
  // A network from before is the first to begin with.
  const known = knownWeights(task);
  const begin = (start: number): DistillationState => ({
    weights:
      (start === 0 ? known : null) ??
      firstWeights(hidden, blocks, createRandom(seed + start * 1_000_003)),
    law: 0,
    distil: beginDistil(network.size),
    excess: 0,
    iterations: 0,
  });
  const first = stateBefore(begin(0));
  const state = keeper.resumed("posterior", first) ?? first;
  const { best } = state;
  keeper.follow("posterior", {
    iteration: () =>
      fit.passes +
      state.iterations +
      state.distillation.iterations +
      state.distillation.distil.iterations,
    values: () => state,
  });
  for (; state.start < limits.free.networks && best.loss > enough; state.start++) {
    // Noise-free positions ask for more than a network of this size may give.
    if (state.start > 0 && best.loss <= until && state.start >= CLEAN_STARTS) break;
    const { distillation, iterations } = state;
    const outcome = await driven(
      task,
      distilAll(network, distillation, parts, {
        goal,
        maxIterations: epochs ?? limits.iterations,
        ...(asGoodAsData && { patience: PATIENCE }),
        fresh: known === null || state.start > 0,
      }),
      {
        keeper,
        onStep: ({ excess, iterations: i }) =>
          log.progress("distillation", iterations + i, fit.loss + excess),
      },
    );
    const { weights } = distillation;
    const loss = lossOf(fit, network, weights);
    if ("result" in outcome) state.iterations += outcome.result;
    log.measured(fit.passes + state.iterations, loss);
    if (loss < best.loss) {
      best.loss = loss;
      best.iterations = state.iterations;
      best.weights.set(weights);
    }
    if ("interrupted" in outcome)
      return { ...best, iterations: state.iterations, interrupted: outcome.interrupted };
    state.distillation = begin(state.start + 1);
  }
  if (!Number.isFinite(best.loss))
    throw new MclnnError("training ended without a network whose rollout stays finite", {
      code: "diverged",
      expected: "a finite rollout loss",
      got: `${best.loss} from ${limits.free.networks} starts`,
      mend: "Try another seed or wider hidden layers.",
      kind: "failure",
    });
  return { ...best, iterations: state.iterations };
}
