import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { PAPER_LOSS } from "@mclnn/learning";
import type { Schedule } from "@mclnn/learning/parts";
import {
  buildBasis,
  chooseTimeStep,
  createTrainingData,
  DEEP_FIT,
  drive,
  fitSpline,
  named,
  now,
  scheduleOf,
  sortedSeparations,
  splittingByName,
  type TrainingData,
} from "@mclnn/learning/parts";
import {
  type Cells,
  cellOf,
  curveAt,
  edgesOf,
  type SplineBasis,
  splineCurve,
} from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { descendInStages, type Stage, stageDefaults, type TfjsTrainOptions } from "./descent.ts";
import { TfjsRolloutLoss, TfjsSlopeLoss } from "./pair-losses.ts";
import {
  checkTfjsPair,
  type TfjsPairPotential,
  type TfjsPairTrainOptions,
  type TfjsPairTrainResult,
} from "./trainable-pair.ts";

/** Knot intervals of the slope table; three cells each, as for the built-in network. */
const TABLE_CELLS = 85;
/** Iterations of the fit to the spline law, at most. */
const FIRST_EPOCHS = 400;

/**
 * Trains a tfjs pair potential on trajectories with the rollout loss of the built-in network (Eq. 6), on its own backend.
 *
 * Its variables hold the best weights found afterwards. The data's own units are used: have separations and accelerations of order one.
 *
 * @throws MclnnError `bad-variables` where there is nothing to train; of kind `input` for data or options that cannot be used; `diverged`
 * (failure)
 */
export async function trainTfjsPair(
  data: TrajectorySet,
  pair: TfjsPairPotential,
  options: TfjsPairTrainOptions = {},
): Promise<TfjsPairTrainResult> {
  return (await learnPair(data, pair, options)).result;
}

/** A trained pair, and what it was trained with. */
export interface LearnedPair {
  readonly result: TfjsPairTrainResult;
  /** Knots where it was looked up. */
  readonly basis: SplineBasis;
  /** Increasing. */
  readonly separations: Float64Array;
  readonly optimizer: string;
  readonly until: number;
  readonly integrator: string;
  readonly dt: number;
  /** Steps a record. */
  readonly stride: number;
}

/** As {@link trainTfjsPair}. */
export async function learnPair(
  data: TrajectorySet,
  pair: TfjsPairPotential,
  options: TfjsPairTrainOptions,
): Promise<LearnedPair> {
  checkTrajectorySet("data", data);
  checkTfjsPair(pair);
  checkArgument("options", options, {
    functionFirst: "flag?",
    dt: "positive?",
    integrator: "text?",
  });
  if (options.validation !== undefined) checkTrajectorySet("validation", options.validation);
  const { functionFirst = true, validation, dt, integrator } = options;
  if (pair.parameterCount === 0)
    throw new MclnnError("the pair potential has nothing to train", {
      code: "bad-variables",
      argument: "variables",
      expected: "at least one variable",
      got: "none",
      mend: "Give tfjsPairPotential the variables of its function.",
    });
  const settings = stageDefaults(options, PAPER_LOSS);
  const method = integrator === undefined ? velocityVerlet : splittingByName(integrator);
  const prepare = (
    set: TrajectorySet,
  ): { data: TrainingData; schedule: Schedule; dt: number; stride: number } => {
    const { dt: step, stride } = chooseTimeStep(set, dt);
    const prepared = createTrainingData(set, { coupling: pair.coupling ?? "none" });
    const schedule = scheduleOf(prepared.times, { ...named(method), substeps: stride, dt: step });
    return { data: prepared, schedule, dt: step, stride };
  };
  const own = prepare(data);
  const other = validation === undefined ? null : prepare(validation);
  const sorted = sortedSeparations(own.data);
  const basis = buildBasis(sorted, { cells: TABLE_CELLS });
  const loss = new TfjsRolloutLoss(own.data, own.schedule, basis.cells, pair);
  const stages: Stage[] = [];
  if (functionFirst) {
    const objective = await slopeLoss(own, basis.cells, pair, options);
    if (objective !== null)
      stages.push({
        phase: "fit to the spline law",
        objective,
        optimizer: "lbfgs",
        epochs: Math.min(FIRST_EPOCHS, settings.epochs),
        until: 0,
        counts: false,
      });
  }
  stages.push({ phase: "rollout", objective: loss, counts: true, ...settings });
  const { energy, backend } = pair.internals;
  const weights = energy.parameters.read();
  const result = await descendInStages(weights, stages, options);
  backend.run(() => energy.parameters.write(weights));
  const validationLoss =
    other === null
      ? null
      : new TfjsRolloutLoss(other.data, other.schedule, basis.cells, pair).evaluate(weights);
  const ranges = basis.clusters.map(({ from, to }) => [from, to] as const);
  return {
    result: { ...result, validationLoss, ranges },
    basis,
    separations: sorted[0] as Float64Array,
    optimizer: settings.optimizer,
    until: settings.until,
    integrator: method.name,
    dt: own.dt,
    stride: own.stride,
  };
}

/** The fit of V' to the spline law of the data, weighted by how many separations were seen; null where time ran out. */
async function slopeLoss(
  { data, schedule }: { data: TrainingData; schedule: Schedule },
  cells: Cells,
  pair: TfjsPairPotential,
  { signal, timeLimit, onProgress }: TfjsTrainOptions,
): Promise<TfjsSlopeLoss | null> {
  const started = now();
  const outcome = await drive(fitSpline(data, schedule, DEEP_FIT), {
    signal,
    timeLimit: timeLimit === undefined ? undefined : 1000 * timeLimit,
    started,
    onStep: ({ phase, iterations, loss }) =>
      onProgress?.({
        phase,
        iteration: iterations,
        loss,
        seconds: (now() - started) / 1000,
      }),
  });
  if ("interrupted" in outcome) return null;
  const { basis, coefficients, separations } = outcome.result;
  return new TfjsSlopeLoss(
    pair,
    ...slopesSeen(basis, coefficients, separations[0] as Float64Array, cells),
  );
}

/** Middles of the cells that were seen, the spline's V' there, and the share of separations in each. */
function slopesSeen(
  basis: SplineBasis,
  coefficients: Float64Array,
  separations: Float64Array,
  cells: Cells,
): [Float64Array, Float64Array, Float64Array] {
  const curve = splineCurve(basis, coefficients);
  const edges = edgesOf(cells, 0);
  const counts = new Float64Array(cells.count);
  for (const r of separations) {
    const k = cellOf(cells, 0, r);
    counts[k] = (counts[k] as number) + 1;
  }
  const seen = Array.from(counts.keys()).filter((k) => (counts[k] as number) > 0);
  const middles = Float64Array.from(
    seen,
    (k) => 0.5 * ((edges[k] as number) + (edges[k + 1] as number)),
  );
  return [
    middles,
    middles.map((r) => curveAt(basis.cells, curve, 0, r)),
    Float64Array.from(seen, (k) => (counts[k] as number) / separations.length),
  ];
}
