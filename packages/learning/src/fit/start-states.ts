import type { SplineBasis } from "@mclnn/models/parts";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import { cubicPath, startsOnPath } from "./along-the-path.ts";
import { descended } from "./gauss-newton.ts";
import {
  equationsAbout,
  hasManyUnknowns,
  type LawPoint,
  lossAt,
  parted,
  type Rolled,
  startsAlone,
} from "./problems.ts";
import { RULES } from "./rules.ts";

/**
 * Gauss-Newton on the start states alone, under a law that stays.
 *
 * @param near - equations about a law and starts that are close: where there are many particles, their sensitivities do for these
 * @param values - coefficients of other terms
 */
export function fitStarts(
  data: TrainingData,
  pass: SensitivityPass,
  curve: Float64Array,
  from: Starts,
  {
    near = null,
    values,
    steps = 6,
  }: { near?: NormalEquations | null; values?: Float64Array; steps?: 2 | 6 } = {},
): Starts {
  const problem = startsAlone({ data, pass }, curve, values);
  const manyUnknowns = hasManyUnknowns(data);
  const rules = RULES.starts({ steps, manyUnknowns });
  const loss = problem.loss(from);
  return descended(
    problem,
    { at: from, loss, ...(near === null ? {} : { equations: near }) },
    rules,
  ).at;
}

/** A law, and the start states that it asks for. */
export interface LawWithStarts extends LawPoint {
  readonly loss: number;
  /** Equations about a point that is close. */
  readonly near?: NormalEquations;
}

/** Start states that a law asks for. @param known - where to begin; else the given ones, or the path through the records */
export function underLaw(
  rolled: Rolled,
  unknowns: Float64Array,
  { velocityWeight, known }: { velocityWeight: number; known?: Starts | undefined },
): LawWithStarts {
  const { data, basis, pass } = rolled;
  const { curve, values } = parted(basis, unknowns);
  // Velocities that were given are close, whatever their noise; else the polynomials through the first records are.
  const first =
    known ??
    (data.velocities === null
      ? startsOnPath(data, pass.tangents, cubicPath(data.times, pass.tangents), velocityWeight)
      : givenStarts(data));
  const from = { ...first, velocityWeight };
  const near = hasManyUnknowns(data)
    ? equationsAbout(rolled, curve, { starts: from, values })
    : null;
  const starts = fitStarts(data, pass, curve, from, { near, values, steps: near === null ? 6 : 2 });
  const loss = lossAt(rolled, { unknowns, starts });
  return { unknowns, starts, loss, ...(near === null ? {} : { near }) };
}

/** Start states that a law asks for, from the records alone. @throws MclnnError `start-not-determined` where its rollouts leave all bounds */
export function startsUnderLaw(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  coefficients: Float64Array,
  velocityWeight: number,
): Starts {
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
  return underLaw({ data, schedule, basis, pass }, coefficients, { velocityWeight }).starts;
}
