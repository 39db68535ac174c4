import { curveAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import { type NormalEquations, SensitivityPass, tangentStep } from "../engine/sensitivity.ts";
import { bestPosterior, type Posterior, penalty } from "../prior/evidence.ts";
import { bestPrior, type Prior, powerPrior } from "../prior/prior.ts";
import {
  hermitePath,
  interpolatePath,
  lagrangePath,
  localVariance,
  type PathWeights,
  smoothPath,
} from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import {
  beginningSegments,
  hasLongSegments,
  LONG_SEGMENT,
  mustBeCut,
  segmentsOf,
} from "../records/segments.ts";
import { someTrajectories, type TrainingData } from "../records/training-data.ts";
import { givenStarts, moveStarts, type Starts } from "../rollout/starts.ts";
import { buildBasis, type KnotShape } from "../splines/knots.ts";
import { coefficientsOf, type SlopeFunction } from "./spline-fit.ts";
import { lossesOf, someStarts, straysOf, trackStarts } from "./tracked-starts.ts";

/** V' from measurements: with noise, and start states that are measurements or unknowns themselves. */
export interface MeasuredFit {
  /** What was fitted: the trajectories, or segments of them where they cannot be followed as a whole. */
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
  /** Log evidence, comparable between fits of the same data on the same basis. */
  readonly evidence: number;
  readonly separations: readonly Float64Array[];
  readonly passes: number;
}

export interface MeasuredFitOptions {
  /** Knot intervals. Default 36. */
  readonly cells?: number;
  /** A law whose shape the knots follow. */
  readonly shape?: KnotShape;
  /** sigma of positions over sigma of velocities; 0 where velocities are unknown. */
  readonly velocityWeight: number;
  /** Separations to build the basis for. */
  readonly separations: readonly Float64Array[];
  /** V' to begin with; else paths along the records are tried. */
  readonly initial?: SlopeFunction;
  /** Try no paths where there is an initial law. */
  readonly onlyInitial?: boolean;
  /** Start states to begin with. */
  readonly starts?: Starts;
  /** Paths followed to the end; the one of highest evidence is kept. Default 1. */
  readonly follow?: number;
  readonly maxPasses?: number;
  /** Stops when two passes in a row change the loss by less than this share. Default 1e-4 */
  readonly tolerance?: number;
  /** A cheaper schedule for the sensitivities. */
  readonly tangents?: Schedule;
  /** Schedules for other times: where nothing else helps, rollouts over segments of the trajectories find a law to begin with. */
  readonly schedules?: (times: Float64Array) => { schedule: Schedule; tangents: Schedule };
}

export interface MeasuredFitStep {
  readonly phase: "smoothing" | "Gauss-Newton with free starts";
  readonly iterations: number;
  readonly loss: number;
}

/** Line search: shares of the Gauss-Newton step. */
const FRACTION = 0.4;
const ATTEMPTS = 9;
/** A step may raise the loss, as priors change, by this factor and no more. */
const WORSE = 1.5;
/** Noise may be this much more than local polynomials say. */
const NOISE_ROOM = 1.5;
/** So much above it, what is left is not noise. */
const MISFIT = 3;
/** Then so many other beginnings are followed as well. */
const MORE_FOLLOWED = 2;
/** A fit along long trajectories that leaves this much more than the noise, or than one of segments, has not quite come to its end. */
const NOISE_ALONG = 1.2;
/** A loss of this share of the motion itself says nothing about where particles go. */
const LOST = 0.03;
/** Times that trajectories are looked for whose starts lie in another valley. */
const RESCUES = 4;
/** Records of the segments that trajectories are cut into where a law is not found otherwise. */
const SEGMENTS = [LONG_SEGMENT, 7, 4];
/** Stops when a pass gains less than this share of what one coefficient is worth. */
const GAIN = 1e-4;
/** Gauss-Newton steps on start states under a law that is given. */
const START_STEPS = 6;

/** Unknowns of a start state above which sensitivities are kept from pass to pass: making them anew costs ten times the rollouts. */
const MANY_UNKNOWNS = 128;

const hasManyUnknowns = ({ particles, dimension }: TrainingData): boolean =>
  2 * particles * dimension > MANY_UNKNOWNS;

/** Of these only so many where the law's own steps follow, which move the start states as well. */
const FIRST_STEPS = 2;
/** Passes after sensitivities were made anew. */
const LAST_PASSES = 2;

interface Candidate {
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  readonly loss: number;
  /** Equations about a point that is close. */
  readonly near?: NormalEquations | null;
}

/**
 * Fits V' and the start states together: start states are eliminated trajectory by trajectory, the weight and the shape of the prior are
 * those of highest evidence, and steps are accepted by the penalised loss of the true rollout.
 */
export function* fitMeasured(
  data: TrainingData,
  schedule: Schedule,
  options: MeasuredFitOptions,
): Generator<MeasuredFitStep, MeasuredFit> {
  const { cells = 36, separations, initial, follow = 1 } = options;
  const { tangents = schedule, shape } = options;
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, tangents });
  const problem: Problem = {
    data,
    basis,
    pass,
    options,
    schedule,
    mostVariance: NOISE_ROOM * localVariance(data),
  };
  // Along long trajectories only a law that is nearly right can be followed, and segments of them lead to one.
  const segmented = options.schedules !== undefined && hasLongSegments(data);
  const onlySegments = segmented && mustBeCut(data, tangents);
  const hinted =
    initial === undefined || onlySegments
      ? null
      : orLost(() => {
          const own = underLaw(problem, coefficientsOf(basis, initial));
          // Left where they are, strays would pull the law away.
          return withoutStrays(problem, own) ?? own;
        });
  let best: MeasuredFit | null = null;
  let passes = 0;
  let followed = 0;
  function* tryAll(
    candidates: readonly Candidate[],
    most = follow,
  ): Generator<MeasuredFitStep, void> {
    for (const candidate of candidates) {
      if (followed >= most) return;
      let fit: MeasuredFit | null = null;
      try {
        fit = yield* converge(problem, candidate, passes);
      } catch (error) {
        if (!isLost(error)) throw error;
      }
      if (fit === null) continue;
      followed++;
      passes = fit.passes;
      if (best === null || fit.evidence > best.evidence) best = fit;
    }
  }
  function* rescueStrays(): Generator<MeasuredFitStep, void> {
    // A law that was pulled towards strays follows the others better without them, and may then lead the strays back.
    let before: MeasuredFit | null = null;
    for (let round = 0; (round === 0 || best !== before) && round < RESCUES; round++) {
      before = best;
      const found = best === null ? null : withoutStrays(problem, best);
      if (found !== null) yield* tryAll([found], followed + 1);
    }
  }
  // Where the data are few, a hint is only one beginning among others.
  if (hinted !== null && Number.isFinite(hinted.loss) && !(segmented && strayed(data, hinted.loss)))
    yield* tryAll([hinted]);
  const alone = options.onlyInitial === true && best !== null;
  if (followed < follow && !alone && !segmented) {
    const candidates = yield* smoothed(problem);
    yield* tryAll(candidates);
    // What is not noise may be another beginning's valley.
    if (misfits(best)) yield* tryAll(candidates.slice(followed), followed + MORE_FOLLOWED);
  }
  yield* rescueStrays();
  const leaves = (fit: MeasuredFit | null): number => fit?.posterior.variance ?? Number.NaN;
  const coarse = segmented && leaves(best) > NOISE_ALONG * localVariance(data);
  if ((misfits(best) || coarse) && !alone) {
    const segments = yield* throughSegments(problem);
    if (segments !== null) {
      const curve = splineCurve(segments.basis, segments.coefficients);
      const slope = coefficientsOf(basis, (law, r) => curveAt(segments.basis.cells, curve, law, r));
      const starts = startsOfFirst(data, segments);
      const whole = onlySegments ? null : orLost(() => underLaw(problem, slope, starts));
      if (whole !== null && !(segmented && strayed(data, whole.loss)))
        yield* tryAll([whole], followed + 1);
      yield* rescueStrays();
      const long = segments.data.records >= LONG_SEGMENT;
      if (lost(best) || (long && !(leaves(best) < NOISE_ALONG * leaves(segments)))) best = segments;
    }
    if (lost(best)) best = null;
  }
  const startStates = (2 * data.trajectories * data.components * data.dimension) / 3;
  const numbers = data.residuals + data.startCounts.reduce((sum, n) => sum + n, 0);
  if (best === null)
    throw new MclnnError("no law could be fitted to the measurements", {
      code: "fit-failed",
      argument: "data",
      expected: `more numbers than unknowns: V' at the separations visited is ${basis.size}, the start states ${startStates}`,
      got: `${numbers} observed coordinates (${data.trajectories} trajectories of ${data.records} records)${numbers > basis.size + startStates ? ", from which no beginning led to a law" : `: at least ${basis.size + startStates - numbers + 1} are missing`}`,
      mend: "Give more trajectories or records closer in time.",
      kind: "failure",
    });
  return { ...(best as MeasuredFit), passes };
}

