import type { SplineBasis } from "@mclnn/models/parts";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import type { PriorShape } from "../prior/prior.ts";
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
import { lossesOf } from "./tracked-starts.ts";

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
  /** The prior that the law had before. */
  readonly prior?: PriorShape | undefined;
}

/** Start states that a law asks for. @param known - where to begin, of the first trajectories or of all; else the given ones, or the path through the records */
export function underLaw(
  rolled: Rolled,
  unknowns: Float64Array,
  { velocityWeight, known }: { velocityWeight: number; known?: Starts | undefined },
): LawWithStarts {
  const { data, basis, pass } = rolled;
  const { curve, values } = parted(basis, unknowns);
  // Velocities that were given are close, whatever their noise; else the polynomials through the first records are.
  const first =
    data.velocities === null
      ? startsOnPath(data, pass.tangents, cubicPath(data.times, pass.tangents), velocityWeight)
      : givenStarts(data);
  const seen = { ...first, velocityWeight };
  const from = known === undefined ? seen : nearer(rolled, unknowns, { seen, known });
  const near = hasManyUnknowns(data)
    ? equationsAbout(rolled, curve, { starts: from, values })
    : null;
  const starts = fitStarts(data, pass, curve, from, { near, values, steps: near === null ? 6 : 2 });
  const loss = lossAt(rolled, { unknowns, starts });
  return { unknowns, starts, loss, ...(near === null ? {} : { near }) };
}

/** Of each trajectory the start that is known where rollouts from there are nearer to the records; other records may have come since. */
function nearer(
  { data, schedule, basis, pass }: Rolled,
  unknowns: Float64Array,
  { seen, known }: { seen: Starts; known: Starts },
): Starts {
  const { components } = data;
  const out = {
    ...seen,
    positions: seen.positions.slice(),
    velocities: seen.velocities.slice(),
  };
  out.positions.set(known.positions.subarray(0, out.positions.length));
  out.velocities.set(known.velocities.subarray(0, out.velocities.length));
  const { curve, values } = parted(basis, unknowns);
  const [before, after] = [seen, out].map((starts) =>
    lossesOf(data, schedule, basis.cells, curve, starts, { terms: pass.terms, values }),
  );
  for (let t = 0; t < data.trajectories; t++) {
    if (after[t] <= before[t]) continue;
    const own = [t * components, (t + 1) * components] as const;
    out.positions.set(seen.positions.subarray(...own), own[0]);
    out.velocities.set(seen.velocities.subarray(...own), own[0]);
  }
  return out;
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
