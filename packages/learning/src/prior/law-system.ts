import type { Cluster, SplineBasis } from "@mclnn/models/parts";
import { portableLog } from "@mclnn/physics/portable";
import { backward, choleskyFactor, choleskySolve, forward } from "../algebra/linear-algebra.ts";
import { secondsOfSystem } from "../records/meter.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { addCurvePrior, curvePull, curveScale } from "./curve-prior.ts";
import { lawScale } from "./law-scale.ts";

/** Keeps directions that neither data nor prior fix from failing the factorisation. */
const FLOOR = 1e-13;
/** A prior so many times larger than the data's metric leaves four digits of it; of a curve that is exactly straight, and asks for no end of it, nine. */
const LOST = 1e12;
const LOST_OF_CURVE = 1e7;
/** Third differences that go with their neighbours couple a coefficient with so many on either side. */
export const BAND = 4;

/** F of R = F'F, row by row. */
export interface RoughnessFactor {
  /** First coefficient of each row. */
  readonly first: Int32Array;
  /** [rows x (BAND + 1)] */
  readonly values: Float64Array;
}

/** R of a roughness c' R c. */
export interface Roughness {
  /** Couples a coefficient with four on either side at most. [size x size] */
  readonly matrix: Float64Array;
  /** Where knots are uneven, R c is lost in roundoff; F'(F c) is not. Weights at which the data would be lost in it are not tried. */
  readonly factor?: RoughnessFactor;
}

/** What the evidence of a law is weighed with, and room to do so: thousands of weights are tried in a fit. */
export interface Scales {
  readonly equations: NormalEquations;
  readonly basis: SplineBasis;
  readonly roughness: Roughness;
  readonly coefficients: Float64Array;
  readonly mostVariance: number;
  /** R c, and c'Rc of each cluster and curve. */
  readonly pull: Float64Array;
  readonly rough: readonly number[];
  /** What weights are relative to, and beyond which the data are lost in the prior's roundoff, one a cluster or curve. */
  readonly scales: readonly number[];
  readonly mostWeights: readonly number[];
  /** Added to the diagonal of the system. [size] */
  readonly floors: Float64Array;
  /** Log determinant of the metric on the plain numbers: their prior is as wide as the data leave them beside a law that is known, whatever their units. */
  readonly plain: number;
  /** Overwritten by each trial. */
  readonly factor: Float64Array;
  readonly step: Float64Array;
}

export function scalesOf(
  equations: NormalEquations,
  coefficients: Float64Array,
  basis: SplineBasis,
  roughness: Roughness,
  mostVariance: number,
): Scales {
  // Other terms' coefficients follow the law's: those of curves have priors of their own, plain numbers none.
  const { metric, gradient, curves = [] } = equations;
  const size = gradient.length;
  const scale = lawScale(equations, basis);
  // Of plain numbers a share of their own: theirs may be of another order, and a floor would pass for knowledge of them. Nothing goes by some of them
  // yet, as by the centre of a force that is not there.
  const floors = Float64Array.from({ length: size }, (_, i) =>
    i < basis.size ? FLOOR * scale : FLOOR * (metric[i * size + i] || scale),
  );
  const pull = new Float64Array(size);
  const rough = [
    ...roughnessPull(roughness, coefficients, basis, pull),
    ...curves.map((curve) => curvePull(curve, coefficients, pull)),
  ];
  const ofCurves = curves.map((curve) => curveScale(equations, curve));
  return {
    equations,
    basis,
    roughness,
    coefficients,
    mostVariance,
    pull,
    rough,
    scales: [...basis.clusters.map(() => scale), ...ofCurves],
    mostWeights: [
      ...basis.clusters.map((cluster) =>
        roughness.factor === undefined
          ? Number.POSITIVE_INFINITY
          : (LOST * scale) / largest(roughness.matrix, cluster, basis.size),
      ),
      ...ofCurves.map((own) => LOST_OF_CURVE * own),
    ],
    floors,
    plain: logPlain(equations, basis.size, floors),
    factor: new Float64Array(size * size),
    step: new Float64Array(size),
  };
}

