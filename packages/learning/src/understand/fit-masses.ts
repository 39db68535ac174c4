import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4 } from "@mclnn/integrators";
import { curveAt, type SplineBasis, splineCurve, standardDeviation } from "@mclnn/models/parts";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { portableExp } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve, diagonalMean } from "../algebra/linear-algebra.ts";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import { massScales } from "../findings/alternatives.ts";
import { EXPLAINED } from "../findings/findings.ts";
import { bodyResiduals, weighedByNoise } from "../fit/body-noise.ts";
import { gradientsByTrajectory } from "../fit/clusters.ts";
import { startsUnderLaw } from "../fit/measured-fit.ts";
import { coefficientsOf, slopeOf } from "../fit/spline-fit.ts";
import { bestPosterior, type Posterior, quadratic } from "../prior/evidence.ts";
import { roughness } from "../prior/roughness.ts";
import { type Dynamics, named, scheduleOf } from "../records/dynamics.ts";
import {
  hermitePath,
  lagrangePath,
  type PathWeights,
  pathSeparations,
  smoothPath,
} from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import { evenTrajectories, pairTable, type TrainingData } from "../records/training-data.ts";
import { givenStarts, moveStarts, type Starts } from "../rollout/starts.ts";
import type { FittedMass } from "../runs/train-options.ts";
import { buildBasis } from "../splines/knots.ts";
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
const PATH_ITERATIONS = 40;
const ROLLOUT_ITERATIONS = 40;
/** Largest change of the logarithm of a mass in one step. */
const LARGEST_STEP = 2;
/** A relative standard deviation above this is no measurement. */
const DETERMINED = 0.3;
/** Good enough for other beginnings to be left out: mean square residual along the data, lengths of order one. */
const GOOD = 1e-7;
const PRIOR = 1e-10;
const MOST_SUBSTEPS = 16;
/** Shares of a Gauss-Newton step tried, and the share of the sum of squares that is not worth another. */
const ATTEMPTS = 8;
const GAIN = 1e-4;
const WEAKEST = 1e-12;
const STRONGER = 30;

interface Point {
  readonly coefficients: Float64Array;
  readonly masses: Float64Array;
  readonly starts: Starts;
  readonly loss: number;
}

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
 * Along the recorded paths the problem is bilinear in the law and the logarithms of the masses: Levenberg-Marquardt from several beginnings.
 * The best then goes on with true rollouts.
 *
 * @param set - in training units
 * @param data - the same, prepared; its masses are those that are believed so far
 */
export function* fitMasses(
  set: TrajectorySet,
  data: TrainingData,
  { coupling, seed, freeStarts, dynamics: fixed, hint }: MassFit,
): Generator<MassFitStep, FittedMass[]> {
  let few =
    hint === null
      ? evenTrajectories(data, TRAJECTORIES)
      : weighedByNoise(
          // Segments of trajectories stay what they are.
          hint.fit.data.records < data.records
            ? hint.fit.data
            : evenTrajectories(data, KNOWN_TRAJECTORIES),
          hint.bodyVariances,
        );
  let iterations = 0;
  let best: Point;
  let basis: SplineBasis;
  let dynamics: Dynamics;
  let schedule: Schedule;
  if (hint === null) {
    const separations = pathSeparations(data);
    const coarse = buildBasis(separations, { cells: CELLS });
    dynamics = fixed ?? {
      ...named(blanesMoan4),
      substeps: 2,
      dt: null,
      tangentSubsteps: null,
      source: "measured",
    };
    schedule = scheduleOf(few.times, dynamics);
    best = yield* alongPaths(few, schedule, coarse, { set, coupling, seed, freeStarts });
    iterations = BEGINNINGS;
    const curve = splineCurve(coarse, best.coefficients);
    basis = buildBasis(separations, { cells: FINE_CELLS });
    best = {
      ...best,
      coefficients: coefficientsOf(basis, (law, r) => curveAt(coarse.cells, curve, law, r)),
    };
  } else {
    const { hypothesis, fit, separations } = hint;
    const { cells, shape } = hypothesis;
    basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
    dynamics = { ...hypothesis.dynamics, tangentSubsteps: null };
    schedule = scheduleOf(few.times, dynamics);
    setMasses(few, set.masses, coupling);
    const coefficients = coefficientsOf(basis, slopeOf(fit.basis, fit.coefficients));
    best = {
      coefficients,
      masses: set.masses,
      starts: startsUnder(few, hint, schedule, basis, coefficients),
      loss: Number.POSITIVE_INFINITY,
    };
  }
  if (hint !== null)
    for (let round = 0; ; round++) {
      best = yield* converge(few, schedule, basis, coupling, best);
      const curve = splineCurve(basis, best.coefficients);
      const { variances } = bodyResiduals(few, schedule, basis, curve, best.starts);
      const weighed = weighedByNoise(few, variances);
      if (weighed === few || round === WEIGHINGS || !startsAreFree(best)) break;
      few = weighed;
      // Velocities were measured with one weight for all bodies.
      best = { ...best, starts: { ...best.starts, velocityWeight: 0 } };
    }
  while (hint === null) {
    const found = descend(few, schedule, basis, coupling, {
      path: null,
      from: best,
      iterations: ROLLOUT_ITERATIONS,
    });
    yield { phase: "masses by rollouts", iterations: ++iterations, loss: found.loss };
    if (fixed !== null) {
      best = found;
      break;
    }
    const finer = { ...dynamics, substeps: 2 * dynamics.substeps };
    const trial = descend(few, scheduleOf(few.times, finer), basis, coupling, {
      path: null,
      from: found,
      iterations: 8,
    });
    best = found;
    // More steps are worth it while they change the masses by more than a part in a million.
    if (finer.substeps > MOST_SUBSTEPS || agree(found.masses, trial.masses)) break;
    best = trial;
    dynamics = finer;
    schedule = scheduleOf(few.times, dynamics);
  }
  if (!Number.isFinite(best.loss))
    throw new MclnnError("no masses could be fitted", {
      code: "fit-failed",
      argument: "fitMasses",
      expected: "trajectories in which every particle is moved by the others",
      got: "rollouts that diverge from every beginning",
      mend: "Give more trajectories or records closer in time.",
      kind: "failure",
    });
  return outcome(few, schedule, basis, coupling, best);
}

