import { portableLog, portablePower } from "@mclnn/physics/portable";
import { choleskyFactor, choleskySolve } from "../algebra/linear-algebra.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";

/**
 * The rollout loss about a law, to second order, in the coefficients of the law and of all terms on offer: sum(c + dc) = sum + 2 g dc + dc A dc.
 */
export interface Quadratic {
  /** A. [size x size] */
  readonly metric: Float64Array;
  /** g. [size] */
  readonly gradient: Float64Array;
  readonly sum: number;
  /** A sum of squares that is explained: less is resolution of the fit. 0 where there is noise. */
  readonly resolution: number;
  readonly degreesOfFreedom: number;
  /** Where it is: c. [size] */
  readonly at: Float64Array;
  /** Coefficients of the pair law, which come first and are always in. */
  readonly law: number;
  /** Their weighted prior. [law x law]; null for none */
  readonly prior: Float64Array | null;
}

/** Neighbouring coefficients that come and go together. */
export interface Block {
  readonly first: number;
  readonly size: number;
  /** R of their prior exp(-w c'Rc / 2), definite. [size x size] */
  readonly roughness: Float64Array;
}

/** Blocks that are in, each with the weight w of its prior. */
export type Weighted = ReadonlyMap<Block, number>;

/** The best law with some blocks in. */
export interface Weighed {
  /** Log evidence, the noise integrated out, up to a constant of the data. */
  readonly evidence: number;
  /** Penalised sum of squares there. */
  readonly sum: number;
  /** From where the quadratic is; 0 for what is neither in nor was. [size] */
  readonly step: Float64Array;
  /** Columns that are in, and the Cholesky factor of their matrix. */
  readonly columns: Int32Array;
  readonly factor: Float64Array;
}

/** Keeps directions that neither data nor prior fix from failing the factorisation. */
const FLOOR = 1e-13;

const columnsOf = ({ law }: Quadratic, blocks: Iterable<Block>): Int32Array => {
  const out = Array.from({ length: law }, (_, i) => i);
  for (const { first, size } of blocks) for (let k = 0; k < size; k++) out.push(first + k);
  return Int32Array.from(out);
};

/** Mean of the first diagonal entries. */
function meanOf(metric: Float64Array, size: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += metric[i * size + i];
  return sum / n;
}

/** Log determinant of L L'. */
function logDeterminant(factor: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * portableLog(factor[i * n + i]);
  return sum;
}

/** The best law with these blocks in, and how likely it makes the records; null where it is not determined. */
export function weigh(q: Quadratic, blocks: Weighted): Weighed | null {
  const { metric, gradient, at, law, prior, degreesOfFreedom } = q;
  const size = gradient.length;
  const columns = columnsOf(q, blocks.keys());
  const n = columns.length;
  const factor = new Float64Array(n * n);
  const right = new Float64Array(n);
  let sum = q.sum;
  // What is out, and was in, is taken out first: everything is about where the quadratic is, so that nothing cancels.
  const scale = meanOf(metric, size, law);
  const inside = new Uint8Array(size);
  for (const c of columns) inside[c] = 1;
  const taken: number[] = [];
  for (let c = law; c < size; c++) if (inside[c] === 0 && at[c] !== 0) taken.push(c);
  for (let i = 0; i < n; i++) {
    const o = columns[i] * size;
    right[i] = -gradient[columns[i]];
    for (const c of taken) right[i] += metric[o + c] * at[c];
    for (let k = 0; k <= i; k++) factor[i * n + k] = metric[o + columns[k]];
    factor[i * n + i] += FLOOR * (i < law ? scale : factor[i * n + i]);
  }
  for (const a of taken) {
    sum -= 2 * gradient[a] * at[a];
    for (const b of taken) sum += at[a] * metric[a * size + b] * at[b];
  }
  /** Adds a weighted prior on neighbouring columns. */
  const hold = (first: number, m: number, matrix: Float64Array, weight: number, stride = m) => {
    for (let i = 0; i < m; i++) {
      let pull = 0;
      for (let k = 0; k < m; k++) {
        const x = weight * matrix[i * stride + k];
        pull += x * at[columns[first + k]];
        if (k <= i) factor[(first + i) * n + first + k] += x;
      }
      right[first + i] -= pull;
      sum += pull * at[columns[first + i]];
    }
  };
  if (prior !== null) hold(0, law, prior, 1, Math.sqrt(prior.length));
  let logPrior = 0;
  let next = law;
  for (const [{ size: m, roughness }, weight] of blocks) {
    hold(next, m, roughness, weight);
    logPrior += logOfPrior(roughness, m, weight);
    next += m;
  }
  if (!choleskyFactor(factor, n)) return null;
  const solved = choleskySolve(factor, n, right.slice());
  const step = new Float64Array(size);
  for (const c of taken) step[c] = -at[c];
  for (let i = 0; i < n; i++) {
    sum -= right[i] * solved[i];
    step[columns[i]] = solved[i];
  }
  sum = Math.max(sum, q.resolution);
  if (!(sum > 0)) return null;
  const evidence =
    -0.5 * degreesOfFreedom * portableLog(sum) + 0.5 * logPrior - 0.5 * logDeterminant(factor, n);
  return { evidence, sum, step, columns, factor };
}

const logs = new WeakMap<Float64Array, number>();

