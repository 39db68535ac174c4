import { MclnnError } from "@mclnn/physics";
import type { Schedule } from "../../rollout/schedule.ts";
import { type NormalEquations, SensitivityPass, tangentStep } from "../../rollout/sensitivity.ts";
import { moveStarts, type Starts } from "../../rollout/starts.ts";
import { sortedSeparations, type TrainingData } from "../training-data.ts";
import { buildBasis, type SplineBasis, splineCurve } from "./basis.ts";
import { bestPosterior, type Posterior, quadratic } from "./evidence.ts";
import {
  hermitePath,
  interpolatePath,
  lagrangePath,
  type PathWeights,
  smoothPath,
} from "./path.ts";
import { POWERS, type Prior, powerPrior } from "./prior.ts";

/** V' from measurements: with noise, and start states that are measurements or unknowns themselves. */
export interface MeasuredFit {
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** Rollout loss from the fitted starts. */
  readonly loss: number;
  readonly equations: NormalEquations;
  readonly posterior: Posterior;
  /** Estimated standard deviation of a position component. */
  readonly noise: number;
  /** Exponent of the prior chosen by evidence. */
  readonly power: number;
  readonly path: string;
  readonly separations: readonly Float64Array[];
  readonly passes: number;
}

export interface MeasuredFitOptions {
  /** Knot intervals. Default 36. */
  readonly cells?: number;
  /** sigma of positions over sigma of velocities; 0 where velocities are unknown. */
  readonly velocityWeight: number;
  readonly maxPasses?: number;
}

export interface MeasuredFitStep {
  readonly phase: "smoothing" | "Gauss-Newton with free starts";
  readonly iterations: number;
  readonly loss: number;
}

/** Line search: shares of the Gauss-Newton step. */
const FRACTION = 0.4;
const ATTEMPTS = 9;
/** Stops when a pass gains less than this share of what one coefficient is worth. */
const GAIN = 1e-4;

/**
 * Fits V' and the start states together: start states are eliminated trajectory by trajectory, the weight and the shape of the prior are
 * those of highest evidence, and steps are accepted by the penalised loss of the true rollout.
 */
export function* fitMeasured(
  data: TrainingData,
  schedule: Schedule,
  { cells = 36, velocityWeight, maxPasses = 14 }: MeasuredFitOptions,
): Generator<MeasuredFitStep, MeasuredFit> {
  const separations = sortedSeparations(data);
  const basis = buildBasis(separations, { cells });
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true });
  const plain = powerPrior(basis, 0);
  const zero = new Float64Array(basis.size);
  const zeroCurve = new Float64Array(4 * basis.cells.count);
  let best: { coefficients: Float64Array; starts: Starts; loss: number; path: string } | null =
    null;
  for (const path of pathCandidates(data, schedule, velocityWeight > 0)) {
    const starts = startsAlong(data, schedule, path, velocityWeight);
    const line = new Float64Array(schedule.events * data.components);
    const equations = pass.normalEquations(zeroCurve, {
      path: (t) => interpolatePath(data, path, t, line),
      starts,
    });
    const p = bestPosterior(equations, zero, basis, plain.matrix);
    if (p === null) continue;
    const moved = moveStarts(data, starts, equations.eliminations, p.step, 1);
    const loss = pass.loss(splineCurve(basis, p.step), moved);
    if (best === null || loss < best.loss || !Number.isFinite(best.loss))
      best = { coefficients: p.step, starts: moved, loss, path: path.name };
    yield { phase: "smoothing", iterations: 0, loss: best.loss };
  }
  if (best === null || !Number.isFinite(best.loss))
    throw new MclnnError("no law could be fitted to the measurements", {
      code: "fit-failed",
      expected: "trajectories that constrain V' at the separations they visit",
      got: `${data.trajectories} trajectories of ${data.records} records`,
      mend: "Give more trajectories or records closer in time.",
      kind: "failure",
    });

  let { coefficients, starts, loss } = best;
  let passes = 0;
  const about = (c: Float64Array, s: Starts): NormalEquations => {
    const curve = splineCurve(basis, c);
    return pass.normalEquations(curve, {
      starts: s,
      tangentStep: tangentStep(data, schedule, basis, curve),
    });
  };
  let equations = about(coefficients, starts);
  /** Gauss-Newton to convergence under one shape of prior. */
  function* converge(prior: Prior): Generator<MeasuredFitStep, void> {
    for (let k = 0; k < maxPasses; k++) {
      const p = bestPosterior(equations, coefficients, basis, prior.matrix);
      if (p === null) return;
      const before = equations.sum + quadratic(p.prior, coefficients);
      let penalised = Number.POSITIVE_INFINITY;
      for (let attempt = 0, f = 1; attempt < ATTEMPTS; attempt++, f *= FRACTION) {
        const c = coefficients.map((x, i) => x + f * (p.step[i] as number));
        const s = moveStarts(data, starts, equations.eliminations, p.step, f);
        const l = pass.loss(splineCurve(basis, c), s);
        const trial = l * equations.residuals + quadratic(p.prior, c);
        if (!(trial <= before * (1 + 1e-12))) continue;
        coefficients = c;
        starts = s;
        loss = l;
        penalised = trial;
        break;
      }
      if (!Number.isFinite(penalised)) return;
      passes++;
      equations = about(coefficients, starts);
      yield { phase: "Gauss-Newton with free starts", iterations: passes, loss };
      if (before - penalised < (GAIN * before * basis.size) / equations.degreesOfFreedom) return;
    }
  }
  // Plain roughness first: a power read off a poor start would pin the law to it.
  yield* converge(plain);
  const { power, prior } = bestPower(equations, coefficients, basis);
  if (power !== 0) yield* converge(prior);
  const final = bestPosterior(equations, coefficients, basis, prior.matrix);
  if (final === null)
    throw new MclnnError("the measurements leave the law undetermined", {
      code: "fit-failed",
      expected: `more than ${basis.size} independent residuals`,
      got: `${equations.degreesOfFreedom}`,
      mend: "Give more trajectories, or fewer cells.",
      kind: "failure",
    });
  return {
    data,
    schedule,
    basis,
    pass,
    coefficients,
    starts,
    loss,
    equations,
    posterior: final,
    noise: Math.sqrt(final.variance),
    power,
    path: best.path,
    separations,
    passes,
  };
}

