// Discrete adjoint of the rollouts of a group. Twin of src/rollout/adjoint.ts.
import { add, both, mul, sub } from "../lanes";
import {
  COMPONENTS,
  DRIFT,
  DUOS,
  EVENTS,
  KICK,
  KICKS,
  LOOKUP,
  LOOKUPS,
  PAIR,
  PAIRS,
  PAIR_TABLE,
  RECORD,
  RECORDS,
  RESIDUALS,
  WEIGHTS,
} from "./rollout";

/** Subtracts one lane's s, s t, s t^2, s t^3 from its cell. */
// @ts-ignore: decorator
@inline
function scatter(o: usize, low: v128, high: v128): void {
  v128.store(o, sub(v128.load(o), low));
  v128.store(o, sub(v128.load(o, 16), high), 16);
}

/** What is fixed while the rollouts of a group are reversed. */
class g {
  static d: usize = 0;
  /** Both adjoints. [duos x 2 x components x 2 lanes] */
  static lambda: usize = 0;
  /** Of a residual in the derivative of the loss. */
  static weight: f64 = 0;
  /** Bytes of a curve, and one curve a lane. [lanes x 4 x cells] */
  static curve: usize = 0;
  static gradient: usize = 0;
}

/**
 * Reverses the last rollout of a group, whose look-ups were kept, where the pair law acts alone.
 *
 * @param lambda - room for both adjoints
 * @param gradient - overwritten
 */
export function reverse(d: usize, lambda: usize, weight: f64, cells: i32, gradient: usize): void {
  const kick = load<usize>(d, KICK);
  beginReverse(d, lambda, weight, cells, gradient);
  let ordinal = <usize>load<i32>(d, KICKS);
  for (let e = load<i32>(d, EVENTS) - 1; e >= 0; e--) {
    if (load<f64>(kick + (<usize>e << 3)) != 0) reverseKick(e, --ordinal);
    reverseEvent(e);
  }
}

export function beginReverse(d: usize, lambda: usize, weight: f64, cells: i32, gradient: usize): void {
  const duos = <usize>load<i32>(d, DUOS);
  g.d = d;
  g.lambda = lambda;
  g.weight = weight;
  g.curve = <usize>cells << 5;
  g.gradient = gradient;
  memory.fill(lambda, 0, (duos * 2 * <usize>load<i32>(d, COMPONENTS)) << 4);
  memory.fill(gradient, 0, 2 * duos * g.curve);
}

/** The pair law's kick of an event. */
export function reverseKick(e: i32, ordinal: usize): void {
  const d = g.d;
  const block = <usize>load<i32>(d, COMPONENTS) << 4;
  const pairs = load<i32>(d, PAIRS);
  const duos = load<i32>(d, DUOS);
  const curve = g.curve;
  const duoKept = <usize>load<i32>(d, KICKS) * <usize>pairs * LOOKUP;
  const step = f64x2.splat(load<f64>(load<usize>(d, KICK) + (<usize>e << 3)));
  for (let duo = 0; duo < duos; duo++) {
    const lq = g.lambda + <usize>duo * 2 * block;
    const lv = lq + block;
    const own = g.gradient + <usize>(2 * duo) * curve;
    let u = load<usize>(d, LOOKUPS) + <usize>duo * duoKept + ordinal * <usize>pairs * LOOKUP;
    let pair = load<usize>(d, PAIR_TABLE);
    for (let p = 0; p < pairs; p++) {
      const offI = load<usize>(pair);
      const offM = load<usize>(pair, 4);
      const si = mul(step, v128.load64_splat(pair, 16));
      const sj = mul(step, v128.load64_splat(pair, 24));
      const vi = lv + offI;
      const vm = lv + offM;
      const x = sub(mul(si, v128.load(vi)), mul(sj, v128.load(vm)));
      const y = sub(mul(si, v128.load(vi, 16)), mul(sj, v128.load(vm, 16)));
      const z = sub(mul(si, v128.load(vi, 32)), mul(sj, v128.load(vm, 32)));
      const nx = v128.load(u);
      const ny = v128.load(u, 16);
      const nz = v128.load(u, 32);
      const transverse = v128.load(u, 48);
      const t = v128.load(u, 80);
      const s = add(add(mul(nx, x), mul(ny, y)), mul(nz, z));
      const st = mul(s, t);
      const stt = mul(st, t);
      const sttt = mul(stt, t);
      scatter(
        own + (<usize>load<i32>(u, 96) << 5),
        v128.shuffle<f64>(s, st, 0, 2),
        v128.shuffle<f64>(stt, sttt, 0, 2),
      );
      scatter(
        own + curve + (<usize>load<i32>(u, 100) << 5),
        v128.shuffle<f64>(s, st, 1, 3),
        v128.shuffle<f64>(stt, sttt, 1, 3),
      );
      const radial = mul(s, sub(v128.load(u, 64), transverse));
      const gx = add(mul(radial, nx), mul(transverse, x));
      const gy = add(mul(radial, ny), mul(transverse, y));
      const gz = add(mul(radial, nz), mul(transverse, z));
      const qi = lq + offI;
      const qm = lq + offM;
      v128.store(qi, sub(v128.load(qi), gx));
      v128.store(qi, sub(v128.load(qi, 16), gy), 16);
      v128.store(qi, sub(v128.load(qi, 32), gz), 32);
      v128.store(qm, add(v128.load(qm), gx));
      v128.store(qm, add(v128.load(qm, 16), gy), 16);
      v128.store(qm, add(v128.load(qm, 32), gz), 32);
      u += LOOKUP;
      pair += PAIR;
    }
  }
}

/** An event but for its kick: residuals, then the drift before them. */
export function reverseEvent(e: i32): void {
  const d = g.d;
  const components = <usize>load<i32>(d, COMPONENTS);
  const block = components << 4;
  const duos = load<i32>(d, DUOS);
  const records = <usize>load<i32>(d, RECORDS);
  const weights = load<usize>(d, WEIGHTS);
  const particles = components / 3;
  const weightLane = (records * particles) << 3;
  const residualLane = ((records + 1) * components) << 3;
  const factor = f64x2.splat(g.weight);
  const h = load<f64>(load<usize>(d, DRIFT) + (<usize>e << 3));
  const compared = load<i32>(load<usize>(d, RECORD) + (<usize>e << 2));
  for (let duo = 0; duo < duos; duo++) {
    const lq = g.lambda + <usize>duo * 2 * block;
    const lv = lq + block;
    if (compared > 0) {
      let r =
        load<usize>(d, RESIDUALS) +
        <usize>(2 * duo) * residualLane +
        ((<usize>compared * components) << 3);
      let o = weights + <usize>(2 * duo) * weightLane + ((<usize>compared * particles) << 3);
      let observed = factor;
      for (let c: usize = 0; c < components; c++) {
        if (weights != 0 && c % 3 == 0) {
          observed = mul(factor, both(o, o + weightLane));
          o += 8;
        }
        const q = lq + (c << 4);
        v128.store(q, add(v128.load(q), mul(observed, both(r, r + residualLane))));
        r += 8;
      }
    }
    if (h != 0) {
      const step = f64x2.splat(h);
      for (let o: usize = 0; o < block; o += 16)
        v128.store(lv + o, add(v128.load(lv + o), mul(step, v128.load(lq + o))));
    }
  }
}
