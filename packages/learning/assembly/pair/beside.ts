// What other terms than the pair law do to the tangents of one trajectory. Twin of src/engine/reference-beside.ts.
import { add, mul } from "../lanes";
import { kickTangents, m } from "./equations";

// A tape, as src/engine/wasm-tape.ts lays it out: the number of entries and where their rows, columns and values are.
const SOURCES: usize = 0;
const STIFFNESSES: usize = 16;
const DAMPINGS: usize = 32;
const ROW: usize = 4;
const COLUMN: usize = 8;
const VALUE: usize = 12;

/** Whether all that the tapes told stayed in the plane in which the tangents have no rows across. */
let stayed: bool = true;

/** Offset of a component in rows of columns. */
// @ts-ignore: decorator
@inline
function rowOf(component: usize): usize {
  return (component / 3) * m.particle + (component % 3) * m.row;
}

/** Adds factor x (sources + stiffness dq + damping of velocities `dv`) to `to`. Along a path there are sources alone. */
function addLinear(tape: usize, factor: f64, dv: usize, to: usize): void {
  const sources = load<i32>(tape, SOURCES);
  const rows = load<usize>(tape, SOURCES + ROW);
  const columns = load<usize>(tape, SOURCES + COLUMN);
  const values = load<usize>(tape, SOURCES + VALUE);
  const first = to + (<usize>m.beside << 3);
  for (let k = 0; k < sources; k++) {
    const o = <usize>k;
    const value = factor * load<f64>(values + (o << 3));
    if (value == 0) continue;
    const row = <usize>load<i32>(rows + (o << 2));
    if (m.rows == 2 && row % 3 == 2) {
      stayed = false;
      continue;
    }
    const at = first + rowOf(row) + (<usize>load<i32>(columns + (o << 2)) << 3);
    store<f64>(at, load<f64>(at) + value);
  }
  if (!m.forceGradient) return;
  addBlocks(tape + STIFFNESSES, factor, m.dq, to);
  addBlocks(tape + DAMPINGS, factor, dv, to);
}

/** to += factor x (rows of a matrix) from, for every column. */
function addBlocks(entries: usize, factor: f64, from: usize, to: usize): void {
  const count = load<i32>(entries);
  const rows = load<usize>(entries, ROW);
  const columns = load<usize>(entries, COLUMN);
  const values = load<usize>(entries, VALUE);
  for (let k = 0; k < count; k++) {
    const o = <usize>k;
    const value = factor * load<f64>(values + (o << 3));
    if (value == 0) continue;
    const row = <usize>load<i32>(rows + (o << 2));
    const column = <usize>load<i32>(columns + (o << 2));
    if (m.rows == 2 && (row % 3 == 2 || column % 3 == 2)) {
      // What lies across has no tangents, and only what lies across moves it.
      if (column % 3 != 2) stayed = false;
      continue;
    }
    const x = f64x2.splat(value);
    let p = from + rowOf(column);
    let q = to + rowOf(row);
    const end = p + m.row;
    while (p < end) {
      v128.store(q, add(v128.load(q), mul(x, v128.load(p))));
      v128.store(q, add(v128.load(q, 16), mul(x, v128.load(p, 16))), 16);
      p += 32;
      q += 32;
    }
  }
}

/** Rows of each body become what it makes of them. */
function respond(responses: usize, to: usize): void {
  const row = m.row;
  const end = to + m.block;
  for (let own = to, by = responses; own < end; own += m.particle, by += 72) {
    const wide = m.rows == 3;
    for (let o = own; o < own + row; o += 16) {
      const x = v128.load(o);
      const y = v128.load(o + row);
      const z = wide ? v128.load(o + 2 * row) : f64x2.splat(0);
      for (let a: usize = 0; a < <usize>m.rows; a++) {
        const r = by + 24 * a;
        const sum = add(
          mul(f64x2.splat(load<f64>(r)), x),
          mul(f64x2.splat(load<f64>(r, 8)), y),
        );
        v128.store(
          o + a * row,
          wide ? add(sum, mul(f64x2.splat(load<f64>(r, 16)), z)) : sum,
        );
      }
    }
  }
}

/** Adds what a tape tells, times factor, to the tangents of velocities, or to what is held of a kick; returns whether all stayed in the plane. */
export function apply(tape: usize, factor: f64, held: i32): i32 {
  stayed = true;
  addLinear(tape, factor, m.dv, held != 0 ? m.held : m.dv);
  return stayed ? 1 : 0;
}

/** Begins a kick with forces that go by velocities: what does not go by them is the same in all of its stages. */
export function holdKick(s: i32): void {
  const dv = m.dv;
  memory.fill(m.held, 0, m.block);
  memory.fill(m.sum, 0, m.block);
  m.dv = m.held;
  kickTangents(s);
  m.dv = dv;
}

/**
 * A stage of such a kick, at the velocities that the stage before leads to.
 *
 * @param share - of the stage before that velocities are moved by; 0 in the first
 * @param weight - of the stage in the sum
 * @param responses - what bodies make of it, row by row [particles x 3 x 3]; 0 where they take it as it is
 */
export function stageKick(
  tape: usize,
  factor: f64,
  share: f64,
  weight: f64,
  responses: usize,
): i32 {
  let at = m.dv;
  const block = m.block;
  if (share != 0) {
    at = m.at;
    const x = f64x2.splat(share);
    for (let o: usize = 0; o < block; o += 16)
      v128.store(at + o, add(v128.load(m.dv + o), mul(x, v128.load(m.slope + o))));
  }
  memory.copy(m.slope, m.held, block);
  stayed = true;
  addLinear(tape, factor, at, m.slope);
  if (responses != 0) respond(responses, m.slope);
  const w = f64x2.splat(weight);
  if (weight != 0)
    for (let o: usize = 0; o < block; o += 16)
      v128.store(m.sum + o, add(v128.load(m.sum + o), mul(w, v128.load(m.slope + o))));
  return stayed ? 1 : 0;
}

/** Ends such a kick. */
export function releaseKick(): void {
  const block = m.block;
  for (let o: usize = 0; o < block; o += 16)
    v128.store(m.dv + o, add(v128.load(m.dv + o), v128.load(m.sum + o)));
}
