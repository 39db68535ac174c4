import { curveAt, splineCurve } from "@mclnn/models/parts";
import { MclnnError } from "@mclnn/physics";
import { matrixVector } from "../algebra/linear-algebra.ts";
import { collocation } from "../prior/metric.ts";
import { addInterval, intervalRoom, listFor } from "./interval-pass.ts";
import { adaptedKnots, basisOn, gradedKnots } from "./many-knots.ts";
import { frameOf, type ManyRecords } from "./many-records.ts";
import { addNearPairs, type EndedLaws, eachNearPair } from "./near-terms.ts";
import {
  type Least,
  leastSquares,
  noSquares,
  type SumOfSquares,
  squaresAfter,
} from "./sum-of-squares.ts";

/** Priors relative to the mean diagonal: along the recorded path, whose own error must not be followed, and along the law's own run. */
const PATH_PRIOR = 1e-10;
const RUN_PRIOR = 1e-14;
/** Knots begin a little nearer than the nearest pair: nothing would be known of a law that begins nearer. */
const NEAREST = 0.999;
/** A step that leaves no more than that times what it promised is the last. */
const SETTLED = 1.01;
const MOST_PASSES = 9;
/** A step that leads up is halved so often. */
const HALVINGS = 4;
/** Share of the period of the fastest motion from where on knots are adapted along the run as well. */
const WIDE = 0.06;
/** Up to here a pass without tangents brings a law a hundred times nearer, at a third of the price. */
const SHORT = 0.04;
/** Velocities that have forgotten those of the record before: a quarter of a period has passed. A sixth of that spacing is what one pass needs. */
const FORGOTTEN = 0.1;
const CLOSER = 6;

/** A law of near pairs, and the equations it is the solution of. */
export interface ManyFit {
  readonly laws: EndedLaws;
  readonly coefficients: Float64Array;
  /** About the coefficients. */
  readonly sums: SumOfSquares;
  readonly least: Least;
  /** Mean square residual of a position component. */
  readonly loss: number;
  readonly passes: number;
  /** Of some of the records, sorted, one array a law. */
  readonly separations: readonly Float64Array[];
  readonly intervals: readonly number[];
  /** Time between records over the period of the fastest motion. */
  readonly share: number;
}

export interface ManyFitOptions {
  /** Velocity Verlet steps in an interval. */
  readonly steps: number;
  /** Separation at which each law ends. [laws] */
  readonly ends: Float64Array;
  /** Knot intervals of each law. */
  readonly cells: number;
  /** Frames that the intervals begin at. */
  readonly intervals: readonly number[];
}

export interface ManyStep {
  readonly phase: string;
  readonly iterations: number;
  readonly loss: number;
}

/**
 * Laws of near pairs from single intervals between records with velocities: a fit along the recorded path, knots adapted to it, then Gauss-Newton
 * along the law's own run. No run is longer than an interval, so that chaos never comes in.
 *
 * @throws MclnnError `fit-failed`; `records-too-far-apart`
 */
export function* fitMany(
  records: ManyRecords,
  options: ManyFitOptions,
): Generator<ManyStep, ManyFit> {
  const { ends, cells, intervals } = options;
  refuseSparse(velocityCorrelation(records, intervals), options.steps);
  const seen = separationsAt(records, options);
  const nearest = seen.map((own, law) => (own[0] ?? 0.5 * ends[law]) * NEAREST);
  let laws: EndedLaws = {
    basis: basisOn(nearest.map((from, law) => gradedKnots(from, ends[law], cells))),
    ends,
  };
  const path = yield* fitAlongPath(records, laws, options);
  const first = laws;
  laws = { basis: basisOn(adaptedKnots(first.basis, path)), ends };
  const start = transferred(first, path, laws);
  const share = shareOfPeriod(records, laws, start, intervals);
  let fit = yield* fitAlongRun(records, laws, start, { ...options, share, before: 0 });
  for (let round = 0; share > WIDE && round < 2; round++) {
    const adapted = lowered(
      adaptedKnots(fit.laws.basis, fit.coefficients),
      closestInRuns(records, fit, options),
    );
    const next = { basis: basisOn(adapted), ends };
    const from = transferred(fit.laws, fit.coefficients, next);
    fit = yield* fitAlongRun(records, next, from, { ...options, share, before: fit.passes });
  }
  return { ...fit, separations: seen, intervals, share };
}

