import { curveAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import type { Term } from "@mclnn/physics/terms";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import { bestPosterior, type Posterior } from "../prior/evidence.ts";
import { type Likelihood, likelihoodAfter } from "../prior/likelihood.ts";
import { collocation } from "../prior/metric.ts";
import { bestPrior } from "../prior/prior.ts";
import { roughness } from "../prior/roughness.ts";
import { varianceOf, weakPosterior } from "../prior/weak-posterior.ts";
import type { Schedule } from "../records/schedule.ts";
import { sortedSeparations, type TrainingData } from "../records/training-data.ts";
import { givenStarts } from "../rollout/starts.ts";
import { buildBasis, type KnotShape } from "../splines/knots.ts";
import { exactPath, exactPaths, fitAlongPath, pathEquations } from "./along-the-path.ts";
import { type Beginning, type Descent, gaussNewton, linearised } from "./gauss-newton.ts";
import { exactStarts, joined, type LawPoint, lossAt, parted, type Rolled } from "./problems.ts";
import { ROBUST_WEIGHTS, RULES } from "./rules.ts";

/** The function V' that the trajectories demand, and the metric that they measure it with. */
export interface SplineFit extends Rolled {
  /** [basis.size] */
  readonly coefficients: Float64Array;
  /** Coefficients of other terms. */
  readonly values: Float64Array;
  /** Rollout loss of the spline. */
  readonly loss: number;
  /** About the last Gauss-Newton point. */
  readonly equations: NormalEquations;
  /** From that point to the law. [pass.size] */
  readonly step: Float64Array;
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
  /** Begin with V' as it is here, unless the fit along the path rolls out better. */
  readonly initial?: SlopeFunction;
  /** Look forces up along a path through positions and velocities, where there are any. */
  readonly throughVelocities?: boolean;
  /** A cheaper schedule for the sensitivities. */
  readonly tangents?: Schedule;
  /** Weigh the roughness of V' by its local size: for laws that span decades. */
  readonly relativeRoughness?: boolean;
  /** End with the prior of highest evidence. */
  readonly byEvidence?: boolean;
  /** What may act beside the pair law. */
  readonly terms?: readonly Term[];
  /** Coefficients of the terms to begin with, where there is an initial law. Default: none of them is there. */
  readonly initialValues?: Float64Array;
}

/** V' of each law. */
export type SlopeFunction = (law: number, r: number) => number;

/** One step of {@link fitSpline}. */
export interface SplineFitStep {
  readonly phase:
    | "fit along the path"
    | "Gauss-Newton"
    | "robust fit along the path"
    | "robust Gauss-Newton";
  readonly iterations: number;
  readonly loss: number;
}

/** Data that a spline explains to this loss are exact, and nothing needs to be searched for. */
export const EXACT_LOSS = 1e-11;
/** The fit along the path before a Gauss-Newton pass needs only so many trajectories. */
const PATH_TRAJECTORIES = 25;
/** A law to begin with that rolls out so well needs no other. */
const CLOSE = 1e-9;
/** The law of highest evidence may have so much more loss than the one of least loss, which is rougher where few data are. */
const EVIDENCE_ROOM = 10;

/**
 * Finds V' as a spline: a fit along the records' path, then Gauss-Newton passes of the true rollout.
 *
 * Falls back to the robust search when the loss stays high; what rolls out better is kept.
 */
export function* fitSpline(
  data: TrainingData,
  schedule: Schedule,
  options: SplineFitOptions = {},
): Generator<SplineFitStep, SplineFit> {
  const { cells = 36, robustAbove = EXACT_LOSS, tangents = schedule, shape, terms = [] } = options;
  const separations = options.separations ?? sortedSeparations(data);
  if (!separations.every((s) => s[0] > 0))
    throw new MclnnError("two particles coincide in the training data", {
      code: "coincident-particles",
      argument: "positions",
      expected: "separations above 0",
      got: "a separation of 0",
    });
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  const pass = new SensitivityPass(data, schedule, basis, { tangents, terms });
  const rolled = { data, schedule, basis, pass };
  const exact: Exact = { ...rolled, roughness: roughness(basis), separations, options };
  const fast = yield* fitFast(exact);
  if (fast !== null && fast.loss <= robustAbove) return fast;
  const robust = yield* fitRobust(exact, fast);
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

interface Exact extends Rolled {
  readonly roughness: Float64Array;
  readonly separations: readonly Float64Array[];
  readonly options: SplineFitOptions;
}

const pointOf = ({ data }: Rolled, unknowns: Float64Array): LawPoint => ({
  unknowns,
  starts: givenStarts(data),
});

/** A fit along the path and Gauss-Newton with a tiny prior: right for clean and plentiful data. */
function* fitFast(exact: Exact): Generator<SplineFitStep, SplineFit | null> {
  const { basis, options } = exact;
  const { passes = 1, maxPasses = 4, goal = EXACT_LOSS, prior: weight = 1e-10 } = options;
  const problem = exactStarts(exact);
  const first = beginning(exact, weight);
  if (first === null) return null;
  yield { phase: "fit along the path", iterations: 0, loss: first.loss };
  const { relativeRoughness = false } = options;
  const rules = RULES.exact({ basis, relativeRoughness, goal, passes, maxPasses });
  const steps = gaussNewton(problem, { ...first, strength: { weight, damping: 0 } }, rules);
  let made = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next())
    yield { phase: "Gauss-Newton", iterations: ++made, loss: step.value.loss };
  const found = step.value;
  if (options.byEvidence !== true || !Number.isFinite(found.loss))
    return fitOf(exact, found, made, null);
  const end = linearised(problem, found, rules);
  if (end.equations !== found.equations) made++;
  const { unknowns } = end.at;
  const posterior = bestPosterior(
    end.equations,
    unknowns,
    basis,
    bestPrior(end.equations, unknowns, basis),
  );
  if (posterior === null) return fitOf(exact, end, made, null);
  const likely = problem.moved(end.at, end.equations, posterior.step, 1);
  const loss = problem.loss(likely);
  return loss <= EVIDENCE_ROOM * end.loss
    ? fitOf(exact, { ...end, at: likely, loss }, made, posterior)
    : fitOf(exact, end, made, null);
}

/** The law that rolls out best of a hint and of the fit along the path, which a close hint makes needless; null where there is neither. */
function beginning(
  exact: Exact,
  weight: number,
): (Beginning<LawPoint> & { readonly loss: number }) | null {
  const { data, basis, pass, options, roughness: smooth } = exact;
  const { initial, throughVelocities = false } = options;
  const rolledOut = (unknowns: Float64Array) => {
    const at = pointOf(exact, unknowns);
    return { at, loss: lossAt(exact, at) };
  };
  const hint =
    initial === undefined
      ? null
      : rolledOut(joined(pass, coefficientsOf(basis, initial), options.initialValues));
  if (hint !== null && hint.loss <= CLOSE) return hint;
  const equations = pathEquations(exact, {
    along: exactPath(data, pass.tangents, throughVelocities),
    every: Math.max(1, Math.floor(data.trajectories / PATH_TRAJECTORIES)),
  });
  const shot = fitAlongPath(exact, equations, smooth, weight);
  if (shot === null) return hint;
  // Equations about it have the loss with them, from the same rollouts.
  if (hint === null)
    return linearised(exactStarts(exact), { at: pointOf(exact, shot) }, { sensitivities: "new" });
  const own = rolledOut(shot);
  return own.loss < hint.loss ? own : hint;
}

/**
 * Few data, hard walls, long record gaps: every combination of path degree and prior weight is rolled out and the best kept; then
 * Gauss-Newton steps whose prior weight is again the one that rolls out best.
 */
function* fitRobust(
  exact: Exact,
  fast: SplineFit | null,
): Generator<SplineFitStep, SplineFit | null> {
  const { data, basis, pass, options } = exact;
  const { throughVelocities = false, goal = EXACT_LOSS, relativeRoughness = false } = options;
  let best = fast === null ? null : joined(exact.pass, fast.coefficients, fast.values);
  let loss = fast !== null && Number.isFinite(fast.loss) ? fast.loss : Number.POSITIVE_INFINITY;
  let tried = 0;
  for (const along of exactPaths(data, pass.tangents, throughVelocities)) {
    const equations = pathEquations(exact, { along });
    for (const weight of ROBUST_WEIGHTS) {
      const trial = fitAlongPath(exact, equations, exact.roughness, weight);
      const own = trial === null ? Number.NaN : lossAt(exact, pointOf(exact, trial));
      if (own < loss) {
        loss = own;
        best = trial;
      }
    }
    yield { phase: "robust fit along the path", iterations: ++tried, loss };
    // Gauss-Newton does the rest.
    if (loss <= EXACT_LOSS) break;
  }
  if (best === null || !Number.isFinite(loss)) return null;
  const problem = exactStarts(exact);
  const rules = RULES.robust({ basis, relativeRoughness, goal });
  let made = 1;
  let found = linearised(problem, { at: pointOf(exact, best), loss }, rules);
  if (loss > goal) {
    const steps = gaussNewton(problem, found, rules);
    let step = steps.next();
    for (; step.done !== true; step = steps.next())
      if (step.value.taken)
        yield { phase: "robust Gauss-Newton", iterations: ++made, loss: step.value.loss };
    found = linearised(problem, step.value, rules);
  }
  return fitOf(exact, found, made + (fast?.passes ?? 0), null);
}

function fitOf(
  { data, schedule, basis, pass, roughness: smooth, separations }: Exact,
  { at, about, loss, equations }: Descent<LawPoint>,
  passes: number,
  evidence: Posterior | null,
): SplineFit {
  const { coefficients, values } = parted(basis, at.unknowns);
  return {
    data,
    schedule,
    basis,
    pass,
    coefficients,
    values,
    loss,
    equations,
    step: at.unknowns.map((c, i) => c - about.unknowns[i]),
    roughness: smooth,
    separations,
    passes,
    evidence,
  };
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
 * How well the data fix V' where they are taken as exact. Null where nothing is left of them.
 *
 * What is left is the spline's own resolution: it does not average out over the residuals that one coefficient explains, so these count as one. So does what
 * steps make of the rollouts, which the law takes up and residuals do not show.
 *
 * @param stepError - mean square difference of rollouts to those of half steps
 */
export function posteriorOf(
  { basis, equations, step, loss, evidence }: SplineFit,
  stepError = 0,
): (Pick<Posterior, "factor" | "variance"> & { likelihood: Likelihood }) | null {
  const { residuals } = equations;
  const together = Math.max(1, residuals / basis.size);
  const sum = together * (loss + stepError) * residuals;
  const variance = varianceOf(equations, sum);
  if (!(variance > 0)) return null;
  const own =
    evidence === null
      ? weakPosterior(equations, basis, sum)
      : { factor: evidence.factor, variance };
  return own === null ? null : { ...own, likelihood: likelihoodAfter(equations, step) };
}
