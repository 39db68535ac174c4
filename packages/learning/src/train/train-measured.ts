import { createRandom } from "@mclnn/datasets";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import { EnergyNetwork } from "@mclnn/models";
import { curveAt, splineCurve } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { EXPLAINED, judge } from "../findings/findings.ts";
import { inSegments, interactionOf, LOST, limitsOf } from "../findings/limits.ts";
import { bodyResiduals, weighedByNoise } from "../fit/body-noise.ts";
import { fitMeasured, type MeasuredFit, type MeasuredFitOptions } from "../fit/measured-fit.ts";
import { freeStarts, joined, lossAt, parted } from "../fit/problems.ts";
import { fitStarts } from "../fit/start-states.ts";
import { beginDistil, type DistilState, distil } from "../network/distil.ts";
import { networkCurve } from "../network/network-curve.ts";
import { firstWeights } from "../network/network-fit.ts";
import { averagedPosterior } from "../prior/averaged-posterior.ts";
import { collocation, type ValueMetric, valueMetric } from "../prior/metric.ts";
import { scheduleOf, tangentsOf } from "../records/dynamics.ts";
import { pathSeparations, turningShare } from "../records/path.ts";
import { LONG_SEGMENT } from "../records/segments.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts } from "../rollout/starts.ts";
import { drive, type Interruption } from "../runs/drive.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { diagonalBlock, lawBlocks } from "../splines/law-blocks.ts";
import type { Ending, TrainingProblem } from "./problem.ts";
import { trainResult } from "./results.ts";

/**
 * Excess loss of a network over the spline, in units of what the noise makes of one fit's loss anyway (variance x coefficients / residuals):
 * what distillation aims at, what is good enough for no other start to be tried, what counts as reached.
 */
const EXCESS = { aim: 0.02, enough: 0.5, reached: 1 };
/** Where there is next to no noise, the excess aimed at as a share of the target loss, and the starts tried once that is reached. */
const CLEAN_EXCESS = 1e-4;
const CLEAN_STARTS = 2;
/** Network starts tried; the best rollout is kept. */
const STARTS = 6;
const MAX_ITERATIONS = 1500;
/** Keeps the network near the spline where no data are. */
const RIDGE = 1e-3;
/** Knot intervals where noise hides the finer features; a search that needed more than so many has seen them. */
const NOISY_CELLS = 36;
const CLEAN_CELLS = 48;
/** Share of the accelerations that a finding in next to exact data has at least. */
const TELLING = 1e-4;
/** With so few trajectories (or long segments of them) times pairs several beginnings are followed to the end. */
const FEW = 90;
const FOLLOWED = 3;

/**
 * Trains a pair law on measurements: start states are unknowns, the noise is estimated, and the law comes with its error bars.
 *
 * The network is fitted to the posterior mean once: going back to the rollouts with it would fit the noise.
 */
