import { blanesMoan4, type SplittingIntegrator, velocityVerlet } from "@mclnn/integrators";
import { type SplineBasis, splineCurve } from "@mclnn/models/parts";
import { createRolloutScratch, rollPairs } from "../engine/pair-rollout.ts";
import { soughtBend } from "../fit/bends.ts";
import { bodyResiduals } from "../fit/body-noise.ts";
import { fitMeasured } from "../fit/measured-fit.ts";
import { fitSpline, type SlopeFunction, slopeOf } from "../fit/spline-fit.ts";
import { followedUnder, followStretches, rolledSeparations } from "../fit/stretches.ts";
import { type Dynamics, named, scheduleOf, tangentsOf } from "../records/dynamics.ts";
import { localVariance, pathSeparations, scatters, turningShare } from "../records/path.ts";
import type { Schedule } from "../records/schedule.ts";
import { hasLongSegments, LONG_SEGMENT, segmentsOf } from "../records/segments.ts";
import { someTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { givenStarts, type Starts } from "../rollout/starts.ts";
import type { StartStates } from "../runs/train-options.ts";
import type { Kink } from "../splines/bent-knots.ts";
import { findKinks } from "../splines/kinks.ts";
import type { KnotShape } from "../splines/knots.ts";

/** How the trajectories came about, as far as it matters for rolling a law out beside them. */
export interface FoundDynamics {
  readonly dynamics: Dynamics;
  readonly startStates: StartStates;
  /** sigma of positions over sigma of velocities; 0 where start states are exact or velocities unknown. */
  readonly velocityWeight: number;
  readonly slope: SlopeFunction;
  readonly cells: number;
  /** The law that knots were placed for; undefined where they follow the data alone. */
  readonly shape: KnotShape | undefined;
  readonly separations: readonly Float64Array[];
  /** Mean square difference between one step and two half steps under the law found, in all trajectories but the worst. */
  readonly stepError: number;
  /** Mean square residual that is left. */
  readonly loss: number;
  /** Mean square residual of each body. */
  readonly bodyVariances: Float64Array;
  /** What the law was fitted to (some of the trajectories, or segments of them), and the start states there. */
  readonly fitted: { readonly data: TrainingData; readonly starts: Starts };
  /** What stands for the trajectories where these cannot be followed as a whole: stretches between records, or longer segments; else null. */
  readonly parts: { readonly data: TrainingData; readonly of: number } | null;
  /** Whether half steps still differ where steps were as many as they may be, or more of them did not help. */
  readonly unresolved: boolean;
}

export interface DynamicsSearch {
  /** As named by options or provenance; else it is searched for. */
  readonly dynamics: Dynamics | null;
  /** The method asked for, where only its substeps are searched for. */
  readonly method: SplittingIntegrator | null;
  /** `auto` where there are velocities, and it must be found out whether they are exact. */
  readonly velocities: "auto" | "given" | "unknown";
  /** Whether stretches between records, or segments, may stand for trajectories. */
  readonly mayStretch?: boolean;
}

export interface DynamicsSearchStep {
  readonly phase: string;
  readonly iterations: number;
  readonly loss: number;
}

/** The search looks at so many pairs of particles, and at this many trajectories at least and at most. */
const PAIRS = 300;
const TRAJECTORIES = { least: 10, most: 40 };
/** Steps a record are doubled while the difference to half steps is more than this share of the loss, or this much. */
const STEP_SHARE = 0.01;
const STEP_FLOOR = 1e-14;
const MOST_SUBSTEPS = 32;
/** Where pairs turn by a right angle in this share of record spacings, more than so many steps are lost on a law that cannot be followed. */
const TURNS = 0.3;
const TURNING_SUBSTEPS = 8;
/** Half steps that differ by this share of the loss, and this much, show records too far apart for the motion. */
const UNRESOLVED = { share: 0.1, least: 1e-12 };
/** Doublings that do not lower the loss before they are given up. */
const IDLE_DOUBLINGS = 2;
/** Sensitivities may be as coarse as this mean square difference to half steps. */
const TANGENT_ERROR = 1e-7;
/** A loss like this is roundoff and the spline's own resolution: there is nothing to look for behind it. */
const CLEAN = 1e-13;
/** Starts that leave so little are exact: what is left is resolution, or noise that does no harm. */
const EXACT = 1e-12;
/** Fits of the search need not settle more than this. */
const TOLERANCE = 3e-3;
/** Knots are refined down to here. */
const RESOLVED = 1e-14;
/** Knot intervals, more while the loss falls by this factor. */
const CELLS = 48;
const MORE_CELLS = 1.5;
const MOST_CELLS = 170;
const FALL = 4;
/** Knots at a kink stay if the loss falls to this share. */
const BENT = 0.7;
/** A bend that takes this share of the residuals' sum of squares is tried as a kink. */
const ASKED = 0.3;
/** Steps a record at which velocity Verlet is tried: what simulation programs are run with. */
const FINEST_VERLET = 40;
const COARSE_VERLET = 5;
/** Numbers of steps between those are tried as long as each lowers the loss to this share. */
const NEARER = 0.9;
const VERLET_STEPS = [FINEST_VERLET, 20, 10, 5, 2, 1];
/** A loss that is higher by this factor is not on the way down. */
const WORSE = 1.5;
/** Where starts are free, velocity Verlet is the maker's when it lowers chi-squared by this much. */
const VERLET_GAIN = 25;
/** A loss of so many noise variances, as local polynomials see it, may still be a law's. */
const SENSIBLE = 4;
/** Below this share of the variance that records seem to scatter with, they do not. */
const MOTION = 0.3;
/** Exact starts that leave so much have met encounters between records, or something else than a law. */
const ASTRAY = 1e-7;
/** Steps from one record to the next where most stretches have to be followed closely. */
const STRETCH_SUBSTEPS = 8;
/** Free starts that lower the loss to this share of it have found what the exact ones missed. */
const FOUND = 0.01;
/** Start states that are fitted must lower the residual variance by this factor, or those given are exact. */
const EXACT_RATIO = 1.2;

interface Fit {
  /** What was fitted: the trajectories, or segments of them. */
  readonly data: TrainingData;
  readonly basis: SplineBasis;
  readonly coefficients: Float64Array;
  readonly starts: Starts;
  /** Mean square residual for each degree of freedom. */
  readonly variance: number;
  readonly loss: number;
  readonly freedom: number;
}

/**
 * Finds out how the trajectories were made: exact or measured start states; the integrator and its steps a record.
 *
 * A fourth-order symplectic method takes more and more steps until one step and two half steps differ by much less than the residuals. If residuals
 * remain, the maker may have used velocity Verlet with few steps (then its error is part of the data), or the data are noisy.
 */
export function* findDynamics(
  all: TrainingData,
  { dynamics: fixed, method, velocities, mayStretch = false }: DynamicsSearch,
): Generator<DynamicsSearchStep, FoundDynamics> {
  const { least, most } = TRAJECTORIES;
  // Where records are missing, segments have no exact starts.
  const mayCut = hasLongSegments(all) && (all.weights === null || velocities === "unknown");
  const looked = (mayCut ? segmentsOf(all, LONG_SEGMENT) : null) ?? all;
  let data = thin(looked, Math.min(most, Math.max(least, Math.round(PAIRS / all.pairs))));
  let separations = pathSeparations(all);
  const integrator = method ?? blanesMoan4;
  const base: Dynamics = fixed ?? {
    ...named(integrator),
    substeps: 1,
    dt: null,
    tangentSubsteps: 1,
    source: "measured",
  };
  const scatter = localVariance(data);
  const mostSubsteps = turningShare(data) > TURNS ? TURNING_SUBSTEPS : MOST_SUBSTEPS;
  let dynamics = base;
  let cells = CELLS;
  let shape: KnotShape | undefined;
  let fit: Fit | null = null;
  let iterations = 0;
  const step = (phase: string): DynamicsSearchStep => ({
    phase,
    iterations: ++iterations,
    loss: fit?.loss ?? Number.NaN,
  });

  function* fitted(
    free: boolean,
    d: Dynamics,
    from: Fit | null,
    { passes = 8, onlyFrom = false }: { passes?: number; onlyFrom?: boolean } = {},
  ): Generator<DynamicsSearchStep, Fit> {
    const schedule = scheduleOf(data.times, d);
    const tangents = d.tangentSubsteps === null ? schedule : tangentsOf(data.times, d);
    const initial = {
      ...(from === null ? {} : { initial: slopeOf(from.basis, from.coefficients) }),
      ...(shape === undefined ? {} : { shape }),
    };
    if (free) {
      const found = yield* fitMeasured(data, schedule, {
        cells,
        separations,
        tangents,
        schedules: (times) => ({ schedule: scheduleOf(times, d), tangents: tangentsOf(times, d) }),
        velocityWeight: 0,
        maxPasses: passes,
        tolerance: TOLERANCE,
        onlyInitial: onlyFrom && from !== null,
        ...initial,
        ...(from === null || from.data !== data
          ? {}
          : { starts: { ...from.starts, velocityWeight: 0 } }),
      });
      const { basis, coefficients, starts, loss, equations } = found;
      const freedom = equations.degreesOfFreedom;
      return {
        data: found.data,
        basis,
        coefficients,
        starts,
        loss,
        variance: (loss * equations.residuals) / Math.max(1, freedom),
        freedom,
      };
    }
    const found = yield* fitSpline(data, schedule, {
      cells,
      separations,
      tangents,
      prior: 1e-12,
      maxPasses: passes,
      goal: 1e-18,
      throughVelocities: true,
      relativeRoughness: true,
      // The robust search is for data that are exact; whether they are is not known yet.
      robustAbove: from === null ? 1e-4 : Number.POSITIVE_INFINITY,
      ...initial,
    });
    const { basis, coefficients, loss, equations } = found;
    const freedom = equations.degreesOfFreedom - basis.size;
    return {
      data,
      basis,
      coefficients,
      starts: givenStarts(data),
      loss,
      variance: (loss * equations.residuals) / Math.max(1, freedom),
      freedom,
    };
  }

  /** More steps a record until half steps make no difference that matters. */
  function* resolved(free: boolean, first: Fit): Generator<DynamicsSearchStep, Fit> {
    let current = first;
    let idle = 0;
    while (fixed === null && !verletFound && dynamics.substeps < mostSubsteps) {
      const error = stepError(dynamics, current);
      if (error <= Math.max(STEP_SHARE * current.loss, STEP_FLOOR)) break;
      const { loss } = current;
      const substeps = 2 * dynamics.substeps;
      const finer: Dynamics = {
        ...dynamics,
        substeps,
        // Exact data are fitted so closely that coarse tangents would make each step miss.
        tangentSubsteps: free && error <= TANGENT_ERROR ? dynamics.tangentSubsteps : substeps,
      };
      current = yield* fitted(free, finer, Number.isFinite(error) ? current : null);
      dynamics = finer;
      fit = current;
      yield step("more substeps");
      // A step error that falls 256-fold with each doubling is long gone by then, or was not what is wrong.
      idle = current.loss > loss / 2 ? idle + 1 : 0;
      if (free && idle === IDLE_DOUBLINGS) break;
      // Where neither noise nor steps explain what is left, exact start states do not.
      if (!free && velocities === "auto" && current.loss > Math.max(loss / 2, SENSIBLE * scatter))
        break;
    }
    return current;
  }

  /** The kink that the residuals of exact data ask for. */
  function sought({ basis, coefficients, starts }: Fit): readonly Kink[] {
    const schedule = scheduleOf(data.times, dynamics);
    const bend = soughtBend({
      data,
      schedule,
      tangents: dynamics.tangentSubsteps === null ? schedule : tangentsOf(data.times, dynamics),
      basis,
      coefficients,
      starts: { ...starts, velocityWeight: null },
    });
    return bend !== null && bend.share > ASKED ? [bend.kink] : [];
  }

  const kinked = (): boolean => shape !== undefined && shape.kinks.length > 0;

  /** Kinks that a law has tried to follow. */
  const shown = ({ basis, coefficients }: Fit): readonly Kink[] =>
    findKinks(basis, coefficients, shape?.kinks ?? []);

  /** Knots for kinks of the law, moved while that makes the loss fall. */
  function* bent(
    free: boolean,
    first: Fit,
    least: number,
    kinksOf: (fit: Fit) => readonly Kink[] = shown,
  ): Generator<DynamicsSearchStep, Fit> {
    let current = first;
    while (current.loss > least) {
      const before = shape;
      const kinks = kinked() ? shown(current) : kinksOf(current);
      if (kinks.length === 0) break;
      shape = { follows: shape?.follows ?? null, kinks };
      const bent = yield* fitted(free, dynamics, current);
      const fallen = bent.loss / current.loss;
      // Few knots are spent on it, and what is left may be the steps'.
      if (!(fallen < BENT)) {
        shape = before;
        break;
      }
      current = bent;
      fit = current;
      yield step("knots at a kink");
      if (fallen > 1 / FALL) break;
    }
    return current;
  }

  /** More knots, and some at kinks, while they make the loss fall. */
  function* refined(free: boolean, first: Fit): Generator<DynamicsSearchStep, Fit> {
    // Noise hides what more knots would show.
    const least = free ? Math.max(RESOLVED, SENSIBLE * scatter) : RESOLVED;
    const smooth = { ...remember(), fit: first };
    const wasKinked = kinked();
    let current = yield* bent(free, first, least);
    // What free start states leave is not told apart from noise.
    if (!free && !kinked()) current = yield* bent(free, current, EXACT, sought);
    current = yield* closer(free, current, least);
    if (free || wasKinked || !kinked() || !(current.loss > EXACT)) return current;
    // What looked like a kink may have been a bend that knots were too few for.
    const withKinks = remember();
    const plain = yield* closer(free, recall(smooth), least);
    return plain.loss < current.loss ? plain : recall(withKinks);
  }

  /** More knots while they make the loss fall. */
  function* closer(free: boolean, first: Fit, least: number): Generator<DynamicsSearchStep, Fit> {
    let current = first;
    while (current.loss > least && cells * MORE_CELLS <= MOST_CELLS) {
      const before = { cells, shape };
      const { basis, coefficients } = current;
      shape = { follows: { basis, coefficients }, kinks: shape?.kinks ?? [] };
      let finer = yield* fitted(free, dynamics, current);
      if (!(finer.loss < current.loss / FALL)) {
        cells = Math.round(cells * MORE_CELLS);
        finer = yield* fitted(free, dynamics, current);
      }
      if (!(finer.loss < current.loss / FALL)) {
        ({ cells, shape } = before);
        break;
      }
      current = finer;
      fit = current;
      yield step("more knots");
    }
    return current;
  }

  /** Steps and knots in turn: where the one was too coarse, the lack of the other does not show. */
  function* settled(free: boolean, first: Fit): Generator<DynamicsSearchStep, Fit> {
    let current = yield* resolved(free, first);
    for (;;) {
      const { substeps } = dynamics;
      const before = current;
      current = yield* refined(free, current);
      if (current === before) return current;
      current = yield* resolved(free, current);
      if (dynamics.substeps === substeps) return current;
    }
  }

  let verletFound = false;
  const searching = fixed === null && method === null;
  /** Velocity Verlet of the maker's, if that is what the residuals are. */
  function* verlet(free: boolean, current: Fit): Generator<DynamicsSearchStep, Fit> {
    if (!searching || verletFound || !(current.loss > CLEAN)) return current;
    const found = yield* scanVerlet(dynamics, current, (d, from) =>
      fitted(free, d, from, { passes: 4, onlyFrom: true }),
    );
    if (found === null) return current;
    const gain = current.freedom * (current.loss / found.fit.loss - 1);
    if (!(free ? gain > VERLET_GAIN : current.loss > FALL * found.fit.loss)) return current;
    dynamics = found.dynamics;
    verletFound = true;
    fit = found.fit;
    yield step("velocity Verlet found");
    return found.fit;
  }

  /** From the beginning again. */
  const startOver = (): void => {
    dynamics = base;
    cells = CELLS;
    shape = undefined;
    verletFound = false;
  };
  const remember = () => ({ dynamics, cells, shape, verletFound, fit: fit as Fit });
  const recall = (state: ReturnType<typeof remember>): Fit => {
    ({ dynamics, cells, shape, verletFound, fit } = state);
    return state.fit;
  };
  function* exactly(first: Fit | null): Generator<DynamicsSearchStep, Fit> {
    fit = first ?? (yield* fitted(false, dynamics, null));
    yield step("first fit");
    fit = yield* settled(false, fit);
    fit = yield* verlet(false, fit);
    return yield* refined(false, fit);
  }
  function* freely(from: Fit | null): Generator<DynamicsSearchStep, Fit> {
    fit = yield* fitted(true, dynamics, from, { passes: from === null ? 8 : 5 });
    yield step("free start states");
    fit = yield* resolved(true, fit);
    fit = yield* verlet(true, fit);
    return yield* refined(true, fit);
  }

  let parts: FoundDynamics["parts"] = null;
  /** A law that follows stretches between records, and whole trajectories from there if that will do; null where there is none. */
  function* stretched(): Generator<DynamicsSearchStep, Fit | null> {
    if (!mayStretch) return null;
    const before = { ...remember(), data, separations };
    startOver();
    const substeps = Math.max(base.substeps, STRETCH_SUBSTEPS);
    const finer = fixed ?? { ...base, substeps, tangentSubsteps: substeps };
    const found = yield* followStretches(data, (times) => scheduleOf(times, finer), {
      cells,
      separations,
      prior: 1e-12,
      maxPasses: 8,
      goal: 1e-18,
      throughVelocities: true,
      relativeRoughness: true,
      byEvidence: true,
    });
    if (found === null) {
      recall(before);
      return null;
    }
    dynamics = finer;
    const { fit: law } = found;
    const freedom = Math.max(1, law.equations.degreesOfFreedom - law.basis.size);
    const variance = (law.loss * law.equations.residuals) / freedom;
    fit = { ...law, starts: givenStarts(law.data), freedom, variance };
    yield step("stretches between records");
    const whole = yield* fitted(false, dynamics, fit);
    if (whole.loss <= EXACT) {
      fit = whole;
    } else {
      // Paths through records miss how close particles come between them, so the basis stays that of all.
      data = found.data;
      fit = yield* fitted(false, dynamics, fit);
    }
    fit = yield* settled(false, fit);
    fit = yield* verlet(false, fit);
    fit = yield* refined(false, fit);
    if (data === before.data) return fit;
    const followed = followedUnder(all, (times) => scheduleOf(times, dynamics), fit);
    if (followed === null) {
      ({ data, separations } = before);
      recall(before);
      return null;
    }
    parts = { data: followed, of: all.trajectories * (all.records - 1) };
    separations = rolledSeparations(followed, scheduleOf(followed.times, dynamics), fit);
    return fit;
  }

  let free = velocities === "unknown";
  let noisy = velocities === "auto" && scatters(all);
  let first: Fit | null = null;
  if (noisy && mostSubsteps === MOST_SUBSTEPS) {
    // A law that follows exact starts more closely than the records scatter says that it is motion, not noise.
    first = yield* resolved(false, yield* fitted(false, dynamics, null));
    const motion = MOTION * scatter;
    // So do collisions, where V' has a kink.
    if (!(first.loss < motion)) first = yield* bent(false, first, motion, sought);
    noisy = !(first.loss < motion);
  }
  let follows: Fit | null = null;
  if (noisy && (first === null || first.loss > ASTRAY)) follows = yield* stretched();
  if (follows !== null) fit = follows;
  else if (velocities === "unknown") fit = yield* freely(null);
  else if (velocities === "given") {
    fit = yield* exactly(null);
    if (fit.loss > ASTRAY) fit = (yield* stretched()) ?? fit;
  } else if (noisy) {
    // Whether start states are exact is asked of the law that free starts find.
    startOver();
    fit = yield* freely(null);
    const own = remember();
    const again = yield* fitted(false, dynamics, fit);
    free = again.variance > EXACT_RATIO * fit.variance;
    if (!free) {
      fit = yield* settled(false, again);
      fit = yield* verlet(false, fit);
      fit = yield* refined(false, fit);
    } else fit = recall(own);
  } else {
    fit = yield* exactly(first);
    if (fit.loss > ASTRAY) follows = yield* stretched();
    if (follows !== null) fit = follows;
    else if (fit.loss > EXACT) {
      const exact = remember();
      const bound = SENSIBLE * scatter;
      // Steps and knots of a fit that went astray are no place to start from; its law may be, or not.
      if (!(fit.loss < bound)) startOver();
      let own = yield* freely(exact.fit);
      if (!(own.loss < Math.max(bound, FOUND * exact.fit.loss))) {
        const hinted = remember();
        startOver();
        own = yield* freely(null);
        if (!(own.variance < hinted.fit.variance)) own = recall(hinted);
      }
      free = exact.fit.variance > EXACT_RATIO * own.variance;
      if (free) {
        const found = remember();
        const again = yield* fitted(false, dynamics, own);
        free = again.variance > EXACT_RATIO * own.variance;
        fit = free ? recall(found) : again;
      } else fit = recall(exact);
    }
  }
  // Residuals that were resolution before may be the integrator's now.
  fit = yield* resolved(free, fit);

  // Along the whole the smallest errors may grow beyond all use; where start states are exact, each segment has its own.
  if (mayStretch && !free && parts === null && looked !== all)
    parts = { data: looked, of: looked.trajectories };

  const weight = free && velocities === "auto" ? velocityWeight(fit) : 0;
  const error = commonStepError(dynamics, fit);
  const tolerable = Math.max(UNRESOLVED.share * fit.loss, UNRESOLVED.least);
  return {
    dynamics,
    startStates: free ? (weight > 0 ? "measured" : "unknown") : "exact",
    velocityWeight: weight,
    slope: slopeOf(fit.basis, fit.coefficients),
    cells,
    shape,
    separations,
    parts,
    stepError: error,
    loss: fit.loss,
    bodyVariances: bodyResiduals(
      fit.data,
      scheduleOf(fit.data.times, dynamics),
      fit.basis,
      splineCurve(fit.basis, fit.coefficients),
      fit.starts,
    ).variances,
    fitted: { data: fit.data, starts: { ...fit.starts, velocityWeight: free ? weight : null } },
    unresolved: fixed === null && !verletFound && !(error <= tolerable),
  };
}

/** Velocity Verlet with the steps a record that explain the data best; null when it makes no difference. */
function* scanVerlet(
  now: Dynamics,
  fit: Fit,
  fitted: (d: Dynamics, from: Fit) => Generator<DynamicsSearchStep, Fit>,
): Generator<DynamicsSearchStep, { dynamics: Dynamics; fit: Fit } | null> {
  const { data } = fit;
  const reference = predictions(scheduleOf(data.times, now), fit);
  let best: { dynamics: Dynamics; fit: Fit } | null = null;
  const withSteps = (substeps: number): Dynamics => ({
    ...named(velocityVerlet),
    substeps,
    dt: null,
    // Few steps are far from the flow, and cheap to differentiate as they are.
    tangentSubsteps: substeps <= COARSE_VERLET ? null : (now.tangentSubsteps ?? 1),
    source: "measured",
  });
  for (const substeps of VERLET_STEPS) {
    const dynamics = withSteps(substeps);
    const schedule = scheduleOf(data.times, dynamics);
    // What makes no difference beside the residuals cannot explain them.
    const apart = meanSquareDifference(data, reference, predictions(schedule, fit));
    if (apart < STEP_SHARE * fit.loss) continue;
    const trial = yield* fitted(dynamics, fit);
    // From fine to coarse: as steps come nearer to the maker's the loss falls, and rises beyond.
    if (trial.loss > WORSE * (best?.fit.loss ?? fit.loss)) break;
    if (best === null || trial.loss < best.fit.loss) best = { dynamics, fit: trial };
  }
  // The maker's number may lie between those tried.
  for (const by of [-1, 1])
    while (best !== null && best.fit.loss > CLEAN) {
      const substeps: number = best.dynamics.substeps + by;
      if (VERLET_STEPS.includes(substeps) || substeps < 1) break;
      const dynamics = withSteps(substeps);
      const trial = yield* fitted(dynamics, best.fit);
      if (!(trial.loss < NEARER * best.fit.loss)) break;
      best = { dynamics, fit: trial };
    }
  if (best === null || best.dynamics.substeps < FINEST_VERLET) return best;
  // What finer steps do as well is not the maker's error.
  const finer = { ...best.dynamics, substeps: 2 * best.dynamics.substeps };
  const trial = yield* fitted(finer, best.fit);
  return trial.loss > FALL * best.fit.loss ? best : null;
}

/** Mean square difference of the records between one step and two half steps. */
function stepError(dynamics: Dynamics, fit: Fit): number {
  return meanSquareDifference(fit.data, ...withHalfSteps(dynamics, fit));
}

/** Share of the trajectories whose step error says nothing of the others: a close encounter or two. */
const WORST = 0.2;

/** The same of one trajectory, such that only the worst have a larger one. */
function commonStepError(dynamics: Dynamics, fit: Fit): number {
  const [whole, halves] = withHalfSteps(dynamics, fit);
  const { trajectories, residualCounts } = fit.data;
  const size = whole.length / trajectories;
  const each = Float64Array.from({ length: trajectories }, (_, t) => {
    let sum = 0;
    for (let k = t * size; k < (t + 1) * size; k++) {
      const d = whole[k] - halves[k];
      sum += d * d;
    }
    return sum / Math.max(1, residualCounts[t]);
  }).sort();
  return each[Math.ceil((1 - WORST) * trajectories) - 1];
}

function withHalfSteps(dynamics: Dynamics, fit: Fit): readonly [Float64Array, Float64Array] {
  const half = {
    ...dynamics,
    substeps: 2 * dynamics.substeps,
    dt: dynamics.dt === null ? null : dynamics.dt / 2,
  };
  const { times } = fit.data;
  return [predictions(scheduleOf(times, dynamics), fit), predictions(scheduleOf(times, half), fit)];
}

/** Residuals of all rollouts. [trajectories x (records + 1) x components] */
function predictions(schedule: Schedule, fit: Fit): Float64Array {
  const { data } = fit;
  const scratch = createRolloutScratch(data, schedule);
  const size = scratch.residuals.length;
  const curve = splineCurve(fit.basis, fit.coefficients);
  const out = new Float64Array(data.trajectories * size);
  const starts: Starts = { ...fit.starts, velocityWeight: 0 };
  for (let t = 0; t < data.trajectories; t++) {
    rollPairs(data, schedule, fit.basis.cells, curve, starts, t, scratch, { keep: false });
    out.set(scratch.residuals, t * size);
  }
  return out;
}

function meanSquareDifference(data: TrainingData, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    const d = a[k] - b[k];
    sum += d * d;
  }
  return sum / data.residuals;
}

