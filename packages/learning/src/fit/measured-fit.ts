import { isMclnnError, MclnnError } from "@mclnn/physics";
import type { Term } from "@mclnn/physics/terms";
import { SensitivityPass } from "../engine/sensitivity.ts";
import type { PriorShape } from "../prior/prior.ts";
import { localVariance } from "../records/scatter.ts";
import type { Schedule } from "../records/schedule.ts";
import {
  beginningSegments,
  hasLongSegments,
  LONG_SEGMENT,
  mustBeCut,
  segmentsOf,
} from "../records/segments.ts";
import { someTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Starts, someStarts } from "../rollout/starts.ts";
import { buildBasis, type KnotShape } from "../splines/knots.ts";
import {
  fitFrom,
  type Measured,
  type MeasuredFit,
  type MeasuredFitStep,
  MISFIT,
  onPaths,
} from "./measured-descent.ts";
import { joined, parted } from "./problems.ts";
import { coefficientsOf, type SlopeFunction, slopeOf } from "./spline-fit.ts";
import { type LawWithStarts, underLaw } from "./start-states.ts";
import { lossesOf, outliersOf, type SchedulesOf, trackStarts } from "./tracked-starts.ts";

export type { MeasuredFit, MeasuredFitStep } from "./measured-descent.ts";

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
  /** Start states to begin with, of the first trajectories or of all. */
  readonly starts?: Starts | undefined;
  /** The prior that the initial law had. */
  readonly prior?: PriorShape | undefined;
  /** Paths followed to the end; the one of highest evidence is kept. Default 1. */
  readonly follow?: number;
  readonly maxPasses?: number;
  /** Stops when two passes in a row change the loss by less than this share. Default 1e-4 */
  readonly tolerance?: number;
  /** A cheaper schedule for the sensitivities. */
  readonly tangents?: Schedule;
  /** Schedules for other times: where nothing else helps, rollouts over segments of the trajectories find a law to begin with. */
  readonly schedules?: SchedulesOf;
  /** Whether method and steps are settled: what whole trajectories leave and short segments do not is no error of theirs. Default false. */
  readonly settled?: boolean;
  /** What may act beside the pair law. */
  readonly terms?: readonly Term[];
  /** Coefficients of the terms to begin with, where there is an initial law. Default: none of them is there. */
  readonly initialValues?: Float64Array;
}

/** Noise may be this much more than local polynomials say. */
const NOISE_ROOM = 1.5;
/** So many other beginnings are followed as well where what is left is not noise. */
const MORE_FOLLOWED = 2;
/** A fit along long trajectories that leaves this much more than the noise, or than one of segments, has not quite come to its end. */
const NOISE_ALONG = 1.2;
/** A loss of this share of the motion itself says nothing about where particles go. */
const LOST = 0.03;
/** Times that trajectories are looked for whose starts lie in another valley. */
const RESCUES = 4;
/** Records of the segments that trajectories are cut into where a law is not found otherwise. */
const SEGMENTS = [LONG_SEGMENT, 7, 4];

/** Whether the work that a training may do is done, so that what was found has to do. */
const isOver = ({ data }: Problem, { best }: Found): boolean =>
  !lost(best) && (data.meter?.share ?? 0) >= 1;

/** What is fitted, and how trajectories that are not followed may be cut or led back. */
interface Problem extends Measured {
  readonly options: MeasuredFitOptions;
  /** Along long trajectories only a law that is nearly right can be followed, and segments of them lead to one. */
  readonly segmented: boolean;
  readonly onlySegments: boolean;
}

