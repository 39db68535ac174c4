import { curveAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { choleskyFactor, diagonalMean, matrixVector } from "../algebra/linear-algebra.ts";
import { type NormalEquations, SensitivityPass, tangentStep } from "../engine/sensitivity.ts";
import { bestPosterior, type Posterior } from "../prior/evidence.ts";
import { collocation } from "../prior/metric.ts";
import { bestPrior } from "../prior/prior.ts";
import { roughness } from "../prior/roughness.ts";
import { hermitePath, lagrangePath, type PathWeights } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import { sortedSeparations, type TrainingData } from "../records/training-data.ts";
import { buildBasis, type KnotShape } from "../splines/knots.ts";
import { solveWithPrior } from "./least-squares.ts";
import { type PicardProblem, picardEquations, picardFit } from "./picard.ts";

/** The function V' that the trajectories demand, and the metric that they measure it with. */
export interface SplineFit {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
  /** [basis.size] */
  readonly coefficients: Float64Array;
  /** Rollout loss of the spline. */
  readonly loss: number;
  /** About the last Gauss-Newton point. */
  readonly equations: NormalEquations;
  readonly roughness: Float64Array;
  /** Sorted separations at the records, one array a law. */
  readonly separations: readonly Float64Array[];
  /** Gauss-Newton passes made. */
  readonly passes: number;
  /** Where the fit ended with the prior of highest evidence. */
  readonly evidence: Posterior | null;
}

export interface SplineFitOptions {
  /** Knot intervals. */
  readonly cells?: number;
  /** A law whose shape the knots follow. */
  readonly shape?: KnotShape;
  /** Weight of the roughness prior, relative to the mean diagonal of the metric. */
  readonly prior?: number;
  /** Gauss-Newton passes that are always made, and at most. */
  readonly passes?: number;
  readonly maxPasses?: number;
  /** Above this loss more passes follow while it falls. */
  readonly goal?: number;
  /** Above this loss the robust search follows. */
  readonly robustAbove?: number;
  /** Separations to build the basis for. Default: those at the records. */
  readonly separations?: readonly Float64Array[];
  /** Begin with V' as it is here, unless the one-shot fit rolls out better. */
  readonly initial?: SlopeFunction;
  /** Look forces up along a path through positions and velocities, where there are any. */
  readonly throughVelocities?: boolean;
  /** A cheaper schedule for the sensitivities. */
  readonly tangents?: Schedule;
  /** Weigh the roughness of V' by its local size: for laws that span decades. */
  readonly relativeRoughness?: boolean;
  /** End with the prior of highest evidence. */
  readonly byEvidence?: boolean;
}

/** V' of each law. */
export type SlopeFunction = (law: number, r: number) => number;

/** One step of {@link fitSpline}. */
export interface SplineFitStep {
  readonly phase: "one-shot fit" | "Gauss-Newton" | "robust one-shot fit" | "robust Gauss-Newton";
  readonly iterations: number;
  readonly loss: number;
}

/** Data that a spline explains to this loss are exact, and nothing needs to be searched for. */
export const EXACT_LOSS = 1e-11;
/** Degree of the local polynomials through the records. */
const PATH_DEGREE = 9;
/** The one-shot fit before a Gauss-Newton pass needs only so many trajectories. */
const PICARD_TRAJECTORIES = 25;
/** Records in a stencil through positions and velocities: degree 9. */
const PATH_POINTS = 5;
/** A law to begin with that rolls out so well needs no other. */
const CLOSE = 1e-9;
/** Passes end when one lowers the loss by less than this factor: a free step, and one that had to be damped. */
const STALLED = 0.7;
const STUCK = 0.97;
/** Local polynomials and prior weights that the robust search tries. */
const ROBUST_DEGREES = [9, 7, 5, 3, 2];
const ROBUST_POINTS = [5, 4, 3, 2];
const ROBUST_PRIORS = [1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1, 10];
const ROBUST_MAX_PASSES = 15;
/** The robust search ends when a pass lowers the loss by less than this factor. */
const ROBUST_STALL = 0.9;

/**
 * Finds V' as a spline: one-shot fit along the data, then Gauss-Newton passes of the true rollout.
 *
 * Falls back to the robust search when the loss stays high; what rolls out better is kept.
 */
export function* fitSpline(
  data: TrainingData,
  schedule: Schedule,
  options: SplineFitOptions = {},
): Generator<SplineFitStep, SplineFit> {
  const { cells = 36, goal = EXACT_LOSS, robustAbove = EXACT_LOSS } = options;
  const separations = options.separations ?? sortedSeparations(data);
  if (!separations.every((s) => s[0] > 0))
    throw new MclnnError("two particles coincide in the training data", {
      code: "coincident-particles",
      argument: "positions",
      expected: "separations above 0",
      got: "a separation of 0",
    });
  const { shape } = options;
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  const pass = new SensitivityPass(
    data,
    schedule,
    basis,
    options.tangents === undefined ? {} : { tangents: options.tangents },
  );
  const problem: Problem = { data, schedule, basis, pass, prior: roughness(basis), separations };
  const fast = yield* fitFast(problem, options);
  if (fast !== null && fast.loss <= robustAbove) return fast;
  const robust = yield* fitRobust(problem, goal, fast, options);
  const best = robust === null || (fast !== null && fast.loss <= robust.loss) ? fast : robust;
  if (best === null)
    throw new MclnnError("no spline for V' could be fitted to the trajectories", {
      code: "fit-failed",
      argument: "data",
      expected: "trajectories that constrain V' at the separations they visit",
      got: `${data.trajectories} trajectories of ${data.records} records`,
      mend: "Give more trajectories, shorter record spacing or a smaller dt.",
      kind: "failure",
    });
  return best;
}

interface Problem extends PicardProblem {
  readonly prior: Float64Array;
  readonly separations: readonly Float64Array[];
}

/** One-shot fit and Gauss-Newton with a fixed, tiny prior: right for clean and plentiful data. */
function* fitFast(
  problem: Problem,
  options: SplineFitOptions,
): Generator<SplineFitStep, SplineFit | null> {
  const { passes = 1, maxPasses = 4, goal = EXACT_LOSS, prior: relative = 1e-10 } = options;
  const { data, basis, pass, prior } = problem;
  const { initial } = options;
  const begin = (c: Float64Array | null): { coefficients: Float64Array; loss: number } | null =>
    c === null ? null : { coefficients: c, loss: pass.loss(splineCurve(basis, c)) };
  const hint = begin(initial === undefined ? null : coefficientsOf(basis, initial));
  const shot =
    hint !== null && hint.loss <= CLOSE
      ? null
      : picardFit(
          picardEquations(problem, {
            along: firstPath(problem, options),
            every: Math.max(1, Math.floor(data.trajectories / PICARD_TRAJECTORIES)),
          }),
          prior,
          relative,
        );
  let equations: NormalEquations | null = null;
  /** Where the equations were taken. */
  let about: Float64Array | null = null;
  let first = hint;
  if (hint === null && shot !== null) {
    // They have the loss with them, from the same rollouts.
    equations = gaussNewtonEquations(problem, shot);
    about = shot;
    first = { coefficients: shot, loss: equations.loss };
  } else if (hint !== null) {
    const own = begin(shot);
    if (own !== null && own.loss < hint.loss) first = own;
  }
  if (first === null) return null;
  let { coefficients, loss } = first;
  yield { phase: "one-shot fit", iterations: 0, loss };
  let weightOfPrior = relative;
  let made = 0;
  let damping = 0;
  while (made < maxPasses && Number.isFinite(loss)) {
    if (equations === null || about !== coefficients) {
      equations = gaussNewtonEquations(problem, coefficients);
      about = coefficients;
    }
    made++;
    const scale = diagonalMean(equations.metric, basis.size);
    const smooth = options.relativeRoughness === true ? roughness(basis, coefficients) : prior;
    let accepted: { coefficients: Float64Array; loss: number } | null = null;
    if (options.relativeRoughness === true) {
      const best = bestOfWeights(problem, equations, smooth, coefficients, weightOfPrior * scale);
      if (best !== null && best.loss < equations.loss) {
        accepted = best;
        weightOfPrior = best.weight / scale;
        damping = 0;
      }
    }
    const weight = weightOfPrior * scale;
    for (let attempt = 0; attempt < 8 && accepted === null; attempt++) {
      const step = solveWithPrior(
        equations,
        smooth,
        weight,
        damping > 0 ? null : coefficients,
        damping,
      );
      if (step === null) break;
      const trial = add(coefficients, step, 1);
      const trialLoss = pass.loss(splineCurve(basis, trial));
      if (trialLoss < equations.loss) {
        accepted = { coefficients: trial, loss: trialLoss };
        damping = damping < 1e-7 ? 0 : damping * 0.1;
        break;
      }
      // Within roundoff of the optimum nothing lowers the loss any more.
      if (trialLoss <= goal && equations.loss <= goal) break;
      damping = damping === 0 ? 1e-4 : damping * 10;
    }
    yield { phase: "Gauss-Newton", iterations: made, loss: accepted?.loss ?? equations.loss };
    loss = accepted?.loss ?? equations.loss;
    if (accepted === null) break;
    coefficients = accepted.coefficients;
    const fallen = loss / equations.loss;
    if (made >= passes && (loss < goal || fallen > (damping === 0 ? STALLED : STUCK))) break;
  }
  let evidence: Posterior | null = null;
  if (options.byEvidence === true && Number.isFinite(loss)) {
    // A pass that found nothing better has left them.
    if (equations === null || about !== coefficients) {
      equations = gaussNewtonEquations(problem, coefficients);
      made++;
    }
    const shaped = bestPrior(equations, coefficients, basis);
    const p = bestPosterior(equations, coefficients, basis, shaped);
    if (p !== null) {
      const trial = add(coefficients, p.step, 1);
      const trialLoss = pass.loss(splineCurve(basis, trial));
      if (trialLoss <= EVIDENCE_ROOM * loss) {
        coefficients = trial;
        loss = trialLoss;
        evidence = p;
      }
    }
  }
  equations ??= gaussNewtonEquations(problem, coefficients);
  return { ...outcome(problem, coefficients, loss, equations), passes: made, evidence };
}

/** The law of highest evidence may have so much more loss than the one of least loss, which is rougher where few data are. */
const EVIDENCE_ROOM = 10;
/** Prior weights tried around the one that was best before. */
const WEIGHT_FACTORS = [1e-3, 1, 1e3];

/** The Gauss-Newton step whose prior weight rolls out best. */
function bestOfWeights(
  { basis, pass }: Problem,
  equations: NormalEquations,
  prior: Float64Array,
  coefficients: Float64Array,
  around: number,
): { coefficients: Float64Array; loss: number; weight: number } | null {
  let best: { coefficients: Float64Array; loss: number; weight: number } | null = null;
  for (const factor of WEIGHT_FACTORS) {
    const weight = factor * around;
    const step = solveWithPrior(equations, prior, weight, coefficients);
    if (step === null) continue;
    const trial = add(coefficients, step, 1);
    const loss = pass.loss(splineCurve(basis, trial));
    if (Number.isFinite(loss) && (best === null || loss < best.loss))
      best = { coefficients: trial, loss, weight };
  }
  return best;
}

function firstPath(
  { data: { times, velocities }, pass }: PicardProblem,
  { throughVelocities = false }: SplineFitOptions,
): PathWeights {
  return throughVelocities && velocities !== null
    ? hermitePath(times, pass.tangents, PATH_POINTS)
    : lagrangePath(times, pass.tangents, PATH_DEGREE);
}

function robustPaths(
  { data: { times, records, velocities }, pass }: PicardProblem,
  { throughVelocities = false }: SplineFitOptions,
): PathWeights[] {
  const degrees = ROBUST_DEGREES.filter((degree) => degree < records);
  const through =
    throughVelocities && velocities !== null
      ? ROBUST_POINTS.filter((points) => points <= records)
      : [];
  return [
    ...through.map((points) => hermitePath(times, pass.tangents, points)),
    ...(degrees.length > 0 ? degrees : [1]).map((degree) =>
      lagrangePath(times, pass.tangents, degree),
    ),
  ];
}

/** V' of a spline as a function. */
export function slopeOf(basis: SplineBasis, coefficients: Float64Array): SlopeFunction {
  const curve = splineCurve(basis, coefficients);
  return (law, r) => curveAt(basis.cells, curve, law, r);
}

/** Coefficients of the spline that agrees with V' at the collocation points. */
export function coefficientsOf(basis: SplineBasis, slope: SlopeFunction): Float64Array {
  const { points, toCoefficients } = collocation(basis);
  const values = new Float64Array(basis.size);
  for (const { law, first, size } of basis.clusters)
    for (let i = first; i < first + size; i++) values[i] = slope(law, points[i]);
  return matrixVector(toCoefficients, values, basis.size);
}

/**
 * Few data, hard walls, long record gaps: every combination of path degree and prior weight is rolled out and the best kept; then
 * Gauss-Newton steps whose prior weight is again the one that rolls out best.
 */
function* fitRobust(
  problem: Problem,
  goal: number,
  fast: SplineFit | null,
  options: SplineFitOptions,
): Generator<SplineFitStep, SplineFit | null> {
  const { basis, pass, prior } = problem;
  const rolled = (c: Float64Array): number => {
    const loss = pass.loss(splineCurve(basis, c));
    return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
  };
  let best = fast?.coefficients ?? null;
  let loss = fast !== null && Number.isFinite(fast.loss) ? fast.loss : Number.POSITIVE_INFINITY;
  let tried = 0;
  for (const along of robustPaths(problem, options)) {
    const equations = picardEquations(problem, { along });
    for (const weight of ROBUST_PRIORS) {
      const trial = picardFit(equations, prior, weight);
      if (trial === null) continue;
      const trialLoss = rolled(trial);
      if (trialLoss < loss) {
        loss = trialLoss;
        best = trial;
      }
    }
    yield { phase: "robust one-shot fit", iterations: ++tried, loss };
    // Gauss-Newton does the rest.
    if (loss <= EXACT_LOSS) break;
  }
  if (best === null || !Number.isFinite(loss)) return null;
  let equations = gaussNewtonEquations(problem, best);
  let made = 1;
  while (made < ROBUST_MAX_PASSES && loss > goal) {
    const scale = diagonalMean(equations.metric, basis.size);
    const smooth = options.relativeRoughness === true ? roughness(basis, best) : prior;
    let next: Float64Array | null = null;
    let nextLoss = loss;
    for (const weight of ROBUST_PRIORS)
      for (const fraction of [1, 0.3]) {
        const step = solveWithPrior(equations, smooth, weight * scale, best);
        if (step === null) continue;
        const trial = add(best, step, fraction);
        const trialLoss = rolled(trial);
        if (trialLoss < nextLoss) {
          nextLoss = trialLoss;
          next = trial;
        }
      }
    if (next === null) break;
    const stalled = nextLoss > ROBUST_STALL * loss;
    best = next;
    loss = nextLoss;
    equations = gaussNewtonEquations(problem, best);
    made++;
    yield { phase: "robust Gauss-Newton", iterations: made, loss };
    if (stalled) break;
  }
  return {
    ...outcome(problem, best, loss, equations),
    passes: made + (fast?.passes ?? 0),
    evidence: null,
  };
}

/** Normal equations about a spline's own rollout, with the largest tangent step that its stiffness allows. */
function gaussNewtonEquations(fit: PicardProblem, coefficients: Float64Array): NormalEquations {
  return equationsAbout(fit, splineCurve(fit.basis, coefficients));
}

/** The same about any curve on the basis' cells. */
export function equationsAbout(
  { data, basis, pass }: PicardProblem,
  curve: Float64Array,
): NormalEquations {
  return pass.normalEquations(curve, {
    tangentStep: tangentStep(data, pass.tangents, basis, curve),
  });
}

/** A prior as weak as factorisation allows, for error bars: relative to the mean diagonal of the metric, and how it grows. */
const WEAKEST = 1e-12;
const STRONGER = 30;

/**
 * How well the data fix V' where they are taken as exact. Null where nothing is left of them.
 *
 * What is left is the spline's own resolution: it does not average out over the residuals that one coefficient explains, so these count as one.
 */
export function posteriorOf({
  basis,
  equations,
  roughness: prior,
  loss,
  evidence,
}: SplineFit): Pick<Posterior, "factor" | "variance"> | null {
  const { size } = basis;
  const { residuals, degreesOfFreedom } = equations;
  const together = Math.max(1, residuals / size);
  const variance = (together * loss * residuals) / Math.max(1, degreesOfFreedom - size);
  if (!(variance > 0) || !Number.isFinite(variance)) return null;
  if (evidence !== null) return { factor: evidence.factor, variance };
  const scale = diagonalMean(equations.metric, size);
  for (let weight = WEAKEST * scale; weight < scale; weight *= STRONGER) {
    const factor = equations.metric.map((x, k) => x + weight * prior[k]);
    if (choleskyFactor(factor, size)) return { factor, variance };
  }
  return null;
}

function add(a: Float64Array, b: Float64Array, factor: number): Float64Array {
  return a.map((x, i) => x + factor * b[i]);
}

function outcome(
  { data, schedule, basis, pass, prior, separations }: Problem,
  coefficients: Float64Array,
  loss: number,
  equations: NormalEquations,
): Omit<SplineFit, "passes" | "evidence"> {
  return {
    data,
    schedule,
    basis,
    pass,
    coefficients,
    loss,
    equations,
    roughness: prior,
    separations,
  };
}
