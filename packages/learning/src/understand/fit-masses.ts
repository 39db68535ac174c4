import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4 } from "@mclnn/integrators";
import { splineCurve } from "@mclnn/models/parts";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { portableExp } from "@mclnn/physics/portable";
import { recordedPath } from "../fit/along-the-path.ts";
import { bodyResiduals, weighedByNoise } from "../fit/body-noise.ts";
import { type Descent, descended, gaussNewton } from "../fit/gauss-newton.ts";
import {
  dataWith,
  type MassPoint,
  type MassRecords,
  massesAlong,
  massesRolled,
} from "../fit/mass-problem.ts";
import { RULES } from "../fit/rules.ts";
import { coefficientsOf, slopeOf } from "../fit/spline-fit.ts";
import { startsUnderLaw } from "../fit/start-states.ts";
import { type Dynamics, named, scheduleOf } from "../records/dynamics.ts";
import { pathSeparations } from "../records/path.ts";
import { evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import type { FittedMass } from "../runs/train-options.ts";
import { buildBasis } from "../splines/knots.ts";
import { massesWithDeviations } from "./mass-deviations.ts";
import type { FoundLaw, Understanding } from "./understanding.ts";

export interface MassFitStep {
  readonly phase: "masses along the data" | "masses by rollouts";
  readonly iterations: number;
  readonly loss: number;
}

/** Trajectories that masses are looked for in, where there is no idea of them. */
const TRAJECTORIES = 12;
/** Trajectories that masses are fitted to where a law has been found, and fits anew by the noise of each body. */
const KNOWN_TRAJECTORIES = 40;
const WEIGHINGS = 2;
/** Knot intervals along the data, and in rollouts. */
const CELLS = 24;
const FINE_CELLS = 64;
/** Beginnings, and the range (as a power of e) that they are drawn from. */
const BEGINNINGS = 15;
const SPREAD = 2.5;
/** Good enough for other beginnings to be left out: mean square residual along the data, lengths of order one. */
const GOOD = 1e-7;
/** Steps of a descent, and of one that only looks whether more substeps change the masses. */
const STEPS = 40;
const LOOK = 8;
const MOST_SUBSTEPS = 16;
/** Levenberg-Marquardt begins with this damping. */
const BEGIN = { weight: 0, damping: 1e-2 };

/** A law that was found under masses that are close. */
export type CloseLaw = FoundLaw & Pick<Understanding, "hypothesis" | "startStates">;

interface MassFit {
  readonly coupling: Coupling;
  readonly seed: number;
  readonly freeStarts: boolean;
  readonly dynamics: Dynamics | null;
  /** What a search found under the masses of `set`, where these are close. */
  readonly hint: CloseLaw | null;
}

/**
 * Finds the masses of all particles but the first together with the law, whose scale the first one fixes.
 *
 * @param set - in training units
 * @param data - the same, prepared; its masses are those that are believed so far
 */
export function* fitMasses(
  set: TrajectorySet,
  data: TrainingData,
  fit: MassFit,
): Generator<MassFitStep, FittedMass[]> {
  const { records, found } =
    fit.hint === null
      ? yield* withoutHint(set, data, fit)
      : yield* fromHint(set, data, fit.coupling, fit.hint);
  if (!Number.isFinite(found.loss))
    throw new MclnnError("no masses could be fitted", {
      code: "fit-failed",
      argument: "fitMasses",
      expected: "trajectories in which every particle is moved by the others",
      got: "rollouts that diverge from every beginning",
      mend: "Give more trajectories or records closer in time.",
      kind: "failure",
    });
  return massesWithDeviations(records, found.at);
}

interface FoundMasses {
  readonly records: MassRecords;
  readonly found: Descent<MassPoint>;
}

/** From close by: Gauss-Newton on law, masses and start states, the prior by evidence, and each body weighed by its own noise. */
function* fromHint(
  set: TrajectorySet,
  data: TrainingData,
  coupling: Coupling,
  hint: CloseLaw,
): Generator<MassFitStep, FoundMasses> {
  const { hypothesis, fit, separations } = hint;
  const { cells, shape } = hypothesis;
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  // Segments of trajectories stay what they are.
  const cut = fit.data.records < data.records;
  let few = weighedByNoise(
    cut ? fit.data : evenTrajectories(data, KNOWN_TRAJECTORIES),
    hint.bodyVariances,
  );
  const schedule = scheduleOf(few.times, hypothesis.dynamics);
  const coefficients = coefficientsOf(basis, slopeOf(fit.basis, fit.coefficients));
  let at: MassPoint = {
    coefficients,
    masses: set.masses,
    starts: startsUnder(few, hint, schedule, { basis, coefficients }),
  };
  for (let round = 0; ; round++) {
    const records = { data: few, schedule, basis, coupling };
    const steps = gaussNewton(massesRolled(records), { at }, RULES.massesKnown(basis, STEPS));
    let iterations = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next())
      if (step.value.taken)
        yield { phase: "masses by rollouts", iterations: ++iterations, loss: step.value.loss };
    const found = step.value;
    at = found.at;
    const own = dataWith(records, at.masses);
    const curve = splineCurve(basis, at.coefficients);
    const weighed = weighedByNoise(
      few,
      bodyResiduals(own, schedule, basis, curve, at.starts).variances,
    );
    if (weighed === few || round === WEIGHINGS || at.starts.velocityWeight === null)
      return { records, found };
    few = weighed;
    // Velocities were measured with one weight for all bodies.
    at = { ...at, starts: { ...at.starts, velocityWeight: 0 } };
  }
}