const startsAreFree = ({ starts }: Point): boolean => starts.velocityWeight !== null;

/** Start states of what masses are fitted to, under the law that a search has found. */
function startsUnder(
  data: TrainingData,
  { fit, startStates, velocityWeight }: CloseLaw,
  schedule: Schedule,
  basis: SplineBasis,
  coefficients: Float64Array,
): Starts {
  if (startStates === "exact") return givenStarts(data);
  const weight = data.bodyWeights === null ? velocityWeight : 0;
  return data.trajectories === fit.data.trajectories
    ? { ...fit.starts, velocityWeight: weight }
    : startsUnderLaw(data, schedule, basis, coefficients, weight);
}

/** The best of several beginnings along the recorded paths, masses among the unknowns. */
function* alongPaths(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  {
    set,
    coupling,
    seed,
    freeStarts,
  }: Pick<MassFit, "coupling" | "seed" | "freeStarts"> & { readonly set: TrajectorySet },
): Generator<MassFitStep, Point> {
  const random = createRandom(seed ^ 0x6d617373);
  const reference = set.masses[0];
  let best: Point | null = null;
  for (let k = 0; k < BEGINNINGS; k++) {
    const masses = Float64Array.from({ length: set.particles }, (_, i) =>
      i === 0 || k === 0 ? reference : reference * portableExp(SPREAD * (2 * random.uniform() - 1)),
    );
    const found = descend(data, schedule, basis, coupling, {
      path: pathOf(data, schedule),
      from: {
        coefficients: new Float64Array(basis.size),
        masses,
        starts: freeStarts ? { ...givenStarts(data), velocityWeight: 0 } : givenStarts(data),
        loss: Number.POSITIVE_INFINITY,
      },
      iterations: PATH_ITERATIONS,
    });
    if (best === null || found.loss < best.loss) best = found;
    yield { phase: "masses along the data", iterations: k + 1, loss: best.loss };
    if (best.loss < GOOD) break;
  }
  if (best === null)
    throw new MclnnError("the masses cannot be fitted", {
      code: "fit-failed",
      argument: "data",
      expected: "a beginning to go on from",
      got: "none",
      kind: "failure",
    });
  return best;
}

const agree = (a: Float64Array, b: Float64Array): boolean =>
  a.every((m, i) => Math.abs(b[i] / m - 1) < 1e-6);