/** Rollouts that leave all bounds tell nothing of where they started. */
const isLost = (error: unknown): boolean =>
  isMclnnError(error) && error.code === "start-not-determined";

/** What a function gives; null where rollouts leave all bounds. */
function orLost<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (isLost(error)) return null;
    throw error;
  }
}

/** Whether there is no fit, or one that neither comes near the noise nor tells where particles go. */
const lost = (fit: MeasuredFit | null): boolean => fit === null || strayed(fit.data, fit.loss);

/** Whether rollouts of that loss have nothing to do with the records any more. */
function strayed(data: TrainingData, loss: number): boolean {
  return !(
    loss < Math.max(LOST * meanSquareMotion(data), MISFIT * NOISE_ROOM * localVariance(data))
  );
}

/** Whether there is no fit, or one that leaves more than the noise that records can have. */
function misfits(fit: MeasuredFit | null): boolean {
  return fit === null || !(fit.loss < MISFIT * NOISE_ROOM * localVariance(fit.data));
}

/** Mean square of how far a component has moved from its first record. */
function meanSquareMotion(data: TrainingData): number {
  const { trajectories, records, components, positions, residuals } = data;
  let sum = 0;
  for (let t = 0; t < trajectories; t++)
    for (let k = 1; k < records; k++)
      for (let c = 0; c < components; c++) {
        const o = t * records * components + c;
        const d = positions[o + k * components] - positions[o];
        sum += d * d;
      }
  return sum / residuals;
}

