import type { EnergyNetwork } from "@mclnn/models";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import type { ValueMetric } from "../prior/metric.ts";
import { networkModule } from "../wasm/network-module.ts";
import { work } from "../wasm/work.ts";
import { type DistilConstants, type Distillation, distilByKernel } from "./distil-kernel.ts";

export interface DistilOptions {
  /** Stop at this squared distance to the target in the metric: the excess rollout loss. */
  readonly goal: number;
  readonly maxIterations: number;
  /** Damping to start from, relative to the mean eigenvalue of the normal matrix. */
  readonly damping: number;
  /** First set the output weights by ridge least squares: the slope is linear in them. */
  readonly solveOutputs: boolean;
  /** Iterations in which the distance has to halve, else the network's width allows no more. Default: any gain will do. */
  readonly patience?: number | undefined;
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
  /** Distance that has to be halved, and iterations since the last one that was. Negative before there is one. */
  bar: number;
  sinceHalved: number;
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
    bar: -1,
    sinceHalved: 0,
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
  { goal, maxIterations, damping, solveOutputs, patience = maxIterations }: DistilOptions,
  state: DistilState = beginDistil(weights.length),
): Generator<DistilResult, DistilResult> {
  const m = points.length;
  const n = weights.length;
  const rootTransposed = new Float64Array(m * m);
  for (let i = 0; i < m; i++)
    for (let k = 0; k < m; k++) rootTransposed[k * m + i] = root[i * m + k];
  if (solveOutputs && !state.begun) outputLeastSquares(network, weights, points, root, target);
  state.begun = true;
  const reference = new Reference(network, points, target, rootTransposed, n);
  const rho = new Float64Array(m);
  const at: Distillation = {
    hidden: network.hidden,
    points,
    target,
    rootTransposed,
    weights,
    norms: state.norms,
    rho,
    excess: reference.residual(weights, rho),
    lambda: state.lambda,
    growth: state.growth,
  };
  const constants = {
    damping,
    scaleFloor: SCALE_FLOOR,
    dampingFloor: DAMPING_FLOOR,
    mostRejections: MAX_REJECTIONS,
  };
  while (!state.over && state.iterations < maxIterations && at.excess > goal) {
    const module = networkModule();
    const accepted =
      module === null ? reference.iterate(at, constants) : distilByKernel(module, at, constants);
    state.lambda = at.lambda;
    state.growth = at.growth;
    state.iterations++;
    state.sinceHalved++;
    if (!(2 * at.excess > state.bar) || state.bar < 0) {
      state.bar = at.excess;
      state.sinceHalved = 0;
    }
    state.over = !accepted || state.sinceHalved >= patience;
    yield { excess: at.excess, iterations: state.iterations };
  }
  return { excess: at.excess, iterations: state.iterations };
}

/** The iteration in plain TypeScript. */
class Reference {
  private readonly network: EnergyNetwork;
  private readonly points: Float64Array;
  private readonly target: Float64Array;
  private readonly rootTransposed: Float64Array;
  private readonly n: number;
  private readonly off: Float64Array;
  private own: ReferenceRoom | null = null;

  constructor(
    network: EnergyNetwork,
    points: Float64Array,
    target: Float64Array,
    rootTransposed: Float64Array,
    n: number,
  ) {
    this.network = network;
    this.points = points;
    this.target = target;
    this.rootTransposed = rootTransposed;
    this.n = n;
    this.off = new Float64Array(points.length);
  }

  /** rho = root (slopes - target); returns its square. */
  residual(weights: Float64Array, rho: Float64Array): number {
    const { network, points, target, rootTransposed, off } = this;
    const m = points.length;
    for (let k = 0; k < m; k++) {
      network.evaluate(weights, points[k]);
      off[k] = network.slope - target[k];
    }
    rho.fill(0);
    for (let k = 0; k < m; k++) {
      const x = off[k];
      for (let i = 0; i < m; i++) rho[i] = rho[i] + rootTransposed[k * m + i] * x;
    }
    let sum = 0;
    for (let i = 0; i < m; i++) sum += rho[i] * rho[i];
    return sum;
  }