export async function trainMeasured(
  problem: TrainingProblem,
): Promise<TrainResult<MclnnModel | SplineModel>> {
  const { settings, log, dynamics, hint, units } = problem;
  if (settings.optimizer !== "auto")
    throw new MclnnError(`${settings.optimizer} needs start velocities`, {
      code: "conflicting-options",
      argument: "optimizer",
      expected: "optimizer auto where start states are unknown",
      got: settings.optimizer,
    });
  const options: MeasuredFitOptions = {
    tangents: problem.tangents,
    schedules: (times) => ({
      schedule: scheduleOf(times, dynamics),
      tangents: tangentsOf(times, dynamics),
    }),
    velocityWeight: hint?.velocityWeight ?? 0,
    separations: hint?.separations ?? pathSeparations(problem.data),
    // A clean law may need more knots than noise would let be seen.
    follow: longSegments(problem.data) * problem.data.pairs > FEW ? 1 : FOLLOWED,
    ...(hint === null
      ? {}
      : {
          initial: hint.slope,
          ...(hint.shape === undefined ? {} : { shape: hint.shape }),
          cells: Math.max(NOISY_CELLS, hint.cells > CLEAN_CELLS ? hint.cells : 0),
        }),
  };
  let data =
    hint?.bodyVariances === undefined
      ? problem.data
      : weighedByNoise(problem.data, hint.bodyVariances);
  let fit = await fitUnder(problem, data, options);
  let variances = variancesOf(fit);
  for (let round = 0; round < WEIGHINGS; round++) {
    const weighed = weighedByNoise(data, variances);
    if (weighed === data) break;
    const { basis, coefficients } = fit;
    const curve = splineCurve(basis, coefficients);
    data = weighed;
    fit = await fitUnder(problem, data, {
      ...options,
      initial: (law, r) => curveAt(basis.cells, curve, law, r),
      initialValues: fit.values,
      onlyInitial: true,
    });
    variances = variancesOf(fit);
  }
  const { basis, posterior, noise, power, separations } = fit;
  // What the law is worth is bounded by the noise, not by a target.
  const unit = (basis.size * posterior.variance) / fit.equations.residuals;
  const own = joined(fit.pass, fit.coefficients, fit.values);
  const averaged = averagedPosterior(posterior, fit.equations, own, basis);
  const law = underAverage(fit, averaged.unknowns, unit);
  const { coefficients } = law;
  log.measured(fit.passes, law.loss);
  const network = settings.model === "spline" ? null : new EnergyNetwork(settings.hidden);
  const trained = network === null ? null : await distilPosterior(problem, law, network, unit);
  const loss = trained?.loss ?? law.loss;
  const curve =
    network === null || trained === null
      ? splineCurve(basis, coefficients)
      : networkCurve(network, trained.weights, basis.cells);
  // Weighed residuals are none that a target could be compared with.
  const beside = { terms: fit.pass.terms, values: law.values };
  const residuals = bodyResiduals(fit.data, fit.schedule, basis, curve, law.starts, beside);
  const reached =
    loss <= Math.max(settings.until, law.loss + EXCESS.reached * unit) &&
    !(loss > Math.max(settings.until, LOST * LOST));
  const ending: Ending = {
    optimizer: `function-first, start states ${problem.startStates}`,
    trainLoss: data.bodyWeights === null ? loss : residuals.loss,
    validationLoss: validationLoss(problem, law, curve),
    iterations: fit.passes + (trained?.iterations ?? 0),
    stopped: reached ? "target" : (trained?.interrupted ?? "converged"),
  };
  const cut = fit.data.records < data.records ? fit.data.records : null;
  // Long segments follow the law as whole trajectories would, each from a start that is fitted to it: error bars are as they should be.
  const inLong = cut !== null && cut >= LONG_SEGMENT;
  const limits = limitsOf({
    unresolved: hint?.unresolved ?? null,
    substeps: dynamics.substeps,
    segmentRecords: inLong ? null : cut,
    records: data.records,
    turning: turningShare(data),
    residual: Math.sqrt(law.loss),
  });
  const judged = judge({
    data: fit.data,
    schedule: fit.schedule,
    tangents: fit.pass.tangents,
    basis,
    curve: splineCurve(basis, fit.coefficients),
    coefficients: fit.coefficients,
    starts: fit.starts,
    prior: posterior.prior,
    variance: posterior.variance,
    species: problem.particleSpecies,
  });
  const alone = interactionOf(basis, coefficients, posterior, separations);
  const coloured = judged.some(({ kind }) => kind === "coloured-residuals");
  // So little, and no force behind it that could be told: the spline's own resolution.
  const resolution =
    posterior.variance <= EXPLAINED && judged.every(({ share }) => (share ?? 0) < TELLING);
  return trainResult(problem, {
    basis,
    separations,
    coefficients,
    weights: trained?.weights ?? null,
    posterior:
      limits.length > 0
        ? null
        : {
            factor: averaged.factorAbout(joined(fit.pass, coefficients, law.values)),
            // What is not white does not average out over the residuals that one coefficient explains.
            variance:
              posterior.variance *
              (coloured ? Math.max(1, fit.equations.residuals / basis.size) : 1),
          },
    ending,
    findings: [
      ...limits,
      ...(inLong ? [inSegments(cut, data)] : []),
      ...alone,
      ...(resolution ? [] : judged),
    ],
    ...(data.bodyWeights === null
      ? {}
      : {
          bodyNoise: Array.from(data.bodyWeights, (w) => (noise * units.length) / w),
        }),
    record: { reachedTarget: reached, noise: noise * units.length, priorPower: power },
  });
}

/** Trajectories; long ones count as the segments that they hold. */
const longSegments = ({ trajectories, records }: TrainingData): number =>
  trajectories * Math.max(1, Math.floor((records - 1) / (LONG_SEGMENT - 1)));

/** The fit with the law that all priors together ask for; as it was where that, rolled out, explains the records less well. */
function underAverage(fit: MeasuredFit, unknowns: Float64Array, unit: number): MeasuredFit {
  const before = joined(fit.pass, fit.coefficients, fit.values);
  const step = unknowns.map((c, i) => c - before[i]);
  const at = freeStarts(fit).moved(
    { unknowns: before, starts: fit.starts },
    fit.equations,
    step,
    1,
  );
  const loss = lossAt(fit, at);
  if (!(loss <= fit.loss + unit)) return fit;
  const { coefficients, values } = parted(fit.basis, at.unknowns);
  return { ...fit, coefficients, values, starts: at.starts, loss };
}

/** Fits anew by the noise of each body, at most. */
const WEIGHINGS = 2;