/** A fit of V' and starts over segments, long ones first; null where they help as little. */
function* throughSegments({
  data,
  options,
}: Problem): Generator<MeasuredFitStep, MeasuredFit | null> {
  const { schedules, initial, starts: _, ...own } = options;
  if (schedules === undefined) return null;
  for (const length of SEGMENTS) {
    const segments = segmentsOf(data, length);
    if (segments === null) continue;
    const { schedule, tangents } = schedules(segments.times);
    try {
      const fit = yield* fitMeasured(segments, schedule, {
        ...own,
        tangents,
        follow: 1,
        ...(length < LONG_SEGMENT ? {} : { schedules }),
        // A law from elsewhere that whole trajectories do not follow may still be right for long segments.
        ...(length < LONG_SEGMENT || initial === undefined ? {} : { initial }),
      });
      if (length < LONG_SEGMENT || (fit.data === segments && !misfits(fit))) return fit;
    } catch (error) {
      if (!isLost(error) && !(isMclnnError(error) && error.code === "fit-failed")) throw error;
    }
  }
  return null;
}

interface Problem {
  /** Noise variance that the records cannot exceed. */
  readonly mostVariance: number;
  readonly data: TrainingData;
  readonly schedule: Schedule;
  readonly basis: SplineBasis;
  readonly pass: SensitivityPass;
  readonly options: MeasuredFitOptions;
}

/** One-shot fits along paths through the records, best rollout first. */
function* smoothed(problem: Problem): Generator<MeasuredFitStep, Candidate[]> {
  const { data, basis, pass, options, mostVariance } = problem;
  const schedule = pass.tangents;
  const plain = powerPrior(basis, 0);
  const zero = new Float64Array(basis.size);
  const zeroCurve = new Float64Array(4 * basis.cells.count);
  const found: Candidate[] = [];
  for (const path of pathCandidates(data, schedule, options.velocityWeight > 0)) {
    const starts = startsAlong(problem, path);
    const equations = pass.normalEquations(zeroCurve, { along: path, starts });
    const shaped = bestPrior(equations, zero, basis, { correlated: false, mostVariance });
    for (const prior of shaped === plain ? [plain] : [plain, shaped]) {
      const p = bestPosterior(equations, zero, basis, prior, mostVariance);
      if (p === null) continue;
      const curve = splineCurve(basis, p.step);
      const moved = moveStarts(data, starts, equations.eliminations, p.step, 1);
      const loss = pass.loss(curve, moved);
      if (Number.isFinite(loss)) found.push({ coefficients: p.step, starts: moved, loss });
      yield { phase: "smoothing", iterations: 0, loss };
    }
  }
  return found.sort((a, b) => a.loss - b.loss);
}

/** The law of a fit with the start states found again of the few trajectories that lie far off while it follows the others; null where there are none. */
function withoutStrays(
  { data, basis, pass, schedule, options }: Problem,
  { coefficients, starts }: Candidate,
): Candidate | null {
  const { schedules, velocityWeight } = options;
  if (schedules === undefined) return null;
  const curve = splineCurve(basis, coefficients);
  const strays = straysOf(lossesOf(data, schedule, basis.cells, curve, starts));
  if (strays.length === 0) return null;
  const own: Starts = {
    positions: starts.positions.slice(),
    velocities: starts.velocities.slice(),
    velocityWeight,
  };
  const { components } = data;
  let moved = false;
  for (const t of strays) {
    const one = someTrajectories(data, [t]);
    const found = trackStarts(one, schedules, basis, curve, someStarts(data, starts, [t]));
    if (found === null) continue;
    own.positions.set(found.positions, t * components);
    own.velocities.set(found.velocities, t * components);
    moved = true;
  }
  if (!moved) return null;
  return { coefficients, starts: own, loss: pass.loss(curve, own) };
}