/** Noise of positions over noise of velocities, from how far the given start velocities lie from those that the positions ask for; 0 where they tell nothing. */
function velocityWeight({ data, starts, variance }: Fit): number {
  const { trajectories, components, startVelocities, dimension } = data;
  let sum = 0;
  for (let k = 0; k < trajectories * components; k++) {
    const d = starts.velocities[k] - startVelocities[k];
    sum += d * d;
  }
  const velocityVariance = sum / ((trajectories * components * dimension) / 3);
  return velocityVariance > 0 ? Math.sqrt(variance / velocityVariance) : 0;
}

/** Trajectories with extreme separations that are always looked at, for each law and end. */
const EXTREMES = 3;

/** At most so many trajectories: those with the closest and the widest pairs of each law, and others evenly spread. */
function thin(data: TrainingData, most: number): TrainingData {
  const { trajectories } = data;
  if (trajectories <= most) return data;
  const set = new Set<number>();
  const ranges = separationRanges(data);
  for (let law = 0; law < data.laws; law++)
    for (const [end, sign] of [
      [0, 1],
      [1, -1],
    ] as const) {
      const order = ranges
        .map((range, t) => [t, sign * range[2 * law + end]] as const)
        .sort((a, b) => a[1] - b[1]);
      for (const [t] of order.slice(0, EXTREMES)) if (set.size < most / 2) set.add(t);
    }
  for (let k = 0; set.size < most; k++)
    set.add(Math.floor((k * trajectories) / most) % trajectories);
  return someTrajectories(
    data,
    [...set].sort((a, b) => a - b),
  );
}

/** Smallest and largest separation of each law at the records of each trajectory. */
function separationRanges(data: TrainingData): Float64Array[] {
  const { trajectories, records, pairs, components, positions, pairI, pairJ, pairLaw } = data;
  return Array.from({ length: trajectories }, (_, t) => {
    const out = new Float64Array(2 * data.laws);
    for (let law = 0; law < data.laws; law++) out[2 * law] = Number.POSITIVE_INFINITY;
    for (let k = 0; k < records; k++)
      for (let p = 0; p < pairs; p++) {
        const o = (t * records + k) * components;
        const i = o + pairI[p];
        const j = o + pairJ[p];
        const x = positions[i] - positions[j];
        const y = positions[i + 1] - positions[j + 1];
        const z = positions[i + 2] - positions[j + 2];
        const r = Math.sqrt(x * x + y * y + z * z);
        const law = 2 * pairLaw[p];
        out[law] = Math.min(out[law], r);
        out[law + 1] = Math.max(out[law + 1], r);
      }
    return out;
  });
}