/** Levenberg-Marquardt on coefficients, logarithms of the masses and start states together. */
function descend(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  coupling: Coupling,
  { path, from, iterations }: { path: PathWeights | null; from: Point; iterations: number },
): Point {
  const pass = passOf(data, schedule, basis, from.starts);
  const about = (point: Omit<Point, "loss">): NormalEquations => {
    setMasses(data, point.masses, coupling);
    return pass.normalEquations(splineCurve(basis, point.coefficients), {
      starts: point.starts,
      ...(path === null ? {} : { along: path }),
    });
  };
  const smooth = roughness(basis);
  const size = pass.size;
  let point = from;
  let equations = about(from);
  point = { ...from, loss: equations.loss };
  let damping = 1e-2;
  for (let k = 0; k < iterations; k++) {
    const scale = diagonalMean(equations.metric, size);
    let accepted: { point: Point; equations: NormalEquations } | null = null;
    for (let attempt = 0; attempt < 7 && accepted === null; attempt++) {
      const step = solve(equations, smooth, point.coefficients, basis.size, scale, damping);
      if (step !== null) {
        const masses = point.masses.slice();
        for (let i = basis.size; i < size; i++) {
          const change = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, step[i]));
          step[i] = change;
          const mass = i - basis.size + 1;
          masses[mass] = masses[mass] * portableExp(change);
        }
        const trial = {
          coefficients: point.coefficients.map((c, i) => c + step[i]),
          masses,
          starts: moveStarts(data, point.starts, equations.eliminations, step, 1),
        };
        const there = about(trial);
        if (there.loss < point.loss || !Number.isFinite(point.loss))
          accepted = { point: { ...trial, loss: there.loss }, equations: there };
      }
      damping = accepted === null ? damping * 8 : Math.max(1e-12, damping / 8);
    }
    if (accepted === null) break;
    const gain = accepted.point.loss / point.loss;
    ({ point, equations } = accepted);
    if (gain > 0.9999) break;
  }
  setMasses(data, point.masses, coupling);
  return point;
}

function solve(
  { metric, gradient }: NormalEquations,
  smooth: Float64Array,
  coefficients: Float64Array,
  m: number,
  scale: number,
  damping: number,
): Float64Array | null {
  const size = gradient.length;
  const system = metric.slice();
  const step = gradient.map((g) => -g);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const p = PRIOR * scale * smooth[i * m + k];
      system[i * size + k] = system[i * size + k] + p;
      step[i] = step[i] - p * coefficients[k];
    }
    system[i * size + i] = system[i * size + i] + 1e-14 * scale;
  }
  for (let i = m; i < size; i++)
    system[i * size + i] = system[i * size + i] * (1 + damping) + damping * 1e-3 * scale;
  if (!choleskyFactor(system, size)) return null;
  choleskySolve(system, size, step);
  return step.every(Number.isFinite) ? step : null;
}

/** Masses with their standard deviations, from the equations at the end. */
function outcome(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  coupling: Coupling,
  { coefficients, masses, starts }: Point,
): FittedMass[] {
  setMasses(data, masses, coupling);
  const pass = passOf(data, schedule, basis, starts);
  const equations = pass.normalEquations(splineCurve(basis, coefficients), { starts });
  const { size } = pass;
  const posterior =
    bestPosterior(equations, lawAndMasses(coefficients, size), basis, {
      matrix: roughness(basis),
    }) ?? weakPosterior(equations, basis);
  // Residuals so small are the spline's own resolution, which does not average out.
  const together =
    posterior === null || posterior.variance > EXPLAINED
      ? 1
      : Math.sqrt(Math.max(1, equations.residuals / size));
  const gradients =
    posterior === null
      ? []
      : gradientsByTrajectory(pass, data, splineCurve(basis, coefficients), starts);
  const clustered = gradients.length >= CLUSTERS;
  const { lasting } = bodyResiduals(
    data,
    schedule,
    basis,
    splineCurve(basis, coefficients),
    starts,
  );
  const colour = Math.sqrt(lasting.reduce((a, b) => Math.max(a, b)));
  return Array.from(masses, (mass, particle) => {
    if (particle === 0) return { particle, mass, deviation: 0, determined: true };
    if (posterior === null)
      return { particle, mass, deviation: Number.POSITIVE_INFINITY, determined: false };
    const unit = new Float64Array(size);
    unit[basis.size + particle - 1] = 1;
    const formal = standardDeviation(posterior, unit);
    const deviation = clustered
      ? colour * Math.max(formal, scatter(posterior.factor, unit, gradients))
      : together * formal;
    return { particle, mass, deviation, determined: deviation < DETERMINED };
  });
}

/** Trajectories whose scatter says how sure a mass is. */
const CLUSTERS = 8;

/** Standard deviation of an unknown by the scatter of what the trajectories ask for. @param factor - of the metric and the prior */
function scatter(
  factor: Float64Array,
  unit: Float64Array,
  gradients: readonly Float64Array[],
): number {
  const row = choleskySolve(factor, unit.length, unit.slice());
  let sum = 0;
  for (const gradient of gradients) {
    const change = gradient.reduce((s, g, k) => s + g * row[k], 0);
    sum += change * change;
  }
  return Math.sqrt((sum * gradients.length) / (gradients.length - 1));
}

