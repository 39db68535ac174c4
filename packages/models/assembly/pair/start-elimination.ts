// The start state taken out of one trajectory's equations. Twin of src/rollout/start-elimination.ts.
import { choleskyByPanels } from "../cholesky";
import { mul, sub } from "../lanes";
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
  return true;
}