/** Coefficients by the fit along the recorded path. */
function* fitAlongPath(
  records: ManyRecords,
  laws: EndedLaws,
  { steps, intervals }: ManyFitOptions,
): Generator<ManyStep, Float64Array> {
  const { size } = laws.basis;
  const room = intervalRoom(records, size);
  const sums = noSquares(size);
  for (const frame of intervals) {
    addInterval(records, laws, frame, { steps, coefficients: null }, room, sums);
    yield { phase: "fit along the path", iterations: 0, loss: sums.sum / sums.rows };
  }
  return solved(sums, laws, PATH_PRIOR).step;
}

type RunFit = Omit<ManyFit, "separations" | "intervals" | "share">;

/** Gauss-Newton along the law's own run. Where an interval is short, what the law does to the run itself is left to the next pass. */
function* fitAlongRun(
  records: ManyRecords,
  laws: EndedLaws,
  from: Float64Array,
  {
    steps,
    intervals,
    share,
    before,
  }: ManyFitOptions & { readonly share: number; readonly before: number },
): Generator<ManyStep, RunFit> {
  const { size } = laws.basis;
  const room = intervalRoom(records, size);
  let coefficients = from;
  for (let pass = before + 1; ; pass++) {
    const sums = noSquares(size);
    for (const frame of intervals) {
      addInterval(
        records,
        laws,
        frame,
        { steps, coefficients, tangents: share > SHORT },
        room,
        sums,
      );
      yield { phase: "fit along single intervals", iterations: pass, loss: sums.sum / sums.rows };
    }
    const least = solved(sums, laws, RUN_PRIOR);
    const left = squaresAfter(sums, least.step);
    let step = least.step;
    let next = coefficients;
    let squares = sums;
    let settled = true;
    for (let halvings = 0; halvings < HALVINGS; halvings++) {
      next = coefficients.map((c, k) => c + step[k]);
      squares = about(sums, step, runSquares(records, laws, next, { steps, intervals }));
      yield {
        phase: "fit along single intervals",
        iterations: pass,
        loss: squares.sum / sums.rows,
      };
      settled = squares.sum <= SETTLED * left;
      if (squares.sum < sums.sum) break;
      step = step.map((s) => s / 2);
    }
    // No way leads further down: rounding.
    const stuck = !(squares.sum < sums.sum);
    if (!stuck) coefficients = next;
    if (!stuck && !settled && pass < before + MOST_PASSES) continue;
    const last = stuck ? sums : squares;
    const loss = (2 * last.residualSquares) / last.rows;
    return { laws, coefficients, sums: last, least, passes: pass, loss };
  }
}

/** The equations about where a step leads. */
function about(
  sums: SumOfSquares,
  step: Float64Array,
  squares: Pick<SumOfSquares, "sum" | "residualSquares">,
): SumOfSquares {
  const { size, metric, gradient } = sums;
  const moved = gradient.slice();
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++)
      moved[a] -= metric[a > b ? a * size + b : b * size + a] * step[b];
  return { ...sums, ...squares, gradient: moved };
}

/** Residuals of a law's own runs. */
function runSquares(
  records: ManyRecords,
  laws: EndedLaws,
  coefficients: Float64Array,
  options: Pick<ManyFitOptions, "steps" | "intervals">,
): Pick<SumOfSquares, "sum" | "residualSquares"> {
  return curveSquares(records, laws, splineCurve(laws.basis, coefficients), options);
}

