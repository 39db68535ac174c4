import type { NormalEquations } from "../engine/sensitivity.ts";
import { bestPosterior, type Posterior } from "../prior/evidence.ts";
import { bestPrior, type Prior, type PriorShape, powerPrior } from "../prior/prior.ts";
import { noisyPaths, pathEquations, startsOnPath } from "./along-the-path.ts";
import { type Descent, gaussNewton, linearised, renewed } from "./gauss-newton.ts";
import {
  type FittedLaw,
  freeStarts,
  hasManyUnknowns,
  type LawPoint,
  lossAt,
  parted,
  type Rolled,
} from "./problems.ts";
import { RULES } from "./rules.ts";
import type { LawWithStarts } from "./start-states.ts";

/** Measurements, and what a fit to them goes by. */
export interface Measured extends Rolled {
  /** Noise variance that the records cannot exceed. */
  readonly mostVariance: number;
  readonly separations: readonly Float64Array[];
  /** sigma of positions over sigma of velocities; 0 where velocities are unknown. */
  readonly velocityWeight: number;
  readonly maxPasses: number;
  /** Ends when two passes in a row change the loss by less than this share. */
  readonly tolerance: number;
}

/** V' from measurements: with noise, and start states that are measurements or unknowns themselves. */
export interface MeasuredFit extends Rolled {
  /** [basis.size] */
  readonly coefficients: Float64Array;
  /** Coefficients of other terms. */
  readonly values: Float64Array;
  readonly starts: LawPoint["starts"];
  /** Rollout loss from the fitted starts. */
  readonly loss: number;
  readonly equations: NormalEquations;
  readonly posterior: Posterior;
  /** Estimated standard deviation of a position component. */
  readonly noise: number;
  /** The prior chosen by evidence. */
  readonly prior: PriorShape;
  /** Log evidence, comparable between fits of the same data on the same basis. */
  readonly evidence: number;
  readonly separations: readonly Float64Array[];
  readonly passes: number;
}

export interface MeasuredFitStep {
  readonly phase: "smoothing" | "Gauss-Newton with free starts";
  readonly iterations: number;
  readonly loss: number;
  readonly law: FittedLaw;
}

/** V' where a fit is. */
const lawAt = ({ basis, separations }: Measured, { unknowns }: LawPoint): FittedLaw => ({
  basis,
  separations,
  coefficients: parted(basis, unknowns).coefficients,
});

/** So many times the noise that records can have: what is left is not noise. */
export const MISFIT = 3;
/** Roughness alone. */
const PLAIN: PriorShape = { power: 0, correlation: 0 };
/** Passes after sensitivities were made anew. */
const LAST_PASSES = 2;

/** Fits along paths through the records, best rollout first. */
export function* onPaths(measured: Measured): Generator<MeasuredFitStep, LawWithStarts[]> {
  const { data, basis, pass, velocityWeight, mostVariance } = measured;
  const problem = freeStarts(measured);
  const plain = powerPrior(basis, 0);
  const unknowns = new Float64Array(pass.size);
  const found: LawWithStarts[] = [];
  for (const along of noisyPaths(data, pass.tangents, velocityWeight > 0)) {
    const starts = startsOnPath(data, pass.tangents, along, velocityWeight);
    const equations = pathEquations(measured, { along, starts });
    const shaped = bestPrior(equations, unknowns, basis, { correlated: false, mostVariance });
    for (const prior of shaped === plain ? [plain] : [plain, shaped]) {
      const posterior = bestPosterior(equations, unknowns, basis, prior, mostVariance);
      if (posterior === null) continue;
      const at = problem.moved({ unknowns, starts }, equations, posterior.step, 1);
      const loss = lossAt(measured, at);
      if (Number.isFinite(loss)) found.push({ ...at, loss });
      yield { phase: "smoothing", iterations: 0, loss, law: lawAt(measured, at) };
    }
  }
  return found.sort((a, b) => a.loss - b.loss);
}