function bestPower(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
): { power: number; prior: Prior } {
  let best: { power: number; prior: Prior; evidence: number } | null = null;
  for (const power of POWERS) {
    const prior = powerPrior(basis, power);
    const p = bestPosterior(equations, coefficients, basis, prior.matrix);
    if (p === null) continue;
    const evidence = p.evidence + 0.5 * prior.logDeterminant;
    if (best === null || evidence > best.evidence) best = { power, prior, evidence };
  }
  return best ?? { power: 0, prior: powerPrior(basis, 0) };
}

/** Paths through or along the records, the smoothest that may do first. */
function pathCandidates(
  { times }: TrainingData,
  schedule: Schedule,
  withVelocities: boolean,
): PathWeights[] {
  const records = times.length;
  const smooth = (
    [
      [3, 7],
      [3, 11],
      [4, 13],
      [5, 17],
      [3, 5],
    ] as const
  )
    .filter(([, window]) => window <= records)
    .map(([degree, window]) => smoothPath(times, schedule, degree, window));
  const through = withVelocities
    ? [4, 3, 2].filter((p) => p <= records).map((p) => hermitePath(times, schedule, p))
    : [lagrangePath(times, schedule, Math.min(3, records - 1))];
  return [...smooth, ...through];
}

/** Start states on a path: its first position, and its velocity there (or the measured one). */
function startsAlong(
  data: TrainingData,
  schedule: Schedule,
  path: PathWeights,
  velocityWeight: number,
): Starts {
  const { trajectories, components } = data;
  const positions = new Float64Array(trajectories * components);
  const velocities = new Float64Array(trajectories * components);
  const line = new Float64Array(schedule.events * components);
  let next = 1;
  while ((schedule.time[next] as number) <= (schedule.time[0] as number)) next++;
  const h = (schedule.time[next] as number) - (schedule.time[0] as number);
  for (let t = 0; t < trajectories; t++) {
    interpolatePath(data, path, t, line);
    for (let c = 0; c < components; c++) {
      const o = t * components + c;
      positions[o] = line[c] as number;
      velocities[o] =
        velocityWeight > 0
          ? (data.startVelocities[o] as number)
          : ((line[next * components + c] as number) - (line[c] as number)) / h;
    }
  }
  return { positions, velocities, velocityWeight };
}