/** The same of V' as a curve. */
export function curveSquares(
  records: ManyRecords,
  laws: EndedLaws,
  curve: Float64Array,
  { steps, intervals }: Pick<ManyFitOptions, "steps" | "intervals">,
): Pick<SumOfSquares, "sum" | "residualSquares"> {
  let residualSquares = 0;
  let sum = 0;
  for (const frame of intervals) {
    const { positions, velocities } = runInterval(records, laws, curve, { frame, steps });
    const x = frameOf(records, records.positions, frame + 1);
    const v = frameOf(records, records.velocities as Float64Array, frame + 1);
    const half = spanOf(records, frame) / 2;
    for (let k = 0; k < x.length; k++) {
      const dx = x[k] - positions[k];
      const dv = half * (v[k] - velocities[k]);
      residualSquares += dx * dx;
      sum += dx * dx + dv * dv;
    }
  }
  return { sum, residualSquares };
}

const spanOf = ({ times, records }: ManyRecords, frame: number): number =>
  times[(frame % records) + 1] - times[frame % records];

function solved(sums: SumOfSquares, { basis }: EndedLaws, prior: number): Least {
  const least = leastSquares(sums, basis, prior);
  return least?.step.every(Number.isFinite) ? least : failed();
}

function failed(): never {
  throw new MclnnError("no law of pairs could be fitted to the intervals between records", {
    code: "fit-failed",
    argument: "data",
    expected: "records that a law of pairs leads from one to the next",
    got: "equations without a finite solution",
    mend: "Look for other forces, or give records closer in time.",
    kind: "failure",
  });
}

/** Most separations that are kept of a law: they make a histogram. */
const MOST_SEPARATIONS = 200_000;

/** Separations at both ends of the intervals, sorted; the nearest of all are among them. */
function separationsAt(
  records: ManyRecords,
  { intervals, ends }: Pick<ManyFitOptions, "intervals" | "ends">,
): Float64Array[] {
  const found: number[][] = Array.from(ends, () => []);
  const nearest = Array.from(ends, () => Number.POSITIVE_INFINITY);
  const list = listFor(records, { ends });
  for (const frame of new Set(intervals.flatMap((k) => [k, k + 1]))) {
    list.update(frameOf(records, records.positions, frame));
    eachNearPair(records, list, ends, (_i, _j, law, r) => {
      if (r < nearest[law]) nearest[law] = r;
      if (found[law].length < MOST_SEPARATIONS) found[law].push(r);
    });
  }
  return found.map((own, law) => {
    if (Number.isFinite(nearest[law])) own.push(nearest[law]);
    return Float64Array.from(own).sort();
  });
}

/** Time between records over the period that a particle in equilibrium swings in: 2 pi sqrt(<v^2> / <a^2>). */
function shareOfPeriod(
  records: ManyRecords,
  laws: EndedLaws,
  coefficients: Float64Array,
  [frame = 0]: readonly number[],
): number {
  const { particles } = records;
  const list = listFor(records, laws);
  list.update(frameOf(records, records.positions, frame));
  const accelerations = new Float64Array(3 * particles);
  const curve = splineCurve(laws.basis, coefficients);
  addNearPairs(records, list, laws, {
    ...{ curve, accelerations, sources: null, moves: null, columns: 0 },
  });
  const speeds = frameOf(records, records.velocities as Float64Array, frame);
  let own = 0;
  let changes = 0;
  for (let k = 0; k < speeds.length; k++) {
    own += speeds[k] * speeds[k];
    changes += accelerations[k] * accelerations[k];
  }
  return own > 0 ? (spanOf(records, frame) * Math.sqrt(changes / own)) / (2 * Math.PI) : 0;
}

