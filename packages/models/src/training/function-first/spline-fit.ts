import { MclnnError } from "@mclnn/physics";
import { diagonalMean } from "../../linear-algebra.ts";
import type { Schedule } from "../../rollout/schedule.ts";
import { type NormalEquations, SensitivityPass, tangentStep } from "../../rollout/sensitivity.ts";
import { sortedSeparations, type TrainingData } from "../training-data.ts";
import { buildBasis, roughness, type SplineBasis, splineCurve } from "./basis.ts";
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
}

export interface SplineFitOptions {
  /** Knot intervals. */
  readonly cells?: number;
  /** Weight of the roughness prior, relative to the mean diagonal of the metric. */
  readonly prior?: number;
  /** Gauss-Newton passes that are always made, and at most. */
  readonly passes?: number;
  readonly maxPasses?: number;
  /** Above this loss more passes follow while it falls. */
  readonly goal?: number;
  /** Above this loss the robust search follows. */
  readonly robustAbove?: number;
}

/** One step of {@link fitSpline}. */
export interface SplineFitStep {
  readonly phase: "one-shot fit" | "Gauss-Newton" | "robust one-shot fit" | "robust Gauss-Newton";
  readonly iterations: number;
  readonly loss: number;
}

/** Degree of the local polynomials through the records. */
const PATH_DEGREE = 9;
/** The one-shot fit before a Gauss-Newton pass needs only so many trajectories. */
const PICARD_TRAJECTORIES = 25;
/** Local polynomials and prior weights that the robust search tries. */
const ROBUST_DEGREES = [9, 7, 5, 3, 2];
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
  const { cells = 36, goal = 1e-11, robustAbove = 1e-11 } = options;
  const separations = sortedSeparations(data);
  if (!separations.every((s) => (s[0] as number) > 0))
    throw new MclnnError("two particles coincide in the training data", {
      code: "coincident-particles",
      argument: "positions",
      expected: "separations above 0",
      got: "a separation of 0",
    });
  const basis = buildBasis(separations, { cells });
  const pass = new SensitivityPass(data, schedule, basis);
  const problem: Problem = { data, schedule, basis, pass, prior: roughness(basis), separations };
  const fast = yield* fitFast(problem, options);
  if (fast !== null && fast.loss <= robustAbove) return fast;
  const robust = yield* fitRobust(problem, goal, fast);
  const best = robust === null || (fast !== null && fast.loss <= robust.loss) ? fast : robust;
  if (best === null)
    throw new MclnnError("no spline for V' could be fitted to the trajectories", {
      code: "fit-failed",
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
  const { passes = 1, maxPasses = 4, goal = 1e-11, prior: relative = 1e-10 } = options;
  const { data, basis, pass, prior } = problem;
  const every = Math.max(1, Math.floor(data.trajectories / PICARD_TRAJECTORIES));
  const picard = picardEquations(problem, { degree: PATH_DEGREE, every });
  let coefficients = picardFit(picard, prior, relative);
  if (coefficients === null) return null;
  let loss = pass.loss(splineCurve(basis, coefficients));
  yield { phase: "one-shot fit", iterations: 0, loss };
  let equations = picard;
  let made = 0;
  let damping = 0;
  while (made < maxPasses && Number.isFinite(loss)) {
    equations = gaussNewtonEquations(problem, coefficients);
    made++;
    const weight = relative * diagonalMean(equations.metric, basis.size);
    let accepted: { coefficients: Float64Array; loss: number } | null = null;
    for (let attempt = 0; attempt < 8; attempt++) {
      const step = solveWithPrior(
        equations,
        prior,
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
    if (made >= passes && (loss < goal || (damping === 0 && loss > 0.7 * equations.loss))) break;
  }
  return { ...outcome(problem, coefficients, loss, equations), passes: made };
}

/**
 * Few data, hard walls, long record gaps: every combination of path degree and prior weight is rolled out and the best kept; then
 * Gauss-Newton steps whose prior weight is again the one that rolls out best.
 */
function* fitRobust(
  problem: Problem,
  goal: number,
  fast: SplineFit | null,
): Generator<SplineFitStep, SplineFit | null> {
  const { data, basis, pass, prior } = problem;
  const rolled = (c: Float64Array): number => {
    const loss = pass.loss(splineCurve(basis, c));
    return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
  };
  let best = fast?.coefficients ?? null;
  let loss = fast !== null && Number.isFinite(fast.loss) ? fast.loss : Number.POSITIVE_INFINITY;
  const degrees = ROBUST_DEGREES.filter((degree) => degree < data.records);
  for (const degree of degrees.length > 0 ? degrees : [1]) {
    const equations = picardEquations(problem, { degree });
    for (const weight of ROBUST_PRIORS) {
      const trial = picardFit(equations, prior, weight);
      if (trial === null) continue;
      const trialLoss = rolled(trial);
      if (trialLoss < loss) {
        loss = trialLoss;
        best = trial;
      }
    }
    yield { phase: "robust one-shot fit", iterations: degree, loss };
  }
  if (best === null || !Number.isFinite(loss)) return null;
  let equations = gaussNewtonEquations(problem, best);
  let made = 1;
  while (made < ROBUST_MAX_PASSES && loss > goal) {
    const scale = diagonalMean(equations.metric, basis.size);
    let next: Float64Array | null = null;
    let nextLoss = loss;
    for (const weight of ROBUST_PRIORS)
      for (const fraction of [1, 0.3]) {
        const step = solveWithPrior(equations, prior, weight * scale, best);
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
  return { ...outcome(problem, best, loss, equations), passes: made + (fast?.passes ?? 0) };
}

/** Normal equations about a spline's own rollout, with the largest tangent step that its stiffness allows. */
function gaussNewtonEquations(fit: PicardProblem, coefficients: Float64Array): NormalEquations {
  return equationsAbout(fit, splineCurve(fit.basis, coefficients));
}

/** The same about any curve on the basis' cells. */
export function equationsAbout(
  { data, schedule, basis, pass }: PicardProblem,
  curve: Float64Array,
): NormalEquations {
  return pass.normalEquations(curve, {
    tangentStep: tangentStep(data, schedule, basis, curve),
  });
}

function add(a: Float64Array, b: Float64Array, factor: number): Float64Array {
  return a.map((x, i) => x + factor * (b[i] as number));
}

function outcome(
  { data, schedule, basis, pass, prior, separations }: Problem,
  coefficients: Float64Array,
  loss: number,
  equations: NormalEquations,
): Omit<SplineFit, "passes"> {
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
