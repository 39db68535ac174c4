import { cellOf, type SplineBasis } from "@mclnn/models/parts";
import type { NeighbourList } from "@mclnn/physics/space";
import type { ManyRecords } from "./many-records.ts";

/** Laws with an end each: a basis of their V', beyond which they are 0. */
export interface EndedLaws {
  readonly basis: SplineBasis;
  /** [laws] */
  readonly ends: Float64Array;
}

/** What a configuration gives: accelerations of laws, and how they change with the coefficients. */
export interface NearPass {
  /** Of V', four powers of t a cell; null where only derivatives by the coefficients are asked for. */
  readonly curve: Float64Array | null;
  /** Added to. [3 particles] */
  readonly accelerations: Float64Array | null;
  /** Derivatives of the accelerations by the coefficients, added to. [3 particles x columns] */
  readonly sources: Float64Array | null;
  /** How positions change with the coefficients; what that does to accelerations is added to `sources`. [3 particles x columns] */
  readonly moves: Float64Array | null;
  /** Of both; the coefficients of the basis first. */
  readonly columns: number;
}

/** Calls with the particles, the law and the separation of each pair nearer than its law ends. */
export function eachNearPair(
  { kinds, lawTable, kindCount }: ManyRecords,
  list: NeighbourList,
  ends: Float64Array,
  each: (i: number, j: number, law: number, r: number) => void,
): void {
  const { positions, owners, starts, seconds, particles } = list;
  for (let a = 0; a < particles; a++)
    for (let p = starts[a]; p < starts[a + 1]; p++) {
      const b = seconds[p];
      const x = positions[3 * a] - positions[3 * b];
      const y = positions[3 * a + 1] - positions[3 * b + 1];
      const z = positions[3 * a + 2] - positions[3 * b + 2];
      const s = x * x + y * y + z * z;
      const law = lawTable[kinds[owners[a]] * kindCount + kinds[owners[b]]];
      if (s < ends[law] * ends[law]) each(owners[a], owners[b], law, Math.sqrt(s));
    }
}

/** Two particles that meet: rows of the first and the second, what a force does to each, and from where it comes. One object for all pairs. */
interface Meeting {
  first: number;
  second: number;
  wi: number;
  wj: number;
  ux: number;
  uy: number;
  uz: number;
}

/** Adds what near pairs do to each other. */
export function addNearPairs(
  { masses, weights, kinds, lawTable, kindCount }: ManyRecords,
  list: NeighbourList,
  { basis, ends }: EndedLaws,
  { curve, accelerations, sources, moves, columns }: NearPass,
): void {
  const { positions, owners, starts, seconds, particles } = list;
  const { cells } = basis;
  const squares = ends.map((end) => end * end);
  const pair: Meeting = { first: 0, second: 0, wi: 0, wj: 0, ux: 0, uy: 0, uz: 0 };
  for (let a = 0; a < particles; a++)
    for (let p = starts[a]; p < starts[a + 1]; p++) {
      const b = seconds[p];
      const x = positions[3 * a] - positions[3 * b];
      const y = positions[3 * a + 1] - positions[3 * b + 1];
      const z = positions[3 * a + 2] - positions[3 * b + 2];
      const s = x * x + y * y + z * z;
      const i = owners[a];
      const j = owners[b];
      const law = lawTable[kinds[i] * kindCount + kinds[j]];
      if (s >= squares[law]) continue;
      const r = Math.sqrt(s);
      const k = cellOf(cells, law, r);
      const t = (r - cells.left[k]) * cells.inverseWidths[k];
      const w = weights === null ? 1 : weights[i] * weights[j];
      pair.first = 3 * i;
      pair.second = 3 * j;
      pair.wi = w / masses[i];
      pair.wj = w / masses[j];
      pair.ux = x / r;
      pair.uy = y / r;
      pair.uz = z / r;
      if (sources !== null) addSources(sources, columns, pair, basis, k, t);
      if (curve === null) continue;
      const o = 4 * k;
      const f = curve[o] + t * (curve[o + 1] + t * (curve[o + 2] + t * curve[o + 3]));
      if (accelerations !== null) addForce(accelerations, pair, f);
      if (sources === null || moves === null) continue;
      const bend = curve[o + 1] + t * (2 * curve[o + 2] + 3 * t * curve[o + 3]);
      addMoved(sources, moves, columns, pair, { pull: f / r, bend: bend * cells.inverseWidths[k] });
    }
}

function addForce(
  out: Float64Array,
  { first, second, wi, wj, ux, uy, uz }: Meeting,
  slope: number,
): void {
  const [gi, gj] = [slope * wi, slope * wj];
  out[first] -= gi * ux;
  out[first + 1] -= gi * uy;
  out[first + 2] -= gi * uz;
  out[second] += gj * ux;
  out[second + 1] += gj * uy;
  out[second + 2] += gj * uz;
}

/** The four basis functions of a cell, to one particle and the other. */
function addSources(
  sources: Float64Array,
  columns: number,
  { first, second, wi, wj, ux, uy, uz }: Meeting,
  { firstBasis, polynomials }: SplineBasis,
  k: number,
  t: number,
): void {
  for (let m = 0; m < 4; m++) {
    const q = 16 * k + 4 * m;
    const v =
      polynomials[q] + t * (polynomials[q + 1] + t * (polynomials[q + 2] + t * polynomials[q + 3]));
    const i = first * columns + firstBasis[k] + m;
    const j = second * columns + firstBasis[k] + m;
    sources[i] -= v * ux * wi;
    sources[i + columns] -= v * uy * wi;
    sources[i + 2 * columns] -= v * uz * wi;
    sources[j] += v * ux * wj;
    sources[j + columns] += v * uy * wj;
    sources[j + 2 * columns] += v * uz * wj;
  }
}

/** What moved particles feel: the Hessian of the pair times how they moved. `pull` is V' / r, `bend` V''. */
function addMoved(
  sources: Float64Array,
  moves: Float64Array,
  columns: number,
  { first, second, wi, wj, ux, uy, uz }: Meeting,
  { pull, bend }: { readonly pull: number; readonly bend: number },
): void {
  const along = bend - pull;
  const ix = first * columns;
  const jx = second * columns;
  const [iy, iz] = [ix + columns, ix + 2 * columns];
  const [jy, jz] = [jx + columns, jx + 2 * columns];
  for (let c = 0; c < columns; c++) {
    const x = moves[ix + c] - moves[jx + c];
    const y = moves[iy + c] - moves[jy + c];
    const z = moves[iz + c] - moves[jz + c];
    const stretch = along * (x * ux + y * uy + z * uz);
    const fx = stretch * ux + pull * x;
    const fy = stretch * uy + pull * y;
    const fz = stretch * uz + pull * z;
    sources[ix + c] -= fx * wi;
    sources[iy + c] -= fy * wi;
    sources[iz + c] -= fz * wi;
    sources[jx + c] += fx * wj;
    sources[jy + c] += fy * wj;
    sources[jz + c] += fz * wj;
  }
}