/** Start states that a law asks for, from the given ones or from the path through the records. */
function underLaw(problem: Problem, coefficients: Float64Array, known?: Starts): Candidate {
  const { data, basis, pass, options } = problem;
  const curve = splineCurve(basis, coefficients);
  // Velocities that were given are close, whatever their noise; else the polynomials through the first records are.
  const first =
    known ??
    options.starts ??
    (data.velocities === null
      ? startsAlong(problem, lagrangePath(data.times, pass.tangents, Math.min(3, data.records - 1)))
      : givenStarts(data));
  const from = { ...first, velocityWeight: options.velocityWeight };
  const near = hasManyUnknowns(data)
    ? pass.normalEquations(curve, {
        starts: from,
        tangentStep: tangentStep(data, pass.tangents, basis, curve),
      })
    : null;
  const starts = fitStarts(
    data,
    pass,
    curve,
    from,
    near,
    near === null ? START_STEPS : FIRST_STEPS,
  );
  return { coefficients, starts, loss: pass.loss(curve, starts), near };
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
  const options = { velocityWeight, separations: [] };
  return underLaw({ data, basis, pass, options, schedule, mostVariance: 0 }, coefficients).starts;
}

/** Start states of whole trajectories as the first segment of each has found them; undefined where not all have one. */
function startsOfFirst(whole: TrainingData, { data, starts }: MeasuredFit): Starts | undefined {
  const first = beginningSegments(whole, data.records);
  if (first === null) return undefined;
  return { ...starts, ...someStarts(data, starts, Array.from(first)) };
}

/**
 * Gauss-Newton on the start states alone, under a law that stays.
 *
 * @param near - equations about a law and starts that are close: where there are many particles, their sensitivities do for these
 */
export function fitStarts(
  data: TrainingData,
  pass: SensitivityPass,
  curve: Float64Array,
  from: Starts,
  near: NormalEquations | null = null,
  steps: number = START_STEPS,
): Starts {
  const still = new Float64Array(pass.size);
  const follows = hasManyUnknowns(data);
  let chord = follows ? near : null;
  let starts = from;
  let loss = pass.loss(curve, starts);
  for (let step = 0; step < steps; step++) {
    const equations =
      chord === null
        ? pass.normalEquations(curve, { starts })
        : pass.chordEquations(chord, curve, starts);
    if (follows) chord = equations;
    const { eliminations } = equations;
    let moved: Starts | null = null;
    for (const fraction of [1, 0.3]) {
      const trial = moveStarts(data, starts, eliminations, still, fraction);
      const l = pass.loss(curve, trial);
      if (l < loss || !Number.isFinite(loss)) {
        moved = trial;
        break;
      }
    }
    if (moved === null) break;
    const before = loss;
    starts = moved;
    loss = pass.loss(curve, starts);
    if (loss > 0.999 * before) break;
  }
  return starts;
}

