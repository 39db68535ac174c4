// One Levenberg-Marquardt iteration of a network's slope. Twin of src/training/function-first/distil.ts.
import { cholesky, choleskySolve } from "../cholesky";
import { gram } from "../gram";
import { add, mul } from "../lanes";
import { forSlopes, slopeColumns, values } from "./layers";

// A distillation, as src/kernels/distil-kernel.ts lays it out: 32-bit words, then numbers.
const LAYERS: usize = 0;
const DEPTH: usize = 4;
/** Points, weights. */
const M: usize = 8;
const N: usize = 12;
/** [m, padded to 4] */
const POINTS: usize = 16;
const TARGET: usize = 20;
/** Root of the metric, transposed. [m x m padded] */
const ROOT: usize = 24;
const CURRENT: usize = 28;
const TRIAL: usize = 32;
const RHO: usize = 36;
const NORMS: usize = 40;
/** [n padded x m padded] each */
const SLOPES: usize = 44;
const JACOBIAN: usize = 48;
const SCALED: usize = 52;
/** [m padded x m padded] each */
const NORMAL: usize = 56;
const SYSTEM: usize = 60;
const ROOM: usize = 64;
const MOST_REJECTIONS: usize = 68;
const EXCESS: usize = 72;
const LAMBDA: usize = 80;
const GROWTH: usize = 88;
const DAMPING: usize = 96;
const SCALE_FLOOR: usize = 104;
const DAMPING_FLOOR: usize = 112;

/** rho = root (slopes - target); returns its square. */
function residual(d: usize, weights: usize, rho: usize): f64 {
  const m = <usize>load<i32>(d, M);
  const padded = (m + 3) & ~3;
  const points = load<usize>(d, POINTS);
  const target = load<usize>(d, TARGET);
  const off = load<usize>(d, ROOM);
  const out = off + (padded << 3);
  for (let k: usize = 0; k < padded; k += 4) {
    const at = k << 3;
    values(load<usize>(d, LAYERS), load<i32>(d, DEPTH), weights, points + at, out);
    v128.store(off + at, f64x2.sub(v128.load(out, 32), v128.load(target + at)));
    v128.store(off + at, f64x2.sub(v128.load(out, 48), v128.load(target + at, 16)), 16);
  }
  const row = padded << 3;
  for (let i: usize = 0; i < row; i += 32) {
    let a = f64x2.splat(0);
    let b = a;
    let r = load<usize>(d, ROOT) + i;
    for (let k: usize = 0; k < m; k++) {
      const x = v128.load64_splat(off + (k << 3));
      a = add(a, mul(v128.load(r), x));
      b = add(b, mul(v128.load(r, 16), x));
      r += row;
    }
    v128.store(rho + i, a);
    v128.store(rho + i, b, 16);
  }
  let sum: f64 = 0;
  for (let i: usize = 0; i < m; i++) {
    const x = load<f64>(rho + (i << 3));
    sum += x * x;
  }
  return sum;
}

/** J' = slopes' root': a row a weight. */
function linearise(d: usize): void {
  const m = <usize>load<i32>(d, M);
  const row = ((m + 3) & ~3) << 3;
  const points = load<usize>(d, POINTS);
  const slopes = load<usize>(d, SLOPES);
  const weights = load<usize>(d, CURRENT);
  for (let at: usize = 0; at < row; at += 32) {
    forSlopes(load<usize>(d, LAYERS), load<i32>(d, DEPTH), weights, points + at, load<usize>(d, ROOM));
    slopeColumns(load<usize>(d, LAYERS), load<i32>(d, DEPTH), weights, slopes + at, row);
  }
  const n = load<i32>(d, N);
  const jacobian = load<usize>(d, JACOBIAN);
  for (let c = 0; c < n; c += 4) {
    const x0 = slopes + <usize>c * row;
    const to = jacobian + <usize>c * row;
    for (let i: usize = 0; i < row; i += 32) {
      let a0 = f64x2.splat(0);
      let a1 = a0;
      let b0 = a0;
      let b1 = a0;
      let c0 = a0;
      let c1 = a0;
      let d0 = a0;
      let d1 = a0;
      let r = load<usize>(d, ROOT) + i;
      let x = x0;
      const end = x0 + (m << 3);
      while (x < end) {
        const p = v128.load(r);
        const q = v128.load(r, 16);
        const a = v128.load64_splat(x);
        a0 = add(a0, mul(a, p));
        a1 = add(a1, mul(a, q));
        const b = v128.load64_splat(x + row);
        b0 = add(b0, mul(b, p));
        b1 = add(b1, mul(b, q));
        const e = v128.load64_splat(x + 2 * row);
        c0 = add(c0, mul(e, p));
        c1 = add(c1, mul(e, q));
        const f = v128.load64_splat(x + 3 * row);
        d0 = add(d0, mul(f, p));
        d1 = add(d1, mul(f, q));
        r += row;
        x += 8;
      }
      let o = to + i;
      v128.store(o, a0);
      v128.store(o, a1, 16);
      o += row;
      v128.store(o, b0);
      v128.store(o, b1, 16);
      o += row;
      v128.store(o, c0);
      v128.store(o, c1, 16);
      o += row;
      v128.store(o, d0);
      v128.store(o, d1, 16);
    }
  }
}

