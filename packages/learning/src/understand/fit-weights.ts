import { splineCurve } from "@mclnn/models/parts";
import { type Descent, gaussNewton } from "../fit/gauss-newton.ts";
import { RULES } from "../fit/rules.ts";
import { coefficientsOf, slopeOf } from "../fit/spline-fit.ts";
import { startsUnderLaw } from "../fit/start-states.ts";
import {
  lawAndNumbers,
  type PairWeights,
  passAtWeights,
  type WeightPoint,
  type WeightRecords,
  weighed,
  weightsRolled,
} from "../fit/weight-problem.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { covarianceOf } from "../prior/marginal.ts";
import { roughness } from "../prior/roughness.ts";
import { scheduleOf } from "../records/dynamics.ts";
import { evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { buildBasis } from "../splines/knots.ts";
import type { FoundLaw, Understanding } from "./understanding.ts";

/** Trajectories that weights are fitted to, and steps. */
const TRAJECTORIES = 40;
const STEPS = 20;

/** Numbers that pairs' weights are made of, fitted. */
export interface FittedNumbers {
  readonly numbers: Float64Array;
  /** [size x size]; null where they are not determined */
  readonly covariance: Float64Array | null;
  /** Mean square residual. */
  readonly loss: number;
}

export interface WeightFitStep {
  readonly phase: "weights of pairs by rollouts";
  readonly iterations: number;
  readonly loss: number;
}

/** A law that was found under weights that are close. */
export type CloseLaw = FoundLaw & Pick<Understanding, "hypothesis" | "startStates">;

/**
 * Gauss-Newton on the law, the numbers that weights are made of and the start states together, the law's prior by evidence.
 *
 * @param data - with all weights 1
 */
export function* fitNumbers(
  data: TrainingData,
  weights: PairWeights,
  begun: Float64Array,
  { hypothesis, fit, separations, startStates, velocityWeight }: CloseLaw,
): Generator<WeightFitStep, FittedNumbers> {
  const { cells, shape } = hypothesis;
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  const few = evenTrajectories(data, TRAJECTORIES);
  const schedule = scheduleOf(few.times, hypothesis.dynamics);
  const records: WeightRecords = { data: few, schedule, basis, weights };
  const coefficients = coefficientsOf(basis, slopeOf(fit.basis, fit.coefficients));
  const starts: Starts =
    startStates === "exact"
      ? givenStarts(few)
      : startsUnderLaw(
          weighed(few, weights.at(begun)),
          schedule,
          basis,
          coefficients,
          velocityWeight,
        );
  const at: WeightPoint = { coefficients, numbers: begun, starts };
  const steps = gaussNewton(weightsRolled(records), { at }, RULES.massesKnown(basis, STEPS));
  let iterations = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next())
    if (step.value.taken)
      yield {
        phase: "weights of pairs by rollouts",
        iterations: ++iterations,
        loss: step.value.loss,
      };
  const found: Descent<WeightPoint> = step.value;
  return {
    numbers: found.at.numbers,
    covariance: covarianceAt(records, found.at),
    loss: found.loss,
  };
}

function covarianceAt(records: WeightRecords, at: WeightPoint): Float64Array | null {
  const { basis, weights } = records;
  const equations = passAtWeights(records, at).normalEquations(
    splineCurve(basis, at.coefficients),
    { starts: at.starts },
  );
  const posterior = bestPosterior(equations, lawAndNumbers(at), basis, {
    matrix: roughness(basis),
  });
  return posterior === null ? null : covarianceOf(posterior, basis.size, weights.size);
}
