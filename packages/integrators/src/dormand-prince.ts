import {
  accelerations,
  type ErrorDetails,
  MclnnError,
  type ParticleSystem,
  type State,
} from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { portableExp, portableLog } from "@mclnn/physics/portable";
import type { Integrator, Step } from "./integrator.ts";

/** Rows of the Butcher tableau; the last row is also the fifth-order solution (first same as last). */
const A = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
/** Times of the stages, as shares of the step. */
const NODES = A.map((row) => row.reduce((sum, a) => sum + a, 0));
/** Difference of the fifth- and fourth-order weights. */
const E = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
/** Fourth-order dense output (Hairer, Norsett, Wanner, II.6). */
const D = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/** Step control: the next step aims at this share of the largest error allowed, and changes by these factors at most. */
const SAFETY = 0.9;
const SMALLEST_CHANGE = 0.2;
const LARGEST_CHANGE = 5;
/** Steps shorter than this share of the time asked for mean that the solution cannot be followed. */
const SMALLEST_STEP = 1e-15;
/** Below this, roundoff is all that an error estimate sees. */
const SMALLEST_RELATIVE_TOLERANCE = 1e-14;

/** How closely {@link dormandPrince} follows the motion. */
export interface DormandPrinceOptions {
  /** Error allowed in one of its own steps, as a share of each component. Default 1e-10. */
  readonly relativeTolerance?: number;
  /** Error allowed beside that. Default 1e-12. */
  readonly absoluteTolerance?: number;
  /** First step to try. Default: a time over which the state changes by a hundredth. */
  readonly firstStep?: number;
  /** No step of its own is longer. Default: none. */
  readonly largestStep?: number;
  /** Own steps, tried and taken, within one step asked for, before it gives up. Default 1e6. */
  readonly maximumSteps?: number;
}

/**
 * Dormand-Prince 5(4): explicit Runge-Kutta of order 5 in steps of its own choosing, so long that the difference to the embedded
 * method of order 4, as a root mean square over components of error / (absoluteTolerance + relativeTolerance |y|), stays below 1.
 *
 * Order 5, not symplectic, not reversible; 6 force evaluations a step of its own (the last serves the next), taken or not. Forces may
 * depend on velocities. A step of dt costs no step of its own where the last one reached beyond: dense output of order 4 gives the
 * state at dt. The same bits on every machine.
 *
 * @throws MclnnError `bad-option`; while stepping `step-too-small` or `too-many-steps` (kind `failure`)
 *
 * Source: Dormand, Prince, J. Comput. Appl. Math. 6, 19 (1980), doi:10.1016/0771-050X(80)90013-3; step control and dense output:
 * Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I (1993), II.4 and II.6.
 */
export function dormandPrince(options: DormandPrinceOptions = {}): Integrator {
  checkArgument("options", options, {
    absoluteTolerance: "positive?",
    relativeTolerance: "positive?",
    firstStep: "positive?",
    largestStep: "positive?",
    maximumSteps: "positive?",
  });
  const settings: Settings = {
    relativeTolerance: 1e-10,
    absoluteTolerance: 1e-12,
    maximumSteps: 1e6,
    ...Object.fromEntries(Object.entries(options).filter(([, x]) => x !== undefined)),
  };
  if (settings.relativeTolerance < SMALLEST_RELATIVE_TOLERANCE)
    throw new MclnnError("relativeTolerance cannot be used", {
      code: "bad-option",
      argument: "relativeTolerance",
      expected: `a finite number of at least ${SMALLEST_RELATIVE_TOLERANCE}`,
      got: String(settings.relativeTolerance),
    });
  return {
    name: "dormand-prince-54",
    order: 5,
    symplectic: false,
    reversible: false,
    forceEvaluations: 6,
    parameters: { ...settings },
    adaptive: true,
    start: (system, state) => startDormandPrince(system, state, settings),
  };
}

/** {@link dormandPrince} with its default tolerances: 1e-10 relative, 1e-12 absolute. */
export const dormandPrince54: Integrator = dormandPrince();

type Settings = DormandPrinceOptions &
  Required<Pick<DormandPrinceOptions, "relativeTolerance" | "absoluteTolerance" | "maximumSteps">>;

/** Positions and velocities, or their rates of change, as one vector and as its two halves. */
interface Phase {
  readonly all: Float64Array;
  readonly q: Float64Array;
  readonly v: Float64Array;
}

function phaseVector(n: number): Phase {
  const all = new Float64Array(2 * n);
  return { all, q: all.subarray(0, n), v: all.subarray(n) };
}

/** By how much to change a step with that error: error^(-1/5), with some care, from operations that are the same everywhere. */
function changeFor(error: number): number {
  if (!Number.isFinite(error)) return SMALLEST_CHANGE;
  const change = SAFETY * portableExp(-0.2 * portableLog(error));
  return Math.min(LARGEST_CHANGE, Math.max(SMALLEST_CHANGE, change));
}