/** One iteration: changes weights, rho, norms, excess, damping and growth; returns whether a step was accepted. */
export function distil(d: usize): bool {
  const m = load<i32>(d, M);
  const n = load<i32>(d, N);
  const padded = (m + 3) & ~3;
  const row = <usize>padded << 3;
  const jacobian = load<usize>(d, JACOBIAN);
  const scaled = load<usize>(d, SCALED);
  const norms = load<usize>(d, NORMS);
  const normal = load<usize>(d, NORMAL);
  const system = load<usize>(d, SYSTEM);
  const current = load<usize>(d, CURRENT);
  const trial = load<usize>(d, TRIAL);
  const rho = load<usize>(d, RHO);
  linearise(d);
  let largest: f64 = 0;
  for (let c = 0; c < n; c++) {
    const x = jacobian + <usize>c * row;
    let s: f64 = 0;
    for (let i = 0; i < m; i++) {
      const y = load<f64>(x + (<usize>i << 3));
      s += y * y;
    }
    const norm = max(load<f64>(norms + (<usize>c << 3)), s);
    store<f64>(norms + (<usize>c << 3), norm);
    if (norm > largest) largest = norm;
  }
  const floor = load<f64>(d, SCALE_FLOOR);
  for (let c = 0; c < n; c++) {
    const scale = f64x2.splat(largest / (load<f64>(norms + (<usize>c << 3)) + floor * largest));
    const x = <usize>c * row;
    for (let o = x; o < x + row; o += 16) v128.store(scaled + o, mul(v128.load(jacobian + o), scale));
  }
  gram(scaled, jacobian, padded, n, normal);
  let trace: f64 = 0;
  for (let i = 0; i < m; i++) trace += load<f64>(normal + <usize>i * (row + 8));
  let lambda = load<f64>(d, LAMBDA);
  let growth = load<f64>(d, GROWTH);
  const excess = load<f64>(d, EXCESS);
  if (lambda < 0) lambda = (load<f64>(d, DAMPING) * trace) / <f64>m;
  lambda = max(lambda, load<f64>(d, DAMPING_FLOOR) * trace);
  const b = load<usize>(d, ROOM);
  const trialRho = b + row;
  // Beyond them is what residual needs.
  let accepted = false;
  for (let attempt = load<i32>(d, MOST_REJECTIONS); attempt > 0; attempt--) {
    for (let i = 0; i < m; i++) {
      const o = <usize>(i * m) << 3;
      memory.copy(system + o, normal + <usize>i * row, <usize>(i + 1) << 3);
      const diagonal = system + o + (<usize>i << 3);
      store<f64>(diagonal, load<f64>(diagonal) + lambda);
      store<f64>(b + (<usize>i << 3), -load<f64>(rho + (<usize>i << 3)));
    }
    if (!cholesky(system, m, trialRho)) {
      lambda *= 4;
      continue;
    }
    choleskySolve(system, m, b);
    let predicted: f64 = 0;
    for (let i = 0; i < m; i++) {
      const s = load<f64>(b + (<usize>i << 3));
      predicted += lambda * lambda * s * s;
    }
    for (let c = 0; c < n; c++) {
      const o = <usize>c << 3;
      const x = jacobian + <usize>c * row;
      let s: f64 = 0;
      for (let i: usize = 0; i < <usize>m; i++) s += load<f64>(b + (i << 3)) * load<f64>(x + (i << 3));
      const scale = largest / (load<f64>(norms + o) + floor * largest);
      store<f64>(trial + o, load<f64>(current + o) + s * scale);
    }
    store<usize>(d, trialRho + row, ROOM);
    const trialExcess = residual(d, trial, trialRho);
    store<usize>(d, b, ROOM);
    if (trialExcess < excess) {
      const gain = (excess - trialExcess) / (excess - predicted);
      const bent = 2 * gain - 1;
      lambda *= max(0.1, 1 - bent * bent * bent);
      growth = 2;
      memory.copy(current, trial, <usize>n << 3);
      memory.copy(rho, trialRho, row);
      store<f64>(d, trialExcess, EXCESS);
      accepted = true;
      break;
    }
    lambda *= growth;
    growth *= 2;
  }
  store<f64>(d, lambda, LAMBDA);
  store<f64>(d, growth, GROWTH);
  return accepted;
}
