// Kicks of terms that are affine in each particle's own position and velocity. Twin of src/engine/reference-affine.ts.
import { add, mul } from "../lanes";
import { kickTangents, m } from "./equations";
import { COMPONENTS, DIAGONAL, KIND_OFFSETS } from "./rollout";

// A map of a particle's velocity, as src/engine/affine.ts lays it out: v' = P v + Q q + R u + b, with the length of the kick at its end.
const Q: usize = 72;
const R: usize = 144;
const B: usize = 216;
const LENGTH: usize = 240;
const MAP: usize = 256;

/** A row of a matrix times a vector; where nothing mixes the axes, its one entry that counts. */
// @ts-ignore: decorator
@inline
function dot(row: usize, x: v128, y: v128, z: v128): v128 {
  return add(
    add(mul(v128.load64_splat(row), x), mul(v128.load64_splat(row, 8), y)),
    mul(v128.load64_splat(row, 16), z),
  );
}

/** The kick of two lanes: velocities v, with the accelerations of the pair law. */
export function kickMapped(d: usize, maps: usize, w: v128, q: usize, v: usize, a: usize): void {
  const particles = load<i32>(d, COMPONENTS) / 3;
  const offsets = load<usize>(d, KIND_OFFSETS);
  const diagonal = load<i32>(d, DIAGONAL) != 0;
  for (let i = 0; i < particles; i++) {
    const map = maps + load<usize>(offsets + (<usize>i << 2));
    if (diagonal)
      for (let row: usize = 0; row < 3; row++) {
        const o = row << 4;
        const entry = map + (row << 5);
        let x = mul(v128.load64_splat(entry), v128.load(v + o));
        x = add(x, mul(v128.load64_splat(entry, Q), v128.load(q + o)));
        x = add(x, mul(v128.load64_splat(entry, R), mul(w, v128.load(a + o))));
        v128.store(v + o, add(x, v128.load64_splat(map + (row << 3), B)));
      }
    else {
      const v0 = v128.load(v);
      const v1 = v128.load(v, 16);
      const v2 = v128.load(v, 32);
      const q0 = v128.load(q);
      const q1 = v128.load(q, 16);
      const q2 = v128.load(q, 32);
      const u0 = mul(w, v128.load(a));
      const u1 = mul(w, v128.load(a, 16));
      const u2 = mul(w, v128.load(a, 32));
      for (let row: usize = 0; row < 3; row++) {
        const entry = map + 24 * row;
        const x = add(dot(entry, v0, v1, v2), dot(entry + Q, q0, q1, q2));
        v128.store(
          v + (row << 4),
          add(add(x, dot(entry + R, u0, u1, u2)), v128.load64_splat(map + (row << 3), B)),
        );
      }
    }
    q += 48;
    v += 48;
    a += 48;
  }
}

/** What the kick of a step does to the tangents of velocities, the pair law's and all that is affine. */
export function kickTangentsMapped(s: i32): void {
  const maps = load<usize>(m.maps + (<usize>s << 2));
  if (maps == 0) return;
  if (m.flows) {
    const dv = m.dv;
    memory.fill(m.held, 0, m.block);
    m.dv = m.held;
    kickTangents(s);
    m.dv = dv;
  } else kickTangents(s);
  const components = <usize>load<i32>(m.d, COMPONENTS);
  const offsets = load<usize>(m.d, KIND_OFFSETS);
  const block = components << 4;
  for (let i: usize = 0; i < components / 3; i++) {
    const map = maps + load<usize>(offsets + (i << 2));
    const first = i * m.particle;
    if (m.diagonal) mapRows(map, first);
    else if (m.flows || m.pulls) mixRows(map, first);
    const state = m.states + 48 * i;
    for (let k: usize = 0; k < <usize>m.besides; k++)
      addMapped(
        map + MAP * (1 + k),
        load<f64>(map, LENGTH),
        state,
        state + block,
        state + 2 * block,
        m.dv + first + ((<usize>m.beside + k) << 3),
      );
  }
  m.states += m.statesStep;
}

/** dv = P dv + R held + Q dq of a particle, where nothing mixes the axes. */
function mapRows(map: usize, first: usize): void {
  const end = m.row;
  for (let row: usize = 0; row < <usize>m.rows; row++) {
    const entry = map + (row << 5);
    const o = first + row * end;
    const dv = m.dv + o;
    if (m.flows) {
      const held = m.held + o;
      const p = v128.load64_splat(entry);
      const r = v128.load64_splat(entry, R);
      for (let c: usize = 0; c < end; c += 16)
        v128.store(dv + c, add(mul(p, v128.load(dv + c)), mul(r, v128.load(held + c))));
    }
    if (m.pulls) {
      const dq = m.dq + o;
      const pull = v128.load64_splat(entry, Q);
      for (let c: usize = 0; c < end; c += 16)
        v128.store(dv + c, add(v128.load(dv + c), mul(pull, v128.load(dq + c))));
    }
  }
}

/** The same where axes mix. */
function mixRows(map: usize, first: usize): void {
  const row = m.row;
  const rows = m.rows;
  const zero = f64x2.splat(0);
  for (let c: usize = 0; c < row; c += 16) {
    const v = m.dv + first + c;
    const h = m.held + first + c;
    const q = m.dq + first + c;
    const across = row << 1;
    const v0 = v128.load(v);
    const v1 = v128.load(v + row);
    const v2 = rows == 3 ? v128.load(v + across) : zero;
    const h0 = v128.load(h);
    const h1 = v128.load(h + row);
    const h2 = rows == 3 ? v128.load(h + across) : zero;
    const q0 = v128.load(q);
    const q1 = v128.load(q + row);
    const q2 = rows == 3 ? v128.load(q + across) : zero;
    for (let a = 0; a < rows; a++) {
      const entry = map + 24 * <usize>a;
      let x = a == 0 ? v0 : a == 1 ? v1 : v2;
      if (m.flows) x = add(dot(entry, v0, v1, v2), dot(entry + R, h0, h1, h2));
      if (m.pulls) x = add(x, dot(entry + Q, q0, q1, q2));
      v128.store(v + <usize>a * row, x);
    }
  }
}

/** Adds what a map makes of a lane's state of one particle to a column. */
function addMapped(map: usize, h: f64, q: usize, v: usize, a: usize, column: usize): void {
  for (let row: usize = 0; row < <usize>m.rows; row++) {
    let s: f64;
    if (m.diagonal) {
      const entry = map + (row << 5);
      const o = row << 4;
      s = load<f64>(entry) * load<f64>(v + o);
      s += load<f64>(entry, Q) * load<f64>(q + o);
      s += load<f64>(entry, R) * (h * load<f64>(a + o));
    } else {
      const entry = map + 24 * row;
      s = product(entry, load<f64>(v), load<f64>(v, 16), load<f64>(v, 32));
      s += product(entry + Q, load<f64>(q), load<f64>(q, 16), load<f64>(q, 32));
      s += product(entry + R, h * load<f64>(a), h * load<f64>(a, 16), h * load<f64>(a, 32));
    }
    s += load<f64>(map + (row << 3), B);
    const at = column + row * m.row;
    store<f64>(at, load<f64>(at) + s);
  }
}

// @ts-ignore: decorator
@inline
function product(row: usize, x: f64, y: f64, z: f64): f64 {
  return load<f64>(row) * x + load<f64>(row, 8) * y + load<f64>(row, 16) * z;
}
