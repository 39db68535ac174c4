import { choleskyFactor, choleskySolve } from "../../linear-algebra.ts";
import type { EnergyNetwork } from "../../network.ts";
import type { ValueMetric } from "./metric.ts";

export interface DistilOptions {
  /** Stop at this squared distance to the target in the metric: the excess rollout loss. */
  readonly goal: number;
  readonly maxIterations: number;
  /** Damping to start from, relative to the mean eigenvalue of the normal matrix. */
  readonly damping: number;
  /** First set the output weights by ridge least squares: the slope is linear in them. */
  readonly solveOutputs: boolean;
}

export interface DistilResult {
  /** Squared distance to the target in the metric. */
  readonly excess: number;
  readonly iterations: number;
}

/** Everything but the weights that the next iteration of a {@link distil} depends on. */
export interface DistilState {
  /** Whether the output weights have been set, where they are. */
  begun: boolean;
  /** Negative before the first iteration. */
  lambda: number;
  growth: number;
  iterations: number;
  /** No step lowered the distance any more. */
  over: boolean;
  /** Largest squared norms of the columns of J. [weights] */
  readonly norms: Float64Array;
}

/** The state that a distillation begins with. @param size - number of weights */
export function beginDistil(size: number): DistilState {
  return {
    begun: false,
    lambda: -1,
    growth: 2,
    iterations: 0,
    over: false,
    norms: new Float64Array(size),
  };
}

/** Ridge of the output weights, relative to the trace; 1e-6 let them grow until LM could not move them. */
const OUTPUT_RIDGE = 1e-3;
/** Columns of J are scaled by their norms, but not below this share of the largest squared norm. */
const SCALE_FLOOR = 1e-4;
/** Damping never falls below this share of the trace. */
const DAMPING_FLOOR = 1e-15;
/** Rejected steps in a row before an iteration is given up. */
const MAX_REJECTIONS = 14;

/**
 * Fits a network's slope to target values in the metric of the rollout loss, by Levenberg-Marquardt.
 *
 * There are fewer residuals (coefficients of the spline) than weights, so the damped system is solved in its dual form,
 * (J D^-1 J' + lambda) b = -rho, and the step is D^-1 J' b. Damping follows Nielsen (1999). Yields after each iteration.
 *
 * @param network - its slope is fitted
 * @param weights - changed in place. [network.size]
 * @param target - V' at the metric's points. [size]
 * @param state - with the weights, where to go on; changes in place
 */
export function* distil(
  network: EnergyNetwork,
  weights: Float64Array,
  target: Float64Array,
  { points, root }: ValueMetric,
  { goal, maxIterations, damping, solveOutputs }: DistilOptions,
  state: DistilState = beginDistil(weights.length),
): Generator<DistilResult, DistilResult> {
  const m = points.length;
  const n = weights.length;
  const values = new Float64Array(m);
  const valueJacobian = new Float64Array(m * n);
  const jacobian = new Float64Array(m * n);
  const normal = new Float64Array(m * m);
  const system = new Float64Array(m * m);
  const scaled = new Float64Array(n);
  const b = new Float64Array(m);
  const { norms } = state;
  const inverseScale = new Float64Array(n);
  const trial = new Float64Array(n);
  let rho = new Float64Array(m);
  let trialRho = new Float64Array(m);

  const residual = (w: Float64Array, out: Float64Array): number => {
    for (let k = 0; k < m; k++) {
      network.evaluate(w, points[k] as number);
      values[k] = network.slope - (target[k] as number);
    }
    let sum = 0;
    for (let i = 0; i < m; i++) {
      const o = i * m;
      let s = 0;
      for (let k = 0; k < m; k++) s += (root[o + k] as number) * (values[k] as number);
      out[i] = s;
      sum += s * s;
    }
    return sum;
  };
  const linearise = (): void => {
    valueJacobian.fill(0);
    for (let k = 0; k < m; k++) {
      network.evaluate(weights, points[k] as number);
      network.accumulateGradient(weights, 0, 1, 0, valueJacobian, k * n);
    }
    multiply(root, valueJacobian, jacobian, m, n);
  };

  if (solveOutputs && !state.begun) {
    linearise();
    outputLeastSquares(network, weights, jacobian, root, target, m, n);
  }
  state.begun = true;
  let excess = residual(weights, rho);
  let { lambda, growth } = state;
  while (!state.over && state.iterations < maxIterations && excess > goal) {
    linearise();
    let largest = 0;
    for (let c = 0; c < n; c++) {
      let s = 0;
      for (let i = 0; i < m; i++) {
        const x = jacobian[i * n + c] as number;
        s += x * x;
      }
      const norm = Math.max(norms[c] as number, s);
      norms[c] = norm;
      if (norm > largest) largest = norm;
    }
    for (let c = 0; c < n; c++)
      inverseScale[c] = largest / ((norms[c] as number) + SCALE_FLOOR * largest);
    gram(jacobian, inverseScale, normal, m, n, scaled);
    let trace = 0;
    for (let i = 0; i < m; i++) trace += normal[i * m + i] as number;
    if (lambda < 0) lambda = (damping * trace) / m;
    lambda = Math.max(lambda, DAMPING_FLOOR * trace);
    let accepted = false;
    for (let attempt = 0; attempt < MAX_REJECTIONS; attempt++) {
      for (let i = 0; i < m; i++) {
        const o = i * m;
        for (let k = 0; k <= i; k++) system[o + k] = normal[o + k] as number;
        system[o + i] = (system[o + i] as number) + lambda;
        b[i] = -(rho[i] as number);
      }
      if (!choleskyFactor(system, m)) {
        lambda *= 4;
        continue;
      }
      choleskySolve(system, m, b);
      trial.fill(0);
      let predicted = 0;
      for (let i = 0; i < m; i++) {
        const s = b[i] as number;
        const o = i * n;
        predicted += lambda * lambda * s * s;
        for (let c = 0; c < n; c++)
          trial[c] = (trial[c] as number) + s * (jacobian[o + c] as number);
      }
      for (let c = 0; c < n; c++)
        trial[c] = (weights[c] as number) + (trial[c] as number) * (inverseScale[c] as number);
      const trialExcess = residual(trial, trialRho);
      if (trialExcess < excess) {
        const gain = (excess - trialExcess) / (excess - predicted);
        const bent = 2 * gain - 1;
        lambda *= Math.max(0.1, 1 - bent * bent * bent);
        growth = 2;
        weights.set(trial);
        const swap = rho;
        rho = trialRho;
        trialRho = swap;
        excess = trialExcess;
        accepted = true;
        break;
      }
      lambda *= growth;
      growth *= 2;
    }
    state.lambda = lambda;
    state.growth = growth;
    state.over = !accepted;
    state.iterations++;
    yield { excess, iterations: state.iterations };
  }
  return { excess, iterations: state.iterations };
}