/** Log determinant of w R. */
function logOfPrior(roughness: Float64Array, m: number, weight: number): number {
  let own = logs.get(roughness);
  if (own === undefined) {
    const factor = roughness.slice();
    own = choleskyFactor(factor, m) ? logDeterminant(factor, m) : 0;
    logs.set(roughness, own);
  }
  return own + m * portableLog(weight);
}

/** What one more block is worth beside those that are in. */
export interface Gain {
  /** Of log evidence, at the weight that makes it largest. */
  readonly gain: number;
  readonly weight: number;
  /** Share of the sum of squares that it takes. */
  readonly share: number;
}

/** Weights that are tried, as powers of ten relative to the largest curvature: closely, for evidence is flat in them. */
const EXPONENTS = { from: -11, to: 4, step: 0.25 };
/** Curvatures below this share of the largest are roundoff. */
const LEAST = 1e-12;

/** What a block would add, the weights of the others as they are: in closed form, one eigenvalue after another. Null where it changes nothing. */
export function gainOf(q: Quadratic, base: Weighed, block: Block): Gain | null {
  const { size: m, roughness } = block;
  const { curvature, pull } = beside(q, base, block);
  const prior = roughness.slice();
  if (!choleskyFactor(prior, m)) return null;
  // L^-1 (A_t|S) L^-T, whose eigenvalues are curvatures over the prior's.
  const scaled = curvature.slice();
  for (let k = 0; k < m; k++) forward(prior, m, scaled, k, m);
  for (let k = 0; k < m; k++) forward(prior, m, scaled, k * m, 1);
  const along = pull.slice();
  forward(prior, m, along, 0, 1);
  const { values, vectors } = symmetricEigen(symmetric(scaled, m), m);
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  if (!(largest > 0)) return null;
  const squares = Float64Array.from(values, (_, k) => {
    let s = 0;
    for (let i = 0; i < m; i++) s += vectors[i * m + k] * along[i];
    return s * s;
  });
  let best: Gain = { gain: Number.NEGATIVE_INFINITY, weight: largest, share: 0 };
  for (let e = EXPONENTS.from; e <= EXPONENTS.to; e += EXPONENTS.step) {
    const weight = largest * portablePower(10, e);
    let taken = 0;
    let log = 0;
    for (let k = 0; k < m; k++) {
      const own = Math.max(values[k], LEAST * largest) + weight;
      taken += squares[k] / own;
      log += portableLog(weight / own);
    }
    const share = Math.min(taken / base.sum, 1 - 1e-15);
    const gain = -0.5 * q.degreesOfFreedom * portableLog(1 - share) + 0.5 * log;
    if (gain > best.gain) best = { gain, weight, share };
  }
  return best;
}

/** A_t|S and the residuals' pull on a block, everything that is in fitted anew. */
export function beside(
  { metric, gradient }: Quadratic,
  { columns, factor, step }: Weighed,
  { first, size: m }: Block,
): { curvature: Float64Array; pull: Float64Array; own: Float64Array } {
  const size = gradient.length;
  const n = columns.length;
  const cross = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < m; k++) cross[i * m + k] = metric[columns[i] * size + first + k];
  for (let k = 0; k < m; k++) forward(factor, n, cross, k, m);
  const curvature = new Float64Array(m * m);
  const own = new Float64Array(m * m);
  const pull = new Float64Array(m);
  for (let a = 0; a < m; a++) {
    const o = (first + a) * size;
    pull[a] = -gradient[first + a];
    for (let c = 0; c < size; c++) if (step[c] !== 0) pull[a] -= metric[o + c] * step[c];
    for (let b = 0; b < m; b++) {
      let s = metric[o + first + b];
      own[a * m + b] = s;
      for (let i = 0; i < n; i++) s -= cross[i * m + a] * cross[i * m + b];
      curvature[a * m + b] = s;
    }
  }
  return { curvature, pull, own };
}

/** L^-1 x in place. @param first, stride - where x is among the values */
function forward(
  factor: Float64Array,
  n: number,
  values: Float64Array,
  first: number,
  stride: number,
): void {
  for (let i = 0; i < n; i++) {
    let s = values[first + i * stride];
    for (let k = 0; k < i; k++) s -= factor[i * n + k] * values[first + k * stride];
    values[first + i * stride] = s / factor[i * n + i];
  }
}

function symmetric(a: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++)
    for (let k = 0; k < i; k++) {
      const x = 0.5 * (a[i * n + k] + a[k * n + i]);
      a[i * n + k] = x;
      a[k * n + i] = x;
    }
  return a;
}

/** How much a step changes the sum of squares of some of the records. @returns the fall */
export function fallOf(
  { metric, gradient }: Pick<Quadratic, "metric" | "gradient">,
  from: Float64Array,
  to: Float64Array,
): number {
  const at = (d: Float64Array): number => {
    const size = d.length;
    let sum = 0;
    for (let i = 0; i < size; i++) {
      if (d[i] === 0) continue;
      let s = 2 * gradient[i];
      // Of a part's metric only the lower triangle is there.
      for (let k = 0; k < i; k++) s += 2 * metric[i * size + k] * d[k];
      sum += d[i] * (s + metric[i * size + i] * d[i]);
    }
    return sum;
  };
  return at(from) - at(to);
}