/** Gauss-Newton to convergence, the shape of the prior by evidence; null when the data leave the law undetermined. */
function* converge(
  { data, schedule, basis, pass, options, mostVariance: noiseBound }: Problem,
  from: Candidate,
  made: number,
): Generator<MeasuredFitStep, MeasuredFit | null> {
  const { maxPasses = 14, tolerance = 1e-4 } = options;
  let mostVariance = noiseBound;
  let { coefficients, starts, loss } = from;
  let passes = made;
  const about = (c: Float64Array, s: Starts): NormalEquations => {
    const curve = splineCurve(basis, c);
    return pass.normalEquations(curve, {
      starts: s,
      tangentStep: tangentStep(data, pass.tangents, basis, curve),
    });
  };
  const follows = hasManyUnknowns(data);
  const { near = null } = from;
  let equations =
    near === null
      ? about(coefficients, starts)
      : pass.chordEquations(near, splineCurve(basis, coefficients), starts);
  if (!Number.isFinite(equations.sum)) return null;
  /** Whether the sensitivities are those of a point before. */
  let stale = near !== null;
  const refresh = (): void => {
    equations = about(coefficients, starts);
    stale = false;
  };
  function* under(prior: Prior, most = maxPasses): Generator<MeasuredFitStep, void> {
    let still = 0;
    for (let k = 0; k < most; ) {
      const p = bestPosterior(equations, coefficients, basis, prior, mostVariance);
      if (p === null) return;
      const before = equations.sum + penalty(p.weights, prior, coefficients, basis);
      const was = loss;
      let penalised = Number.POSITIVE_INFINITY;
      for (let attempt = 0, f = 1; attempt < ATTEMPTS; attempt++, f *= FRACTION) {
        const c = coefficients.map((x, i) => x + f * p.step[i]);
        const s = moveStarts(data, starts, equations.eliminations, p.step, f);
        const l = pass.loss(splineCurve(basis, c), s);
        const trial = l * equations.residuals + penalty(p.weights, prior, c, basis);
        if (!(trial <= before * (1 + 1e-12)) || l > WORSE * (was + mostVariance)) continue;
        coefficients = c;
        starts = s;
        loss = l;
        penalised = trial;
        break;
      }
      if (!Number.isFinite(penalised)) {
        if (!stale) return;
        refresh();
        continue;
      }
      k++;
      passes++;
      equations = follows
        ? pass.chordEquations(equations, splineCurve(basis, coefficients), starts)
        : about(coefficients, starts);
      stale = follows;
      yield { phase: "Gauss-Newton with free starts", iterations: passes, loss };
      if (before - penalised < (GAIN * before * basis.size) / equations.degreesOfFreedom) return;
      // The prior that evidence chooses may go on changing where it no longer matters.
      still = Math.abs(was - loss) < tolerance * loss ? still + 1 : 0;
      if (still === 2) return;
    }
  }
  /** The same, ending with sensitivities of next to where it ends. */
  function* settledUnder(prior: Prior): Generator<MeasuredFitStep, void> {
    yield* under(prior);
    if (!stale) return;
    refresh();
    yield* under(prior, LAST_PASSES);
  }
  // Plain roughness first: a power read off a poor start would pin the law to it.
  const outcome = (prior: Prior): MeasuredFit | null => {
    const posterior = bestPosterior(equations, coefficients, basis, prior, mostVariance);
    if (posterior === null) return null;
    return {
      data,
      schedule,
      basis,
      pass,
      coefficients,
      starts,
      loss,
      equations,
      posterior,
      noise: Math.sqrt(posterior.variance),
      power: prior.power,
      evidence: posterior.evidence + 0.5 * prior.logDeterminant,
      separations: options.separations,
      passes,
    };
  };
  const plain = powerPrior(basis, 0);
  yield* settledUnder(plain);
  // Residuals that stay far above the noise are the law's own failure, which is smoothed like noise.
  if (loss > MISFIT * noiseBound) {
    mostVariance = Number.POSITIVE_INFINITY;
    yield* under(plain);
  }
  const smooth = outcome(plain);
  const prior = bestPrior(equations, coefficients, basis, { correlated: true, mostVariance });
  if (prior === plain) return smooth;
  yield* under(prior);
  const shaped = outcome(prior);
  if (shaped === null || smooth === null) return shaped ?? smooth;
  return shaped.evidence > smooth.evidence ? shaped : { ...smooth, passes };
}

/** Paths through or along the records, the smoothest that may do first. */
function pathCandidates(
  { times, velocities }: TrainingData,
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
  const through =
    withVelocities && velocities !== null
      ? [4, 3, 2].filter((p) => p <= records).map((p) => hermitePath(times, schedule, p))
      : [...new Set([Math.min(3, records - 1), Math.min(9, records - 1)])].map((degree) =>
          lagrangePath(times, schedule, degree),
        );
  return [...smooth, ...through];
}

/** Start states on a path: its first position, and its velocity there (or the measured one). */
function startsAlong({ data, pass, options }: Problem, path: PathWeights): Starts {
  const { trajectories, components } = data;
  const { velocityWeight } = options;
  const schedule = pass.tangents;
  const { positions, velocities } = givenStarts(data);
  const out: Starts = {
    positions: positions.slice(),
    velocities: velocities.slice(),
    velocityWeight,
  };
  const line = new Float64Array(schedule.events * components);
  let next = 1;
  while (schedule.time[next] <= schedule.time[0]) next++;
  const h = schedule.time[next] - schedule.time[0];
  for (let t = 0; t < trajectories; t++) {
    interpolatePath(data, path, t, line);
    for (let c = 0; c < components; c++) {
      const o = t * components + c;
      out.positions[o] = line[c];
      if (velocityWeight === 0) out.velocities[o] = (line[next * components + c] - line[c]) / h;
    }
  }
  return out;
}