  /** One iteration; returns whether a step was accepted. */
  iterate(
    state: Distillation,
    { damping, scaleFloor, dampingFloor, mostRejections }: DistilConstants,
  ): boolean {
    const { n } = this;
    const m = this.points.length;
    this.own ??= createRoom(m, n);
    const { jacobian, scaled, normal, system, b, trial, trialRho } = this.own;
    const { weights, norms, rho } = state;
    this.linearise(weights, this.own);
    work.distillations++;
    let largest = 0;
    for (let c = 0; c < n; c++) {
      let s = 0;
      for (let o = c * m; o < (c + 1) * m; o++) s += jacobian[o] * jacobian[o];
      const norm = Math.max(norms[c], s);
      norms[c] = norm;
      if (norm > largest) largest = norm;
    }
    const scaleOf = (c: number): number => largest / (norms[c] + scaleFloor * largest);
    for (let c = 0; c < n; c++) {
      const scale = scaleOf(c);
      for (let o = c * m; o < (c + 1) * m; o++) scaled[o] = jacobian[o] * scale;
    }
    gram(scaled, jacobian, normal, m, n);
    let trace = 0;
    for (let i = 0; i < m; i++) trace += normal[i * m + i];
    if (state.lambda < 0) state.lambda = (damping * trace) / m;
    state.lambda = Math.max(state.lambda, dampingFloor * trace);
    for (let attempt = 0; attempt < mostRejections; attempt++) {
      const { lambda } = state;
      for (let i = 0; i < m; i++) {
        const o = i * m;
        for (let k = 0; k <= i; k++) system[o + k] = normal[o + k];
        system[o + i] = system[o + i] + lambda;
        b[i] = -rho[i];
      }
      if (!choleskyFactor(system, m)) {
        state.lambda *= 4;
        continue;
      }
      choleskySolve(system, m, b);
      let predicted = 0;
      for (let i = 0; i < m; i++) predicted += lambda * lambda * b[i] * b[i];
      for (let c = 0; c < n; c++) {
        let s = 0;
        for (let i = 0; i < m; i++) s += b[i] * jacobian[c * m + i];
        trial[c] = weights[c] + s * scaleOf(c);
      }
      const trialExcess = this.residual(trial, trialRho);
      if (trialExcess < state.excess) {
        const gain = (state.excess - trialExcess) / (state.excess - predicted);
        const bent = 2 * gain - 1;
        state.lambda *= Math.max(0.1, 1 - bent * bent * bent);
        state.growth = 2;
        weights.set(trial);
        rho.set(trialRho);
        state.excess = trialExcess;
        return true;
      }
      state.lambda *= state.growth;
      state.growth *= 2;
    }
    return false;
  }

  /** J transposed: slopes times root. [n x m] */
  private linearise(weights: Float64Array, { slopes, jacobian }: ReferenceRoom): void {
    const { network, points, rootTransposed, n } = this;
    const m = points.length;
    for (let k = 0; k < m; k++) {
      network.evaluate(weights, points[k]);
      network.writeSlopeColumn(weights, slopes, k, m);
    }
    jacobian.fill(0);
    for (let c = 0; c < n; c++) {
      const o = c * m;
      for (let k = 0; k < m; k++) {
        const x = slopes[o + k];
        const r = k * m;
        for (let i = 0; i < m; i++) jacobian[o + i] = jacobian[o + i] + x * rootTransposed[r + i];
      }
    }
  }
}

interface ReferenceRoom {
  /** [n x m] each */
  readonly slopes: Float64Array;
  readonly jacobian: Float64Array;
  readonly scaled: Float64Array;
  /** [m x m] */
  readonly normal: Float64Array;
  readonly system: Float64Array;
  readonly b: Float64Array;
  readonly trial: Float64Array;
  readonly trialRho: Float64Array;
}

function createRoom(m: number, n: number): ReferenceRoom {
  return {
    slopes: new Float64Array(m * n),
    jacobian: new Float64Array(m * n),
    scaled: new Float64Array(m * n),
    normal: new Float64Array(m * m),
    system: new Float64Array(m * m),
    b: new Float64Array(m),
    trial: new Float64Array(n),
    trialRho: new Float64Array(m),
  };
}

/** Lower triangle of X'Y, row after row; two columns by two at a time. @param x - [n x m] @param y - [n x m] */
function gram(x: Float64Array, y: Float64Array, out: Float64Array, m: number, n: number): void {
  for (let i = 0; i < m; i += 2) {
    // The last column of an odd number is made twice.
    const i1 = Math.min(i + 1, m - 1);
    for (let k = 0; k <= i; k += 2) {
      const k1 = Math.min(k + 1, m - 1);
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let o = 0; o < n * m; o += m) {
        const a = x[o + i];
        const b = x[o + i1];
        const c = y[o + k];
        const d = y[o + k1];
        s00 += a * c;
        s01 += a * d;
        s10 += b * c;
        s11 += b * d;
      }
      out[i * m + k] = s00;
      out[i1 * m + k] = s10;
      out[i1 * m + k1] = s11;
      if (k < i) out[i * m + k1] = s01;
    }
  }
}

/** Output weights by ridge least squares, the others held. */
function outputLeastSquares(
  network: EnergyNetwork,
  weights: Float64Array,
  points: Float64Array,
  root: Float64Array,
  target: Float64Array,
): void {
  const m = points.length;
  const width = network.hidden[network.hidden.length - 1];
  // Output weights are followed by the output bias alone.
  const first = network.size - 1 - width;
  const slopes = new Float64Array(m * width);
  for (let k = 0; k < m; k++) {
    network.evaluate(weights, points[k]);
    slopes.set(network.outputSlopes, k * width);
  }
  const normal = new Float64Array(width * width);
  const right = new Float64Array(width);
  const row = new Float64Array(width);
  for (let i = 0; i < m; i++) {
    let t = 0;
    row.fill(0);
    for (let k = 0; k < m; k++) {
      const r = root[i * m + k];
      t += r * target[k];
      for (let a = 0; a < width; a++) row[a] = row[a] + r * slopes[k * width + a];
    }
    for (let a = 0; a < width; a++) {
      const x = row[a];
      right[a] = right[a] + x * t;
      for (let c = 0; c <= a; c++) normal[a * width + c] = normal[a * width + c] + x * row[c];
    }
  }
  let trace = 0;
  for (let a = 0; a < width; a++) trace += normal[a * width + a];
  for (let a = 0; a < width; a++)
    normal[a * width + a] = normal[a * width + a] + OUTPUT_RIDGE * trace;
  if (choleskyFactor(normal, width)) weights.set(choleskySolve(normal, width, right), first);
}