/** Start states of what masses are fitted to, under the law that a search has found. */
function startsUnder(
  data: TrainingData,
  { fit: fitted, startStates, velocityWeight }: CloseLaw,
  schedule: MassRecords["schedule"],
  { basis, coefficients }: Pick<MassRecords, "basis"> & Pick<MassPoint, "coefficients">,
): Starts {
  if (startStates === "exact") return givenStarts(data);
  const weight = data.bodyWeights === null ? velocityWeight : 0;
  return data.trajectories === fitted.data.trajectories
    ? { ...fitted.starts, velocityWeight: weight }
    : startsUnderLaw(data, schedule, basis, coefficients, weight);
}

/**
 * With no idea of them: along the recorded paths the problem is bilinear in the law and the logarithms of the masses, and Levenberg-Marquardt
 * begins from several. The best then goes on with true rollouts, of more and more steps while these change the masses.
 */
function* withoutHint(
  set: TrajectorySet,
  data: TrainingData,
  { coupling, seed, freeStarts, dynamics: fixed }: MassFit,
): Generator<MassFitStep, FoundMasses> {
  const few = evenTrajectories(data, TRAJECTORIES);
  const separations = pathSeparations(data);
  let dynamics: Dynamics = fixed ?? {
    ...named(blanesMoan4),
    substeps: 2,
    dt: null,
    tangentSubsteps: null,
    source: "measured",
  };
  const recordsOf = (d: Dynamics, cells: number): MassRecords => ({
    data: few,
    schedule: scheduleOf(few.times, d),
    basis: buildBasis(separations, { cells }),
    coupling,
  });
  const coarse = recordsOf(dynamics, CELLS);
  const first = yield* alongPaths(coarse, { set, seed, freeStarts });
  let records = recordsOf(dynamics, FINE_CELLS);
  const slope = slopeOf(coarse.basis, first.coefficients);
  let at: MassPoint = { ...first, coefficients: coefficientsOf(records.basis, slope) };
  for (let iterations = BEGINNINGS; ; ) {
    const found = rolledOut(records, at, STEPS);
    yield { phase: "masses by rollouts", iterations: ++iterations, loss: found.loss };
    const finer = { ...dynamics, substeps: 2 * dynamics.substeps };
    if (fixed !== null || finer.substeps > MOST_SUBSTEPS) return { records, found };
    const trial = recordsOf(finer, FINE_CELLS);
    const looked = rolledOut(trial, found.at, LOOK);
    // More steps are worth it while they change the masses by more than a part in a million.
    if (agree(found.at.masses, looked.at.masses)) return { records, found };
    at = looked.at;
    dynamics = finer;
    records = trial;
  }
}

const rolledOut = (records: MassRecords, at: MassPoint, steps: number): Descent<MassPoint> =>
  descended(massesRolled(records), { at, strength: BEGIN }, RULES.masses(records.basis, steps));

/** The best of several beginnings along the recorded paths, masses among the unknowns. */
function* alongPaths(
  records: MassRecords,
  { set, seed, freeStarts }: Pick<MassFit, "seed" | "freeStarts"> & { readonly set: TrajectorySet },
): Generator<MassFitStep, MassPoint> {
  const { data, schedule, basis } = records;
  const random = createRandom(seed ^ 0x6d617373);
  const reference = set.masses[0];
  const problem = massesAlong(records, recordedPath(data, schedule));
  const given = givenStarts(data);
  let best: Descent<MassPoint> | null = null;
  for (let k = 0; k < BEGINNINGS && !(best !== null && best.loss < GOOD); k++) {
    const at: MassPoint = {
      coefficients: new Float64Array(basis.size),
      masses: Float64Array.from({ length: set.particles }, (_, i) =>
        i === 0 || k === 0
          ? reference
          : reference * portableExp(SPREAD * (2 * random.uniform() - 1)),
      ),
      starts: freeStarts ? { ...given, velocityWeight: 0 } : given,
    };
    const found = descended(problem, { at, strength: BEGIN }, RULES.masses(basis, STEPS));
    if (best === null || found.loss < best.loss) best = found;
    yield { phase: "masses along the data", iterations: k + 1, loss: best.loss };
  }
  return (best as Descent<MassPoint>).at;
}

const agree = (a: Float64Array, b: Float64Array): boolean =>
  a.every((m, i) => Math.abs(b[i] / m - 1) < 1e-6);