/** Fits under the problem's signal and time limit; there is no law before it is done. */
async function fitUnder(
  { settings, log, schedule }: TrainingProblem,
  data: TrainingData,
  options: MeasuredFitOptions,
): Promise<MeasuredFit> {
  const fitted = await drive(
    // The velocities' weight is one for all bodies.
    fitMeasured(
      data,
      schedule,
      data.bodyWeights === null ? options : { ...options, velocityWeight: 0 },
    ),
    {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
      onStep: ({ phase, iterations, loss }) => log.progress(phase, iterations, loss),
    },
  );
  if ("interrupted" in fitted)
    throw new MclnnError("training was stopped before there was a law to keep", {
      code: fitted.interrupted,
      argument: fitted.interrupted === "aborted" ? "signal" : "timeLimit",
      expected: "time for the first fit of V'",
      got: `${fitted.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  return fitted.result;
}

const variancesOf = ({
  data,
  schedule,
  basis,
  pass,
  coefficients,
  values,
  starts,
}: MeasuredFit): Float64Array =>
  bodyResiduals(data, schedule, basis, splineCurve(basis, coefficients), starts, {
    terms: pass.terms,
    values,
  }).variances;

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

/** Distils one law after another. @param state - where to go on; changes in place */
function* distilAll(
  network: EnergyNetwork,
  state: DistillationState,
  parts: readonly { readonly metric: ValueMetric; readonly target: Float64Array }[],
  { goal, maxIterations }: { goal: number; maxIterations: number },
): Generator<{ excess: number; iterations: number }, number> {
  for (; state.law < parts.length; state.law++) {
    const { law, weights } = state;
    const { metric, target } = parts[law];
    const own = weights.subarray(law * network.size, (law + 1) * network.size);
    const options = {
      goal: goal / (parts.length * parts.length),
      maxIterations,
      damping: 1e-2,
      solveOutputs: true,
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

/** Everything that the next step depends on, beside the fit of V', which is made again. */
interface PosteriorState {
  start: number;
  /** Iterations of the starts before. */
  iterations: number;
  readonly best: { weights: Float64Array; loss: number; iterations: number };
  distillation: DistillationState;
}

/** Fits networks from several starts to the posterior mean and keeps the one that rolls out best. */
async function distilPosterior(
  { settings, log, keeper }: TrainingProblem,
  fit: MeasuredFit,
  network: EnergyNetwork,
  unit: number,
): Promise<Distilled> {
  const { basis, pass, equations, coefficients, starts } = fit;
  const { until } = settings;
  const enough = fit.loss + Math.max(EXCESS.enough * unit, CLEAN_EXCESS * until);
  const goal = Math.max(EXCESS.aim * unit, 0.5 * CLEAN_EXCESS * until);
  const blocks = lawBlocks(basis);
  const parts = blocks.map((block) => {
    const n = block.basis.size;
    const points = collocation(block.basis);
    const block_ = diagonalBlock(equations.metric, basis.size, block.first, n);
    return {
      metric: valueMetric(points, block_, equations.residuals, RIDGE),
      target: matrixVector(points.toValues, coefficients.subarray(block.first, block.first + n), n),
    };
  });
  const begin = (start: number): DistillationState => ({
    weights: firstWeights(settings.hidden, blocks, createRandom(settings.seed + start * 1_000_003)),
    law: 0,
    distil: beginDistil(network.size),
    excess: 0,
    iterations: 0,
  });
  const first: PosteriorState = {
    start: 0,
    iterations: 0,
    best: {
      weights: new Float64Array(blocks.length * network.size),
      loss: Number.POSITIVE_INFINITY,
      iterations: 0,
    },
    distillation: begin(0),
  };
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
  for (; state.start < STARTS && best.loss > enough; state.start++) {
    // Noise-free positions ask for more than a network of this size may give.
    if (state.start > 0 && best.loss <= until && state.start >= CLEAN_STARTS) break;
    const { distillation, iterations } = state;
    const outcome = await drive(
      distilAll(network, distillation, parts, {
        goal,
        maxIterations: settings.epochs ?? MAX_ITERATIONS,
      }),
      {
        signal: settings.signal,
        timeLimit: settings.timeLimit,
        started: log.started,
        keeper,
        onStep: ({ excess, iterations: i }) =>
          log.progress("distillation", iterations + i, fit.loss + excess),
      },
    );
    const { weights } = distillation;
    const curve = networkCurve(network, weights, basis.cells);
    // The metric lets start states follow the law; so must the rollout that judges.
    const { values } = fit;
    const own = fitStarts(fit.data, pass, curve, starts, { near: equations, values });
    const loss = pass.loss(curve, own, values);
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
      got: `${best.loss} from ${STARTS} starts`,
      mend: "Try another seed or wider hidden layers.",
      kind: "failure",
    });
  return { ...best, iterations: state.iterations };
}

/** Loss on validation trajectories, their start states fitted to their own records under the law as it is. */
function validationLoss(
  { validation }: TrainingProblem,
  { basis }: MeasuredFit,
  curve: Float64Array,
): number | null {
  if (validation === null) return null;
  const { data, schedule } = validation;
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
  const { trajectories, components, records, positions, times } = data;
  const velocities = new Float64Array(trajectories * components);
  const spacing = times[1] - times[0];
  for (let t = 0; t < trajectories; t++)
    for (let c = 0; c < components; c++) {
      const o = t * records * components + c;
      // A place to start from only: the steps below find the velocities.
      velocities[t * components + c] = (positions[o + components] - positions[o]) / spacing;
    }
  const starts = fitStarts(data, pass, curve, {
    ...givenStarts(data),
    velocities,
    velocityWeight: 0,
  });
  return pass.loss(curve, starts);
}
