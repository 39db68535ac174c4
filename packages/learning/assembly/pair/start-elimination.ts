// The start state taken out of one trajectory's equations. Twin of src/rollout/start-elimination.ts.
import { choleskyByPanels } from "../cholesky";
import { add, mul, sub } from "../lanes";
import { gram } from "../gram";

const START_FLOOR: f64 = 1e-13;

/**
 * @param columns - of metric and gradient, padded
 * @param factor - L, then L^-1 b. [unknowns x unknowns + room of `choleskyByPanels`]
 * @param cross - L^-1 E', a row an unknown, of the coefficients padded to w, a multiple of 4; then room for a matrix. [unknowns x w + w x w]
 * @returns false where the start is not determined
 */
export function eliminateStart(
  metric: usize,
  gradient: usize,
  columns: i32,
  actives: i32,
  unknowns: i32,
  factor: usize,
  cross: usize,
): bool {
  const row = <usize>columns << 3;
  const own = <usize>unknowns << 3;
  const first = <usize>actives << 3;
  const width = (actives + 3) & ~3;
  const wide = <usize>width << 3;
  let largest: f64 = 0;
  for (let i = 0; i < unknowns; i++) {
    const from = metric + <usize>(actives + i) * row;
    memory.copy(factor + <usize>i * own, from + first, <usize>(i + 1) << 3);
    memory.copy(cross + <usize>i * wide, from, first);
    memory.fill(cross + <usize>i * wide + first, 0, wide - first);
    largest = max(largest, load<f64>(from + first + (<usize>i << 3)));
  }
  for (let i = 0; i < unknowns; i++) {
    const o = factor + <usize>i * (own + 8);
    store<f64>(o, load<f64>(o) + START_FLOOR * largest);
  }
  const right = factor + <usize>unknowns * own;
  if (!choleskyByPanels(factor, unknowns, right)) return false;
  for (let i = 0; i < unknowns; i++) {
    const l = factor + <usize>i * own;
    let s = load<f64>(gradient + first + (<usize>i << 3));
    for (let k: usize = 0; k < <usize>i; k++) s -= load<f64>(l + (k << 3)) * load<f64>(right + (k << 3));
    const pivot = load<f64>(l + (<usize>i << 3));
    store<f64>(right + (<usize>i << 3), s / pivot);
    const to = cross + <usize>i * wide;
    for (let c: usize = 0; c < wide; c += 16) {
      let x = v128.load(to + c);
      let y = cross + c;
      for (let k: usize = 0; k < <usize>i; k++) {
        x = sub(x, mul(v128.load64_splat(l + (k << 3)), v128.load(y)));
        y += wide;
      }
      v128.store(to + c, f64x2.div(x, f64x2.splat(pivot)));
    }
  }
  takeOff(metric, gradient, columns, actives, unknowns, right, cross);
  return true;
}

/** Takes what the start state explains off the equations of the coefficients. */
function takeOff(
  metric: usize,
  gradient: usize,
  columns: i32,
  actives: i32,
  unknowns: i32,
  right: usize,
  cross: usize,
): void {
  const row = <usize>columns << 3;
  const width = (actives + 3) & ~3;
  const wide = <usize>width << 3;
  const product = cross + <usize>unknowns * wide;
  gram(cross, cross, width, unknowns, product);
  for (let i = 0; i < actives; i++) {
    let s: f64 = 0;
    for (let k = 0; k < unknowns; k++)
      s += load<f64>(cross + <usize>k * wide + (<usize>i << 3)) * load<f64>(right + (<usize>k << 3));
    const o = gradient + (<usize>i << 3);
    store<f64>(o, load<f64>(o) - s);
    for (let k: usize = 0; k <= <usize>i; k++) {
      const e = metric + <usize>i * row + (k << 3);
      store<f64>(e, load<f64>(e) - load<f64>(product + <usize>i * wide + (k << 3)));
    }
  }
}

/** Records of one trajectory along a path, which does not follow the start state: positions are those of free flight, plus the law's share. */
export class flight {
  static records: i32 = 0;
  static particles: i32 = 0;
  static dimension: i32 = 0;
  /** Since the start. [records] */
  static times: usize = 0;
  /** Of the law's coefficients. [records x particles x dimension x columns] */
  static jacobian: usize = 0;
  /** As its rows. */
  static residuals: usize = 0;
  /** [records x particles]; 0 where all are 1 */
  static weights: usize = 0;
  /** Of the start velocities, weighted. [particles x 3] */
  static velocityResiduals: usize = 0;
  static velocityWeight: f64 = 0;
}