/** Under as weak a prior as factorisation allows: for residuals next to roundoff, which no prior can be judged by. */
function weakPosterior(
  { metric, sum, degreesOfFreedom }: NormalEquations,
  basis: SplineBasis,
): Pick<Posterior, "factor" | "variance"> | null {
  const size = Math.sqrt(metric.length);
  const scale = diagonalMean(metric, size);
  const smooth = roughness(basis);
  const variance = sum / Math.max(1, degreesOfFreedom - size);
  for (let weight = WEAKEST * scale; weight < scale; weight *= STRONGER) {
    const factor = metric.slice();
    for (let i = 0; i < basis.size; i++)
      for (let k = 0; k < basis.size; k++)
        factor[i * size + k] = factor[i * size + k] + weight * smooth[i * basis.size + k];
    if (choleskyFactor(factor, size)) return { factor, variance };
  }
  return null;
}

/** Coefficients, and a change of no mass. */
function lawAndMasses(coefficients: Float64Array, size: number): Float64Array {
  const all = new Float64Array(size);
  all.set(coefficients);
  return all;
}

/** Gauss-Newton on law, masses and start states from close by, the prior by evidence. */
function* converge(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  coupling: Coupling,
  from: Point,
): Generator<MassFitStep, Point> {
  const pass = passOf(data, schedule, basis, from.starts);
  const smooth = roughness(basis);
  const about = ({ coefficients, masses, starts }: Omit<Point, "loss">): NormalEquations => {
    setMasses(data, masses, coupling);
    return pass.normalEquations(splineCurve(basis, coefficients), { starts });
  };
  let equations = about(from);
  let point: Point = { ...from, loss: equations.loss };
  for (let k = 1; k <= ROLLOUT_ITERATIONS; k++) {
    const law = lawAndMasses(point.coefficients, pass.size);
    const p = bestPosterior(equations, law, basis, { matrix: smooth });
    if (p === null) break;
    const before = equations.sum + quadratic(p.prior, law);
    let accepted: { point: Point; equations: NormalEquations } | null = null;
    for (let attempt = 0, f = 1; attempt < ATTEMPTS && accepted === null; attempt++, f *= 0.4) {
      const trial = moved(data, point, equations, p.step, f);
      const there = about(trial);
      const penalised = there.sum + quadratic(p.prior, lawAndMasses(trial.coefficients, pass.size));
      if (penalised < before)
        accepted = { point: { ...trial, loss: there.loss }, equations: there };
    }
    if (accepted === null) break;
    const gain = equations.sum - accepted.equations.sum;
    ({ point, equations } = accepted);
    yield { phase: "masses by rollouts", iterations: k, loss: point.loss };
    if (Math.abs(gain) < GAIN * equations.sum) break;
  }
  setMasses(data, point.masses, coupling);
  return point;
}

/** A point after a share of a step. */
function moved(
  data: TrainingData,
  point: Point,
  { eliminations }: NormalEquations,
  step: Float64Array,
  share: number,
): Omit<Point, "loss"> {
  const m = point.coefficients.length;
  const masses = point.masses.map((mass, i) => {
    const change = i === 0 ? 0 : share * step[m + i - 1];
    return mass * portableExp(Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, change)));
  });
  return {
    coefficients: point.coefficients.map((c, i) => c + share * step[i]),
    masses,
    starts: moveStarts(data, point.starts, eliminations, step, share),
  };
}

function passOf(
  data: TrainingData,
  schedule: Schedule,
  basis: SplineBasis,
  starts: Starts,
): SensitivityPass {
  return new SensitivityPass(data, schedule, basis, {
    freeStarts: starts.velocityWeight !== null,
    extra: massScales(data),
  });
}

function pathOf({ times, velocities }: TrainingData, schedule: Schedule): PathWeights {
  if (velocities !== null) return hermitePath(times, schedule, Math.min(4, times.length));
  return times.length >= 7
    ? smoothPath(times, schedule, 3, 7)
    : lagrangePath(times, schedule, times.length - 1);
}

/** Writes what masses make of the law into the pair table. */
function setMasses(data: TrainingData, masses: Float64Array, coupling: Coupling): void {
  const weight =
    coupling === "mass-product"
      ? (i: number, j: number): number => masses[i] * masses[j]
      : (): number => 1;
  const { scaleI, scaleJ } = pairTable(masses, weight);
  data.masses.set(masses);
  data.scaleI.set(scaleI);
  data.scaleJ.set(scaleJ);
}
