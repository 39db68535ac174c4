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
  beginReverse(d, lambda, weight, cells, gradient);
  pass(0, load<i32>(d, EVENTS), <usize>load<i32>(d, KICKS), true, true);
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
  pass(e, e + 1, ordinal + 1, true, false);
}

/** An event but for its kick: residuals, then the drift before them. */
export function reverseEvent(e: i32): void {
  pass(e, e + 1, 0, false, true);
}

/** Some events, from the last one on. @param ordinal - one more than that of the last kick @param kicks - whether their kicks are reversed @param others - and the rest of them */
function pass(first: i32, end: i32, ordinal: usize, kicks: bool, others: bool): void {
  const d = g.d;
  const components = <usize>load<i32>(d, COMPONENTS);
  const pairs = load<i32>(d, PAIRS);
  const duos = load<i32>(d, DUOS);
  const drift = load<usize>(d, DRIFT);
  const kick = load<usize>(d, KICK);
  const record = load<usize>(d, RECORD);
  const records = <usize>load<i32>(d, RECORDS);
  const residuals = load<usize>(d, RESIDUALS);
  const weights = load<usize>(d, WEIGHTS);
  const lookups = load<usize>(d, LOOKUPS);
  const pairTable = load<usize>(d, PAIR_TABLE);
  const particles = components / 3;
  const weightLane = (records * particles) << 3;
  const block = components << 4;
  const curve = g.curve;
  const gradient = g.gradient;
  const duoKept = <usize>load<i32>(d, KICKS) * <usize>pairs * LOOKUP;
  const residualLane = ((records + 1) * components) << 3;
  const factor = f64x2.splat(g.weight);
  for (let e = end - 1; e >= first; e--) {
    const w = kicks ? load<f64>(kick + (<usize>e << 3)) : 0;
    const h = others ? load<f64>(drift + (<usize>e << 3)) : 0;
    const compared = others ? load<i32>(record + (<usize>e << 2)) : -1;
    if (w != 0) ordinal--;
    for (let duo = 0; duo < duos; duo++) {
      const lq = g.lambda + <usize>duo * 2 * block;
      const lv = lq + block;
      if (w != 0) {
        const step = f64x2.splat(w);
        const own = gradient + <usize>(2 * duo) * curve;
        let u = lookups + <usize>duo * duoKept + ordinal * <usize>pairs * LOOKUP;
        let pair = pairTable;
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
      if (compared > 0) {
        let r =
          residuals +
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
}