/**
 * The same for a start state of free flight: each component has its own two unknowns, so that nearly all of the factor is 0 and is left out.
 *
 * @param metric - of the coefficients alone, as the gradient. [columns x columns]
 */
export function eliminateFlight(
  metric: usize,
  gradient: usize,
  columns: i32,
  actives: i32,
  factor: usize,
  cross: usize,
): bool {
  const dimension = flight.dimension;
  const particles = flight.particles;
  const half = particles * dimension;
  const unknowns = 2 * half;
  const own = <usize>unknowns << 3;
  const wide = <usize>((actives + 3) & ~3) << 3;
  const right = factor + <usize>unknowns * own;
  memory.fill(factor, 0, <usize>unknowns * own);
  memory.fill(cross, 0, <usize>unknowns * wide);
  let largest: f64 = 0;
  for (let i = 0; i < half; i++)
    largest = max(largest, addFlight(i, half, columns, wide, factor, cross));
  const floor = START_FLOOR * largest;
  for (let i = 0; i < half; i++) {
    const q = factor + <usize>i * (own + 8);
    const v = factor + <usize>(half + i) * (own + 8);
    const vq = v - (<usize>half << 3);
    const d = load<f64>(q) + floor;
    if (!(d > 0) || d == f64.POSITIVE_INFINITY) return false;
    const first = sqrt(d);
    const l = load<f64>(vq) * (1 / first);
    const e = load<f64>(v) + floor - l * l;
    if (!(e > 0) || e == f64.POSITIVE_INFINITY) return false;
    const second = sqrt(e);
    store<f64>(q, first);
    store<f64>(vq, l);
    store<f64>(v, second);
    const r = right + (<usize>i << 3);
    store<f64>(r, load<f64>(r) / first);
    const s = r + (<usize>half << 3);
    store<f64>(s, (load<f64>(s) - l * load<f64>(r)) / second);
    let x = cross + <usize>i * wide;
    let y = x + <usize>half * wide;
    const end = x + wide;
    while (x < end) {
      v128.store(x, f64x2.div(v128.load(x), f64x2.splat(first)));
      v128.store(
        y,
        f64x2.div(sub(v128.load(y), mul(f64x2.splat(l), v128.load(x))), f64x2.splat(second)),
      );
      x += 16;
      y += 16;
    }
  }
  takeOff(metric, gradient, columns, actives, unknowns, right, cross);
  return true;
}

/** Adds up what one component's records ask of its start; returns the larger diagonal element. */
function addFlight(
  i: i32,
  half: i32,
  columns: i32,
  wide: usize,
  factor: usize,
  cross: usize,
): f64 {
  const dimension = flight.dimension;
  const particles = flight.particles;
  const particle = i / dimension;
  const axis = i % dimension;
  const row = <usize>columns << 3;
  const own = <usize>(2 * half) << 3;
  const to = cross + <usize>i * wide;
  const below = to + <usize>half * wide;
  let qq: f64 = 0;
  let vq: f64 = 0;
  let vv: f64 = 0;
  let q: f64 = 0;
  let v: f64 = 0;
  for (let k = 0; k < flight.records; k++) {
    const at = k * particles + particle;
    const n = <usize>(at * dimension + axis);
    const w = flight.weights == 0 ? 1 : load<f64>(flight.weights + (<usize>at << 3));
    const wt = w * load<f64>(flight.times + (<usize>k << 3));
    const e = load<f64>(flight.residuals + (n << 3));
    qq += w * w;
    vq += wt * w;
    vv += wt * wt;
    q += w * e;
    v += wt * e;
    const x = f64x2.splat(w);
    const y = f64x2.splat(wt);
    const from = flight.jacobian + n * row;
    for (let c: usize = 0; c < wide; c += 16) {
      const j = v128.load(from + c);
      v128.store(to + c, add(v128.load(to + c), mul(x, j)));
      v128.store(below + c, add(v128.load(below + c), mul(y, j)));
    }
  }
  const w = flight.velocityWeight;
  vv += w * w;
  v += w * load<f64>(flight.velocityResiduals + (<usize>(3 * particle + axis) << 3));
  store<f64>(factor + <usize>i * (own + 8), qq);
  const bottom = factor + <usize>(half + i) * own;
  store<f64>(bottom + (<usize>i << 3), vq);
  store<f64>(bottom + (<usize>(half + i) << 3), vv);
  const right = factor + <usize>(2 * half) * own;
  store<f64>(right + (<usize>i << 3), q);
  store<f64>(right + (<usize>(half + i) << 3), v);
  return max(qq, vv);
}