/** How far velocities of a record are those of the one before: 1 where nothing has happened, 0 where a swing is over. */
function velocityCorrelation(
  { velocities, particles }: ManyRecords,
  intervals: readonly number[],
): number {
  const size = 3 * particles;
  const v = velocities as Float64Array;
  let both = 0;
  let own = 0;
  for (const frame of intervals)
    for (let k = frame * size; k < (frame + 1) * size; k++) {
      both += v[k] * v[k + size];
      own += (v[k] * v[k] + v[k + size] * v[k + size]) / 2;
    }
  return own > 0 ? both / own : 1;
}

/** @throws MclnnError `records-too-far-apart`, in units of the spacing */
function refuseSparse(correlation: number, steps: number): void {
  if (correlation > FORGOTTEN) return;
  const every = Math.floor(steps / CLOSER);
  throw new MclnnError("records are too far apart in time for a law to be found between them", {
    code: "records-too-far-apart",
    argument: "times",
    expected: "records less than a quarter of the period of the fastest motion apart",
    got: `velocities that have a correlation of ${correlation.toFixed(2)} with those of the record before`,
    mend: `Write records ${CLOSER} times as often${every > 0 ? `: every ${every} steps instead of every ${steps}` : ""}.`,
  });
}

/** The nearest that pairs come along the law's own runs, which records do not show. */
function closestInRuns(
  records: ManyRecords,
  { laws, coefficients }: RunFit,
  { intervals, steps }: ManyFitOptions,
): Float64Array {
  const nearest = laws.ends.map(() => Number.POSITIVE_INFINITY);
  const curve = splineCurve(laws.basis, coefficients);
  for (const frame of intervals)
    runInterval(records, laws, curve, { frame, steps }, (list) =>
      eachNearPair(records, list, laws.ends, (_i, _j, law, r) => {
        if (r < nearest[law]) nearest[law] = r;
      }),
    );
  return nearest;
}

/** Follows a law through an interval. @param look - told of the neighbours at every step @returns positions and velocities at its end */
function runInterval(
  records: ManyRecords,
  laws: EndedLaws,
  curve: Float64Array,
  { frame, steps }: { readonly frame: number; readonly steps: number },
  look: (list: ReturnType<typeof listFor>) => void = () => {},
): { positions: Float64Array; velocities: Float64Array } {
  const dt = spanOf(records, frame) / steps;
  const positions = frameOf(records, records.positions, frame).slice();
  const velocities = frameOf(records, records.velocities as Float64Array, frame).slice();
  const accelerations = new Float64Array(positions.length);
  const list = listFor(records, laws);
  const feel = (): void => {
    accelerations.fill(0);
    list.update(positions);
    addNearPairs(records, list, laws, {
      ...{ curve, accelerations, sources: null, moves: null, columns: 0 },
    });
    look(list);
  };
  feel();
  for (let step = 0; step < steps; step++) {
    for (let k = 0; k < positions.length; k++) {
      velocities[k] += 0.5 * dt * accelerations[k];
      positions[k] += dt * velocities[k];
    }
    feel();
    for (let k = 0; k < positions.length; k++) velocities[k] += 0.5 * dt * accelerations[k];
  }
  return { positions, velocities };
}

/** Knots that begin where pairs come nearest. */
function lowered(knots: readonly Float64Array[], nearest: Float64Array): Float64Array[] {
  return knots.map((own, law) => {
    const out = own.slice();
    out[0] = Math.min(out[0], NEAREST * nearest[law]);
    return out;
  });
}

/** Coefficients of the same law on other knots. */
function transferred(
  laws: EndedLaws,
  coefficients: Float64Array,
  { basis }: EndedLaws,
): Float64Array {
  const { points, toCoefficients } = collocation(basis);
  const curve = splineCurve(laws.basis, coefficients);
  const values = new Float64Array(basis.size);
  for (const { law, first, size, knots } of basis.clusters)
    for (let k = first; k < first + size; k++) {
      const inside = Math.min(points[k], knots[knots.length - 1] * (1 - 1e-12));
      values[k] = curveAt(laws.basis.cells, curve, law, inside);
    }
  return matrixVector(toCoefficients, values, basis.size);
}