/** Log determinant of the metric on the plain numbers, which are the unknowns from `first` on but for curves. */
function logPlain(
  { metric, gradient, curves = [] }: NormalEquations,
  first: number,
  floors: Float64Array,
): number {
  const size = gradient.length;
  const plain = Array.from({ length: size - first }, (_, i) => first + i).filter((i) =>
    curves.every((curve) => i < curve.first || i >= curve.first + curve.size),
  );
  const n = plain.length;
  if (n === 0) return 0;
  const block = new Float64Array(n * n);
  plain.forEach((i, a) => {
    plain.forEach((k, b) => {
      block[a * n + b] = metric[i * size + k] + (a === b ? floors[i] : 0);
    });
  });
  if (!choleskyFactor(block, n)) return 0;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += 2 * portableLog(block[i * n + i]);
  return sum;
}

function largest(matrix: Float64Array, { first, size: m }: Cluster, size: number): number {
  let most = 0;
  for (let i = first; i < first + m; i++) most = Math.max(most, matrix[i * (size + 1)]);
  return most;
}

/** R c into `pull`. @returns c'Rc of each cluster */
export function roughnessPull(
  { matrix, factor }: Roughness,
  coefficients: Float64Array,
  basis: SplineBasis,
  pull: Float64Array,
): number[] {
  return factor === undefined
    ? pullOf(matrix, coefficients, basis, pull)
    : factoredPull(factor, coefficients, basis, pull);
}

/** By products with the matrix. */
function pullOf(
  matrix: Float64Array,
  coefficients: Float64Array,
  { clusters, size }: SplineBasis,
  pull: Float64Array,
): number[] {
  return clusters.map(({ first, size: m }) => {
    let sum = 0;
    for (let i = first; i < first + m; i++) {
      let s = 0;
      for (let k = Math.max(first, i - BAND); k < Math.min(first + m, i + BAND + 1); k++)
        s += matrix[i * size + k] * coefficients[k];
      pull[i] = s;
      sum += s * coefficients[i];
    }
    return sum;
  });
}

/** The same by F'(F c). */
function factoredPull(
  { first, values }: RoughnessFactor,
  coefficients: Float64Array,
  { clusters }: SplineBasis,
  pull: Float64Array,
): number[] {
  const width = BAND + 1;
  const rough = clusters.map(() => 0);
  let cluster = 0;
  for (let row = 0; row < first.length; row++) {
    const at = first[row];
    while (cluster + 1 < clusters.length && at >= (clusters[cluster + 1]?.first as number))
      cluster++;
    let s = 0;
    for (let i = 0; i < width; i++) {
      const x = values[row * width + i];
      // The last row of a cluster is shorter.
      if (x !== 0) s += x * coefficients[at + i];
    }
    rough[cluster] = rough[cluster] + s * s;
    for (let i = 0; i < width; i++) {
      const x = values[row * width + i];
      if (x !== 0) pull[at + i] = pull[at + i] + x * s;
    }
  }
  return rough;
}

/** The best law at some weights, unknowns in any order. [size each] */
export interface Solved {
  readonly right: Float64Array;
  readonly step: Float64Array;
  readonly floors: Float64Array;
  /** Of the Cholesky factor. */
  readonly pivots: Float64Array;
}

/** Makes the system of all unknowns. @param but - block whose prior is left out */
function assemble(scales: Scales, weights: readonly number[], but = -1): void {
  const { equations, basis, roughness, pull, floors, factor, step } = scales;
  const { metric, gradient, curves = [] } = equations;
  const size = gradient.length;
  factor.set(metric);
  for (let i = 0; i < size; i++) {
    factor[i * size + i] = factor[i * size + i] + floors[i];
    step[i] = -gradient[i];
  }
  basis.clusters.forEach(({ first, size: m }, q) => {
    if (q === but) return;
    const w = weights[q];
    for (let i = first; i < first + m; i++) {
      for (let k = Math.max(first, i - BAND); k <= i; k++)
        factor[i * size + k] = factor[i * size + k] + w * roughness.matrix[i * basis.size + k];
      step[i] = step[i] - w * pull[i];
    }
  });
  curves.forEach((curve, k) => {
    const q = basis.clusters.length + k;
    if (q === but) return;
    const w = weights[q];
    addCurvePrior(curve, w, factor);
    for (let i = curve.first; i < curve.first + curve.size; i++) step[i] = step[i] - w * pull[i];
  });
}