/** The fit of highest evidence so far, the passes made, and the beginnings that led to a fit. */
interface Found {
  readonly best: MeasuredFit | null;
  readonly passes: number;
  readonly followed: number;
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
  const problem = problemOf(data, schedule, options);
  const { follow = 1, onlyInitial = false } = options;
  const { segmented } = problem;
  let found: Found = { best: null, passes: 0, followed: 0 };
  // Where the data are few, a hint is only one beginning among others.
  const hinted = fromHint(problem);
  if (hinted !== null) found = yield* fitEach(problem, found, [hinted], follow);
  const alone = onlyInitial && found.best !== null;
  if (found.followed < follow && !alone && !segmented && !isOver(problem, found)) {
    const beginnings = yield* onPaths(problem);
    found = yield* fitEach(problem, found, beginnings, follow);
    // What is not noise may be another beginning's valley.
    const others = beginnings.slice(found.followed);
    if (misfits(found.best))
      found = yield* fitEach(problem, found, others, found.followed + MORE_FOLLOWED);
  }
  found = yield* rescueOutliers(problem, found);
  const coarse = segmented && leaves(found.best) > NOISE_ALONG * localVariance(data);
  // Short segments take little work, and give a law where whole trajectories do not.
  const over = isOver(problem, found) && !misfits(found.best);
  if ((misfits(found.best) || coarse) && !alone && !over)
    found = yield* fromSegments(problem, found);
  if (found.best === null) throw noLaw(problem);
  return { ...found.best, passes: found.passes };
}

function problemOf(data: TrainingData, schedule: Schedule, options: MeasuredFitOptions): Problem {
  const { cells = 36, separations, tangents = schedule, shape, velocityWeight } = options;
  const { maxPasses = 14, tolerance = 1e-4, terms = [] } = options;
  const basis = buildBasis(separations, { cells, ...(shape === undefined ? {} : { shape }) });
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, tangents, terms });
  const segmented = options.schedules !== undefined && hasLongSegments(data);
  return {
    ...{ data, schedule, basis, pass, options, separations, velocityWeight, maxPasses, tolerance },
    mostVariance: NOISE_ROOM * localVariance(data),
    segmented,
    onlySegments: segmented && mustBeCut(data, tangents),
  };
}

/** A law to begin with, and the start states under it; null where there is none, or none that whole trajectories follow. */
function fromHint(problem: Problem): LawWithStarts | null {
  const { data, basis, options, segmented, onlySegments } = problem;
  const { initial, starts: known, prior } = options;
  if (initial === undefined || onlySegments) return null;
  const hinted = orLost(() => {
    const own = underLaw(
      problem,
      joined(problem.pass, coefficientsOf(basis, initial), options.initialValues),
      {
        ...problem,
        known,
      },
    );
    // Left where they are, outliers would pull the law away.
    return { ...(withoutOutliers(problem, own) ?? own), prior };
  });
  if (hinted === null || !Number.isFinite(hinted.loss)) return null;
  return segmented && tellsNothing(data, hinted.loss) ? null : hinted;
}

/** Follows beginnings to their ends until so many have led to a fit, and keeps the one of highest evidence. */
function* fitEach(
  problem: Problem,
  before: Found,
  beginnings: readonly LawWithStarts[],
  most: number,
): Generator<MeasuredFitStep, Found> {
  let { best, passes, followed } = before;
  for (const beginning of beginnings) {
    if (followed >= most || isOver(problem, { best, passes, followed })) break;
    let fit: MeasuredFit | null = null;
    try {
      fit = yield* fitFrom(problem, beginning, passes);
    } catch (error) {
      if (!isLost(error)) throw error;
    }
    if (fit === null) continue;
    followed++;
    passes = fit.passes;
    if (best === null || fit.evidence > best.evidence) best = fit;
  }
  return { best, passes, followed };
}

/** A law that was pulled towards outliers follows the others better without them, and may then lead the outliers back. */
function* rescueOutliers(problem: Problem, before: Found): Generator<MeasuredFitStep, Found> {
  let found = before;
  for (let round = 0; found.best !== null && round < RESCUES; round++) {
    if (isOver(problem, found)) break;
    const { best, followed } = found;
    const { starts, loss } = best;
    const led = withoutOutliers(problem, {
      unknowns: joined(problem.pass, best.coefficients, best.values),
      starts,
      loss,
    });
    if (led !== null) found = yield* fitEach(problem, found, [led], followed + 1);
    if (found.best === best) break;
  }
  return found;
}