/** A descent on the way, and how many passes were made. */
interface Way {
  readonly now: Descent<LawPoint>;
  readonly passes: number;
}

/** Gauss-Newton to convergence, the shape of the prior by evidence; null when the data leave the law undetermined. */
export function* fitFrom(
  measured: Measured,
  from: LawWithStarts,
  made: number,
): Generator<MeasuredFitStep, MeasuredFit | null> {
  const { data, basis, mostVariance: noise } = measured;
  const problem = freeStarts(measured);
  const near = from.near === undefined ? {} : { equations: from.near };
  const kept = hasManyUnknowns(data) ? "kept" : "new";
  const now = linearised(problem, { at: from, loss: from.loss, ...near }, { sensitivities: kept });
  if (!Number.isFinite(now.equations.sum)) return null;
  // Plain roughness first where none is known: a power read off a poor start would pin the law to it.
  const { power, correlation } = from.prior ?? PLAIN;
  const first = powerPrior(basis, power, correlation);
  let way = yield* under(measured, { now, passes: made }, first, noise);
  if (way.now.stale) {
    // It ends with sensitivities of next to where it ends.
    const fresh = { ...way, now: renewed(problem, way.now) };
    way = yield* under(measured, fresh, first, noise, LAST_PASSES);
  }
  let mostVariance = noise;
  // Residuals that stay far above the noise are the law's own failure, which is smoothed like noise.
  if (way.now.loss > MISFIT * noise) {
    mostVariance = Number.POSITIVE_INFINITY;
    way = yield* under(measured, way, first, mostVariance);
  }
  const begun = fitUnder(measured, way, first, mostVariance);
  const { equations, at } = way.now;
  const prior = bestPrior(equations, at.unknowns, basis, { correlated: true, mostVariance });
  if (prior === first) return begun;
  way = yield* under(measured, way, prior, mostVariance);
  const shaped = fitUnder(measured, way, prior, mostVariance);
  if (shaped === null || begun === null) return shaped ?? begun;
  return shaped.evidence > begun.evidence ? shaped : { ...begun, passes: way.passes };
}

/** Gauss-Newton under a prior whose weight evidence chooses. */
function* under(
  measured: Measured,
  { now, passes: made }: Way,
  prior: Prior,
  mostVariance: number,
  passes = measured.maxPasses,
): Generator<MeasuredFitStep, Way> {
  const { data, basis, tolerance } = measured;
  const problem = freeStarts(measured);
  const manyUnknowns = hasManyUnknowns(data);
  const rules = RULES.measured({ basis, prior, mostVariance, passes, tolerance, manyUnknowns });
  const steps = gaussNewton(problem, now, rules);
  let iterations = made;
  let step = steps.next();
  for (; step.done !== true; step = steps.next())
    if (step.value.taken)
      yield {
        phase: "Gauss-Newton with free starts",
        iterations: ++iterations,
        loss: step.value.loss,
        law: lawAt(measured, step.value.at),
      };
  return { now: linearised(problem, step.value, rules), passes: iterations };
}

/** The fit where a descent has ended; null where the data do not determine it. */
function fitUnder(
  { data, schedule, basis, pass, separations }: Measured,
  { now: { at, loss, equations }, passes }: Way,
  prior: Prior,
  mostVariance: number,
): MeasuredFit | null {
  const posterior = bestPosterior(equations, at.unknowns, basis, prior, mostVariance);
  if (posterior === null) return null;
  const { coefficients, values } = parted(basis, at.unknowns);
  return {
    data,
    schedule,
    basis,
    pass,
    coefficients,
    values,
    starts: at.starts,
    loss,
    equations,
    posterior,
    noise: Math.sqrt(posterior.variance),
    prior: { power: prior.power, correlation: prior.correlation },
    evidence: posterior.evidence + 0.5 * prior.logDeterminant,
    separations,
    passes,
  };
}
