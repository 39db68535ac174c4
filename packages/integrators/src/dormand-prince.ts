import { accelerations, MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
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

const SAFETY = 0.9;
const LARGEST_CHANGE = 5;
/** Steps shorter than this share of the time asked for mean that the solution cannot be followed. */
const SMALLEST_STEP = 1e-12;

export interface DormandPrinceOptions {
  /** Default 1e-10. */
  readonly relativeTolerance?: number;
  /** Default 1e-12. */
  readonly absoluteTolerance?: number;
}

/**
 * Dormand-Prince 5(4): adaptive Runge-Kutta of order 5 with an embedded fourth-order error estimate and dense output. Six force
 * evaluations an accepted step. Not symplectic; forces may depend on velocities.
 *
 * A step of dt is made of as many steps of its own as the tolerances ask for; the last one may reach beyond, and dense output gives the state at dt.
 *
 * @throws MclnnError `bad-option`; while stepping `step-too-small` (failure)
 * @see Dormand and Prince, J. Comput. Appl. Math. 6 (1980) 19
 */
export function dormandPrince({
  relativeTolerance = 1e-10,
  absoluteTolerance = 1e-12,
}: DormandPrinceOptions = {}): Integrator {
  for (const [argument, value] of Object.entries({ relativeTolerance, absoluteTolerance }))
    if (!(value > 0) || !Number.isFinite(value))
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: "a positive number",
        got: String(value),
      });
  return {
    name: "dormand-prince-54",
    order: 5,
    symplectic: false,
    reversible: false,
    forceEvaluations: 6,
    serves: "positions-and-velocities",
    adaptive: true,
    start: (system, state) =>
      startDormandPrince(system, state, relativeTolerance, absoluteTolerance),
  };
}

/** {@link dormandPrince} with its default tolerances. */
export const dormandPrince54: Integrator = dormandPrince();

function startDormandPrince(
  system: ParticleSystem,
  state: State,
  relative: number,
  absolute: number,
): Step {
  const n = state.positions.length;
  const vector = (): Float64Array => new Float64Array(2 * n);
  /** y = (q, v) at the start and end of the method's own step, and the rates of its seven stages. */
  let y = vector();
  let next = vector();
  const rates = Array.from({ length: 7 }, vector);
  const stage = vector();
  y.set(state.positions);
  y.set(state.velocities, n);
  const rate = (at: Float64Array, out: Float64Array): void => {
    out.set(at.subarray(n));
    accelerations(system, at.subarray(0, n), out.subarray(n), at.subarray(n));
  };
  rate(y, rates[0] as Float64Array);
  /** Own time relative to the state's, the end of the own step, and the next step to try. */
  let at = 0;
  let reached = 0;
  let h = 0;
  let last = 0;

  const attempt = (step: number): number => {
    for (let s = 1; s < 7; s++) {
      const row = A[s] as readonly number[];
      const target = s === 6 ? next : stage;
      for (let k = 0; k < 2 * n; k++) {
        let sum = 0;
        for (let j = 0; j < s; j++)
          sum += (row[j] as number) * ((rates[j] as Float64Array)[k] as number);
        target[k] = (y[k] as number) + step * sum;
      }
      rate(target, rates[s] as Float64Array);
    }
    let norm = 0;
    for (let k = 0; k < 2 * n; k++) {
      let e = 0;
      for (let s = 0; s < 7; s++) e += (E[s] as number) * ((rates[s] as Float64Array)[k] as number);
      const scale =
        absolute + relative * Math.max(Math.abs(y[k] as number), Math.abs(next[k] as number));
      norm += ((step * e) / scale) ** 2;
    }
    return Math.sqrt(norm / (2 * n));
  };

  /** Takes one own step from `reached` on, in the direction of dt. */
  const advance = (dt: number): void => {
    if (last !== 0) {
      const swap = y;
      y = next;
      next = swap;
      (rates[0] as Float64Array).set(rates[6] as Float64Array);
    }
    for (let step = h === 0 ? firstStep(y, rates[0] as Float64Array, dt) : h; ; ) {
      if (!(Math.abs(step) > SMALLEST_STEP * Math.abs(dt)))
        throw new MclnnError("dormand-prince-54 cannot follow the motion any further", {
          code: "step-too-small",
          argument: "state",
          expected: `steps above ${SMALLEST_STEP * Math.abs(dt)}`,
          got: `${step} at time ${state.time}`,
          mend: "Particles collide, or the tolerances are too small.",
          kind: "failure",
        });
      const error = attempt(step);
      const factor = Math.min(LARGEST_CHANGE, SAFETY * error ** -0.2);
      if (error <= 1) {
        at = reached;
        reached += step;
        last = step;
        h = step * Math.max(0.2, factor);
        return;
      }
      step *= Number.isFinite(factor) ? Math.max(0.2, factor) : 0.1;
    }
  };

  /** A step over which q changes by about a hundredth of its scale. */
  const firstStep = (from: Float64Array, slope: Float64Array, dt: number): number => {
    let size = 0;
    let speed = 0;
    for (let k = 0; k < 2 * n; k++) {
      const scale = absolute + relative * Math.abs(from[k] as number);
      size += ((from[k] as number) / scale) ** 2;
      speed += ((slope[k] as number) / scale) ** 2;
    }
    const guess = speed > 0 && size > 0 ? 0.01 * Math.sqrt(size / speed) : Math.abs(dt);
    return Math.sign(dt) * Math.min(guess, Math.abs(dt));
  };

  return (dt) => {
    if (h !== 0 && Math.sign(h) !== Math.sign(dt)) {
      // Turned round: start again from the state as it is.
      y.set(state.positions);
      y.set(state.velocities, n);
      rate(y, rates[0] as Float64Array);
      at = 0;
      reached = 0;
      h = 0;
      last = 0;
    }
    const forward = Math.sign(dt);
    while ((reached - dt) * forward < 0) advance(dt);
    const { positions, velocities } = state;
    const theta = (dt - at) / last;
    const rest = 1 - theta;
    for (let k = 0; k < 2 * n; k++) {
      const y0 = y[k] as number;
      const difference = (next[k] as number) - y0;
      const bend = last * ((rates[0] as Float64Array)[k] as number) - difference;
      const end = difference - last * ((rates[6] as Float64Array)[k] as number) - bend;
      let dense = 0;
      for (let s = 0; s < 7; s++)
        dense += (D[s] as number) * ((rates[s] as Float64Array)[k] as number);
      const value =
        theta === 1
          ? (next[k] as number)
          : y0 + theta * (difference + rest * (bend + theta * (end + rest * last * dense)));
      if (k < n) positions[k] = value;
      else velocities[k - n] = value;
    }
    state.time += dt;
    at -= dt;
    reached -= dt;
  };
}