/** A law with the start states found again of the few trajectories that lie far off while it follows the others; null where there are none. */
function withoutOutliers(
  problem: Problem,
  { unknowns, starts }: LawWithStarts,
): LawWithStarts | null {
  const { data, basis, pass, schedule, options, velocityWeight } = problem;
  const { schedules } = options;
  if (schedules === undefined) return null;
  const { curve, values } = parted(basis, unknowns);
  const beside = { terms: pass.terms, values };
  const outliers = outliersOf(lossesOf(data, schedule, basis.cells, curve, starts, beside));
  if (outliers.length === 0) return null;
  const some = someTrajectories(data, outliers);
  const found = trackStarts(
    some,
    schedules,
    basis,
    curve,
    someStarts(data, starts, outliers),
    beside,
  );
  if (found === null) return null;
  const positions = starts.positions.slice();
  const velocities = starts.velocities.slice();
  const { components } = data;
  outliers.forEach((t, k) => {
    const own = [k * components, (k + 1) * components] as const;
    positions.set(found.positions.subarray(...own), t * components);
    velocities.set(found.velocities.subarray(...own), t * components);
  });
  const led = { positions, velocities, velocityWeight };
  return { unknowns, starts: led, loss: pass.loss(curve, led, values) };
}

/** The law that segments lead to, along whole trajectories where these follow it; else that of the segments, where it tells anything. */
function* fromSegments(problem: Problem, before: Found): Generator<MeasuredFitStep, Found> {
  const { data, basis, segmented, onlySegments } = problem;
  const segments = yield* throughSegments(problem);
  let found = before;
  if (segments !== null) {
    const slope = slopeOf(segments.basis, segments.coefficients);
    const unknowns = joined(problem.pass, coefficientsOf(basis, slope), segments.values);
    const known = startsOfFirst(data, segments);
    const whole = onlySegments
      ? null
      : orLost(() =>
          underLaw(problem, unknowns, { ...problem, known: known ?? problem.options.starts }),
        );
    if (whole !== null && !(segmented && tellsNothing(data, whole.loss)))
      found = yield* fitEach(problem, found, [whole], found.followed + 1);
    found = yield* rescueOutliers(problem, found);
    const long = segments.data.records >= LONG_SEGMENT;
    const room = long ? NOISE_ALONG : problem.options.settled === true ? MISFIT : null;
    const better =
      lost(found.best) || (room !== null && !(leaves(found.best) < room * leaves(segments)));
    if (better) found = { ...found, best: segments };
  }
  return lost(found.best) ? { ...found, best: null } : found;
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

/** Start states of whole trajectories as the first segment of each has found them; undefined where not all have one. */
function startsOfFirst(whole: TrainingData, { data, starts }: MeasuredFit): Starts | undefined {
  const first = beginningSegments(whole, data.records);
  return first === null ? undefined : someStarts(data, starts, Array.from(first));
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

/** Noise variance that a fit leaves. */
const leaves = (fit: MeasuredFit | null): number => fit?.posterior.variance ?? Number.NaN;

/** Whether there is no fit, or one that neither comes near the noise nor tells where particles go. */
const lost = (fit: MeasuredFit | null): boolean => fit === null || tellsNothing(fit.data, fit.loss);

/** Whether rollouts of that loss have nothing to do with the records any more. */
function tellsNothing(data: TrainingData, loss: number): boolean {
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

function noLaw({ data, basis, pass }: Problem): MclnnError {
  const startStates = (2 * data.trajectories * data.components * data.dimension) / 3;
  const numbers = data.residuals + data.startCounts.reduce((sum, n) => sum + n, 0);
  const unknowns = pass.size + startStates;
  const missing = Math.ceil(unknowns) - numbers + 1;
  return new MclnnError("no law could be fitted to the measurements", {
    code: "fit-failed",
    argument: "data",
    expected:
      missing > 0
        ? `more numbers than the ${Math.ceil(unknowns)} unknowns: V' at the separations visited is ${basis.size}, the start states ${startStates}`
        : "a law of pairs whose rollouts follow the records",
    got:
      missing > 0
        ? `${numbers} observed coordinates (${data.trajectories} trajectories of ${data.records} records): at least ${missing} are missing`
        : `none from any beginning, with ${numbers} observed coordinates for ${Math.ceil(unknowns)} unknowns`,
    ...(missing > 0 ? { missing } : {}),
    mend:
      missing > 0
        ? "Give more trajectories or records closer in time."
        : "Records may skip motion between them, or something else than a law of pairs acts: try records closer in time, fewer of them, or other terms.",
    kind: "failure",
  });
}