/** out = a b, four rows of b at a time. @param a - [m x m] @param b - [m x n] @param out - [m x n] */
function multiply(a: Float64Array, b: Float64Array, out: Float64Array, m: number, n: number): void {
  for (let i = 0; i < m; i++) {
    const o = i * n;
    for (let c = 0; c < n; c++) out[o + c] = 0;
    let k = 0;
    for (; k + 3 < m; k += 4) {
      const a0 = a[i * m + k] as number;
      const a1 = a[i * m + k + 1] as number;
      const a2 = a[i * m + k + 2] as number;
      const a3 = a[i * m + k + 3] as number;
      if (a0 === 0 && a1 === 0 && a2 === 0 && a3 === 0) continue;
      const p = k * n;
      for (let c = 0; c < n; c++) {
        const q = p + c;
        out[o + c] =
          (out[o + c] as number) +
          (a0 * (b[q] as number) +
            a1 * (b[q + n] as number) +
            a2 * (b[q + 2 * n] as number) +
            a3 * (b[q + 3 * n] as number));
      }
    }
    for (; k < m; k++) {
      const w = a[i * m + k] as number;
      for (let c = 0; c < n; c++)
        out[o + c] = (out[o + c] as number) + w * (b[k * n + c] as number);
    }
  }
}

/** Lower triangle of J diag(weight) J'. Two rows and two partial sums at a time, in one fixed order. */
function gram(
  jacobian: Float64Array,
  weight: Float64Array,
  out: Float64Array,
  m: number,
  n: number,
  scaled: Float64Array,
): void {
  const even = n - (n % 2);
  for (let i = 0; i < m; i++) {
    const o = i * n;
    for (let c = 0; c < n; c++) scaled[c] = (jacobian[o + c] as number) * (weight[c] as number);
    for (let k = 0; k <= i; k += 2) {
      const a = k * n;
      // The second row may lie above the diagonal; its product is then not stored.
      const b = k < i ? a + n : a;
      let s0 = 0;
      let s1 = 0;
      let t0 = 0;
      let t1 = 0;
      for (let c = 0; c < even; c += 2) {
        const x = scaled[c] as number;
        const y = scaled[c + 1] as number;
        s0 += x * (jacobian[a + c] as number);
        s1 += y * (jacobian[a + c + 1] as number);
        t0 += x * (jacobian[b + c] as number);
        t1 += y * (jacobian[b + c + 1] as number);
      }
      if (even < n) {
        const x = scaled[even] as number;
        s0 += x * (jacobian[a + even] as number);
        t0 += x * (jacobian[b + even] as number);
      }
      out[i * m + k] = s0 + s1;
      if (k < i) out[i * m + k + 1] = t0 + t1;
    }
  }
}

/** Output weights by ridge least squares, the others held. */
function outputLeastSquares(
  network: EnergyNetwork,
  weights: Float64Array,
  jacobian: Float64Array,
  root: Float64Array,
  target: Float64Array,
  m: number,
  n: number,
): void {
  const width = network.hidden[network.hidden.length - 1] as number;
  // Output weights are followed by the output bias alone.
  const first = n - 1 - width;
  const normal = new Float64Array(width * width);
  const right = new Float64Array(width);
  let trace = 0;
  for (let i = 0; i < m; i++) {
    let t = 0;
    for (let k = 0; k < m; k++) t += (root[i * m + k] as number) * (target[k] as number);
    const o = i * n + first;
    for (let a = 0; a < width; a++) {
      const x = jacobian[o + a] as number;
      right[a] = (right[a] as number) + x * t;
      for (let c = 0; c <= a; c++)
        normal[a * width + c] = (normal[a * width + c] as number) + x * (jacobian[o + c] as number);
    }
  }
  for (let a = 0; a < width; a++) trace += normal[a * width + a] as number;
  for (let a = 0; a < width; a++)
    normal[a * width + a] = (normal[a * width + a] as number) + OUTPUT_RIDGE * trace;
  if (choleskyFactor(normal, width)) weights.set(choleskySolve(normal, width, right), first);
}