export function solved(scales: Scales, weights: readonly number[]): Solved | null {
  const { equations, floors, factor, step } = scales;
  const size = step.length;
  assemble(scales, weights);
  equations.meter?.spend(secondsOfSystem(size));
  const right = step.slice();
  if (!choleskyFactor(factor, size)) return null;
  choleskySolve(factor, size, step);
  const pivots = Float64Array.from({ length: size }, (_, i) => factor[i * size + i]);
  return { right, step, floors, pivots };
}

/** A block that is at most this share of the unknowns is weighed with the others eliminated once. */
const SMALL = 0.7;

/** Solves for weights of which only one block's changes: the unknowns outside it are eliminated once, when first asked. Null where that is no gain. */
export function besideOthers(
  scales: Scales,
  block: number,
  weights: readonly number[],
): ((weights: readonly number[]) => Solved | null) | undefined {
  const { equations, basis, roughness, pull } = scales;
  const { curves = [], meter } = equations;
  const own = [...basis.clusters, ...curves][block];
  const { first, size: m } = own;
  const size = scales.step.length;
  if (m > SMALL * size) return undefined;
  const n = size - m;
  const order = Int32Array.from({ length: size }, (_, i) =>
    i < n ? (i < first ? i : i + m) : first + i - n,
  );
  const [outer, across, inner] = [n * n, m * n, m * m].map((k) => new Float64Array(k));
  const right = new Float64Array(size);
  const floors = Float64Array.from(order, (i) => scales.floors[i]);
  const pivots = new Float64Array(size);
  let state: boolean | null = null;
  /** Rows of `across` become L^-1 of the coupling, `inner` what is left of the block, `right` L^-1 of it as far as the others go. */
  const eliminate = (): boolean => {
    assemble(scales, weights, block);
    const { factor, step } = scales;
    const at = (i: number, k: number): number =>
      factor[Math.max(order[i], order[k]) * size + Math.min(order[i], order[k])];
    for (let i = 0; i < n; i++) for (let k = 0; k <= i; k++) outer[i * n + k] = at(i, k);
    for (let i = 0; i < m; i++) {
      for (let k = 0; k < n; k++) across[i * n + k] = at(n + i, k);
      for (let k = 0; k <= i; k++) inner[i * m + k] = at(n + i, n + k);
    }
    for (let i = 0; i < size; i++) right[i] = step[order[i]];
    meter?.spend(secondsOfSystem(n));
    if (!choleskyFactor(outer, n)) return false;
    for (let i = 0; i < n; i++) pivots[i] = outer[i * n + i];
    for (let i = 0; i < m; i++) forward(outer, n, across.subarray(i * n, (i + 1) * n));
    for (let i = 0; i < m; i++)
      for (let k = 0; k <= i; k++) inner[i * m + k] -= dot(across, i * n, across, k * n, n);
    return true;
  };
  const factor = new Float64Array(m * m);
  return (now) => {
    state ??= eliminate();
    if (!state) return null;
    const w = now[block];
    factor.set(inner);
    const matrix =
      block < basis.clusters.length
        ? roughness.matrix
        : curves[block - basis.clusters.length].matrix;
    const [stride, begin] = block < basis.clusters.length ? [basis.size, first] : [m, 0];
    for (let i = 0; i < m; i++)
      for (let k = 0; k <= i; k++)
        factor[i * m + k] += w * matrix[(begin + i) * stride + begin + k];
    const of = right.slice();
    for (let i = 0; i < m; i++) of[n + i] -= w * pull[first + i];
    meter?.spend(secondsOfSystem(m));
    if (!choleskyFactor(factor, m)) return null;
    for (let i = 0; i < m; i++) pivots[n + i] = factor[i * m + i];
    // L y = right, L' s = y: the others first, then the block, and back.
    const step = of.slice();
    const [others, ofBlock] = [step.subarray(0, n), step.subarray(n)];
    forward(outer, n, others);
    for (let i = 0; i < m; i++) ofBlock[i] -= dot(across, i * n, others, 0, n);
    choleskySolve(factor, m, ofBlock);
    for (let i = 0; i < m; i++)
      for (let k = 0; k < n; k++) others[k] -= across[i * n + k] * ofBlock[i];
    backward(outer, n, others);
    return { right: of, step, floors, pivots };
  };
}

/** @param i, k - where n numbers of each begin */
function dot(a: Float64Array, i: number, b: Float64Array, k: number, n: number): number {
  let sum = 0;
  for (let c = 0; c < n; c++) sum += a[i + c] * b[k + c];
  return sum;
}
