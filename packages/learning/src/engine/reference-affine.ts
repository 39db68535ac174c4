import { type AffineTerms, MAP, MAP_B, MAP_LENGTH, MAP_Q, MAP_R } from "./affine.ts";

/** Maps of some kicks: of each one those of its length. */
export type Maps = ReturnType<AffineTerms["mapsOf"]>;

/** Positions, velocities and pair accelerations of a trajectory at a kick, one after another from some place on. */
export interface KeptState {
  readonly states: Float64Array;
  readonly first: number;
  readonly components: number;
}

/** Velocities after a kick. @param w - its length @param maps - of its length, from `first` on */
export function kickMapped(
  { kindOf, size, diagonal }: AffineTerms,
  { maps, first }: { readonly maps: Float64Array; readonly first: number },
  w: number,
  { q, v, a }: { readonly q: Float64Array; readonly v: Float64Array; readonly a: Float64Array },
): void {
  for (let i = 0; i < kindOf.length; i++) {
    const map = first + kindOf[i] * (1 + size) * MAP;
    const o = 3 * i;
    const [v0, v1, v2] = [v[o], v[o + 1], v[o + 2]];
    for (let row = 0; row < 3; row++) {
      const entry = map + (diagonal ? 4 : 3) * row;
      const c = o + row;
      let x: number;
      if (diagonal) {
        x = maps[entry] * v[c];
        x += maps[entry + MAP_Q] * q[c];
        x += maps[entry + MAP_R] * (w * a[c]);
      } else {
        x = dot(maps, entry, v0, v1, v2) + dot(maps, entry + MAP_Q, q[o], q[o + 1], q[o + 2]);
        x += dot(maps, entry + MAP_R, w * a[o], w * a[o + 1], w * a[o + 2]);
      }
      v[c] = x + maps[map + MAP_B + row];
    }
  }
}

/** Tangents of one trajectory at a kick. */
export interface MappedTangents {
  readonly columns: number;
  /** Whether nothing moves across the plane z = 0. */
  readonly flat: boolean;
  /** Tangents of positions and velocities. [components x columns] */
  readonly dq: Float64Array;
  readonly dv: Float64Array;
  /** What the pair law's kick makes of the tangents of velocities; not looked at where nothing flows. */
  readonly held: Float64Array;
  /** First column of the coefficients of the terms. */
  readonly beside: number;
}

/** What a kick does to the tangents of velocities, after that of the pair law. @param maps - of its length, from `first` on */
export function mapTangents(
  affine: AffineTerms,
  { maps, first }: { readonly maps: Float64Array; readonly first: number },
  tangents: MappedTangents,
  state: KeptState,
): void {
  const { kindOf, size, diagonal, flows, pulls } = affine;
  for (let i = 0; i < kindOf.length; i++) {
    const map = first + kindOf[i] * (1 + size) * MAP;
    if (diagonal) mapRows(affine, maps, map, tangents, i);
    else if (flows || pulls) mixRows(affine, maps, map, tangents, i);
    for (let k = 0; k < size; k++) addMapped(affine, maps, map, k, tangents, state, i);
  }
}

/** dv = P dv + R held + Q dq of a particle, where nothing mixes the axes. */
function mapRows(
  { flows, pulls }: AffineTerms,
  maps: Float64Array,
  map: number,
  { dq, dv, held, columns, flat }: MappedTangents,
  particle: number,
): void {
  for (let row = 0; row < (flat ? 2 : 3); row++) {
    const entry = map + 4 * row;
    const first = (3 * particle + row) * columns;
    for (let k = first; k < first + columns; k++) {
      let x = dv[k];
      if (flows) x = maps[entry] * x + maps[entry + MAP_R] * held[k];
      if (pulls) x += maps[entry + MAP_Q] * dq[k];
      dv[k] = x;
    }
  }
}

/** The same where axes mix. */
function mixRows(
  { flows, pulls }: AffineTerms,
  maps: Float64Array,
  map: number,
  { dq, dv, held, columns, flat }: MappedTangents,
  particle: number,
): void {
  const rows = flat ? 2 : 3;
  const first = 3 * particle * columns;
  const two = 2 * columns;
  for (let k = first; k < first + columns; k++) {
    const v = [dv[k], dv[k + columns], flat ? 0 : dv[k + two]];
    const h = [held[k], held[k + columns], flat ? 0 : held[k + two]];
    const q = [dq[k], dq[k + columns], flat ? 0 : dq[k + two]];
    for (let row = 0; row < rows; row++) {
      const entry = map + 3 * row;
      let x = v[row];
      if (flows)
        x = dot(maps, entry, v[0], v[1], v[2]) + dot(maps, entry + MAP_R, h[0], h[1], h[2]);
      if (pulls) x += dot(maps, entry + MAP_Q, q[0], q[1], q[2]);
      dv[k + row * columns] = x;
    }
  }
}

/** What the k-th coefficient does to the velocity of a particle, added to its column. */
function addMapped(
  { diagonal }: AffineTerms,
  maps: Float64Array,
  own: number,
  k: number,
  { dv, columns, flat, beside }: MappedTangents,
  { states, first, components }: KeptState,
  particle: number,
): void {
  const map = own + (1 + k) * MAP;
  const h = maps[own + MAP_LENGTH];
  const q = first + 3 * particle;
  const v = q + components;
  const a = v + components;
  for (let row = 0; row < (flat ? 2 : 3); row++) {
    let s: number;
    if (diagonal) {
      const entry = map + 4 * row;
      s = maps[entry] * states[v + row];
      s += maps[entry + MAP_Q] * states[q + row];
      s += maps[entry + MAP_R] * (h * states[a + row]);
    } else {
      const entry = map + 3 * row;
      s = dot(maps, entry, states[v], states[v + 1], states[v + 2]);
      s += dot(maps, entry + MAP_Q, states[q], states[q + 1], states[q + 2]);
      s += dot(maps, entry + MAP_R, h * states[a], h * states[a + 1], h * states[a + 2]);
    }
    s += maps[map + MAP_B + row];
    const at = (3 * particle + row) * columns + beside + k;
    dv[at] = dv[at] + s;
  }
}

/** A row of a matrix times a vector. */
const dot = (maps: Float64Array, row: number, x: number, y: number, z: number): number =>
  maps[row] * x + maps[row + 1] * y + maps[row + 2] * z;