function startDormandPrince(system: ParticleSystem, state: State, settings: Settings): Step {
  const { firstStep, largestStep, maximumSteps } = settings;
  const vector = (): Phase => phaseVector(state.positions.length);
  const own: OwnStep = { y: vector(), next: vector(), rates: Array.from({ length: 7 }, vector) };
  const { y } = own;
  const first = own.rates[0] as Phase;
  const begin = (): void => {
    y.q.set(state.positions);
    y.v.set(state.velocities);
    setRate(system, y, first, state.time);
  };
  begin();
  /** Own time relative to the state's, the end of the own step, and the next step to try. */
  let at = 0;
  let reached = 0;
  let h = 0;
  let last = 0;
  let tried = 0;

  /** Takes one own step from `reached` on, in the direction of dt. */
  const advance = (dt: number): void => {
    if (last !== 0) {
      y.all.set(own.next.all);
      first.all.set((own.rates[6] as Phase).all);
    }
    let step = h === 0 ? bounded(firstStep ?? firstGuess(own, settings), dt) : h;
    for (let rejected = false; ; rejected = true) {
      if (!(Math.abs(step) > SMALLEST_STEP * Math.abs(dt)))
        throw stopped({
          code: "step-too-small",
          expected: `steps above ${SMALLEST_STEP * Math.abs(dt)}`,
          got: `${step} at time ${state.time + reached}`,
          mend: "Particles collide, or the tolerances are too small.",
        });
      if (++tried > maximumSteps)
        throw stopped({
          code: "too-many-steps",
          expected: `at most ${maximumSteps} steps for a dt of ${dt}`,
          got: `time ${state.time + reached}, with steps of ${step}`,
          mend: "Ask for a smaller dt, or allow larger errors or more steps.",
        });
      const error = attempt(system, own, { from: state.time + reached, step, settings });
      const change = changeFor(error);
      if (error <= 1) {
        at = reached;
        reached += step;
        last = step;
        // After a rejection the longer step has just been shown to be too long.
        h = bounded(Math.abs(step) * (rejected ? Math.min(1, change) : change), dt);
        return;
      }
      step *= change;
    }
  };

  const bounded = (length: number, dt: number): number =>
    Math.sign(dt) * Math.min(length, largestStep ?? length);

  return (dt) => {
    if (dt === 0) return;
    tried = 0;
    if (h !== 0 && Math.sign(h) !== Math.sign(dt)) {
      // Turned round: start again from the state as it is.
      begin();
      at = 0;
      reached = 0;
      h = 0;
      last = 0;
    }
    // Stryker disable next-line ArithmeticOperator: the sign is 1 or -1
    while ((reached - dt) * Math.sign(dt) < 0) advance(dt);
    interpolate(own, last, (dt - at) / last, state);
    state.time += dt;
    at -= dt;
    reached -= dt;
  };
}

/** y = (q, v) at the start and end of the method's own step, which the stages lead to, and the rates of all seven. */
interface OwnStep {
  readonly y: Phase;
  readonly next: Phase;
  readonly rates: readonly Phase[];
}

function setRate(system: ParticleSystem, at: Phase, out: Phase, time: number): void {
  out.q.set(at.v);
  accelerations(system, at.q, out.v, at.v, time);
}

const allowed = (size: number, { absoluteTolerance, relativeTolerance }: Settings): number =>
  absoluteTolerance + relativeTolerance * size;

/** The stages of a step. @returns its error, as a share of what is allowed */
function attempt(
  system: ParticleSystem,
  { y, next, rates }: OwnStep,
  { from, step, settings }: { from: number; step: number; settings: Settings },
): number {
  const to = next.all;
  for (let s = 1; s < 7; s++) {
    const row = A[s] as readonly number[];
    for (let k = 0; k < to.length; k++) {
      let sum = 0;
      for (let j = 0; j < s; j++)
        sum += (row[j] as number) * ((rates[j] as Phase).all[k] as number);
      to[k] = (y.all[k] as number) + step * sum;
    }
    setRate(system, next, rates[s] as Phase, from + (NODES[s] as number) * step);
  }
  let norm = 0;
  for (let k = 0; k < to.length; k++) {
    let e = 0;
    // Stryker disable next-line AssignmentOperator: errors are squared
    for (let s = 0; s < 7; s++) e += (E[s] as number) * ((rates[s] as Phase).all[k] as number);
    const size = Math.max(Math.abs(y.all[k] as number), Math.abs(to[k] as number));
    const share = (step * e) / allowed(size, settings);
    norm += share * share;
  }
  return Math.sqrt(norm / to.length);
}

/** A time over which the state changes by about a hundredth of itself. */
function firstGuess({ y, rates }: OwnStep, settings: Settings): number {
  let size = 0;
  let speed = 0;
  for (let k = 0; k < y.all.length; k++) {
    const value = y.all[k] as number;
    const rateOfChange = (rates[0] as Phase).all[k] as number;
    const scale = allowed(Math.abs(value), settings);
    size += (value / scale) * (value / scale);
    speed += (rateOfChange / scale) * (rateOfChange / scale);
  }
  return size > 0 && speed > 0 ? 0.01 * Math.sqrt(size / speed) : 1e-6;
}

/** Dense output: the state at a share theta of a step. */
function interpolate(
  { y, next, rates }: OwnStep,
  step: number,
  theta: number,
  { positions, velocities }: State,
): void {
  const n = positions.length;
  const rest = 1 - theta;
  for (let k = 0; k < 2 * n; k++) {
    const y0 = y.all[k] as number;
    const difference = (next.all[k] as number) - y0;
    const bend = step * ((rates[0] as Phase).all[k] as number) - difference;
    const end = difference - step * ((rates[6] as Phase).all[k] as number) - bend;
    let dense = 0;
    for (let s = 0; s < 7; s++) dense += (D[s] as number) * ((rates[s] as Phase).all[k] as number);
    // At the end of the step, y0 + ((y0 + d) - y0): that is y0 + d in every bit.
    const value = y0 + theta * (difference + rest * (bend + theta * (end + rest * step * dense)));
    if (k < n) positions[k] = value;
    else velocities[k - n] = value;
  }
}

function stopped(details: ErrorDetails): MclnnError {
  return new MclnnError("dormand-prince-54 cannot follow the motion any further", {
    argument: "state",
    kind: "failure",
    ...details,
  });
}
