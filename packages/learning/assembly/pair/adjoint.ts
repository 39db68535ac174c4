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

/**
 * Reverses the last rollout of a group, whose look-ups were kept.
 *
 * @param lambda - room for both adjoints. [duos x 2 x components x 2 lanes]
 * @param weight - of a residual in the derivative of the loss
 * @param gradient - one curve a lane, overwritten. [lanes x 4 x cells]
 */
export function reverse(d: usize, lambda: usize, weight: f64, cells: i32, gradient: usize): void {
  const components = <usize>load<i32>(d, COMPONENTS);
  const pairs = load<i32>(d, PAIRS);
  const duos = load<i32>(d, DUOS);
  const drift = load<usize>(d, DRIFT);
  const kick = load<usize>(d, KICK);
  const record = load<usize>(d, RECORD);
  const records = <usize>load<i32>(d, RECORDS);
  const weights = load<usize>(d, WEIGHTS);
  const particles = components / 3;
  const weightLane = (records * particles) << 3;
  const block = components << 4;
  const curve = <usize>cells << 5;
  const duoKept = <usize>load<i32>(d, KICKS) * <usize>pairs * LOOKUP;
  const residualLane = ((records + 1) * components) << 3;
  const factor = f64x2.splat(weight);
  memory.fill(lambda, 0, <usize>duos * 2 * block);
  memory.fill(gradient, 0, <usize>(2 * duos) * curve);
  let ordinal = <usize>load<i32>(d, KICKS);
  for (let e = load<i32>(d, EVENTS) - 1; e >= 0; e--) {
    const w = load<f64>(kick + (<usize>e << 3));
    const h = load<f64>(drift + (<usize>e << 3));
    const compared = load<i32>(record + (<usize>e << 2));
    if (w != 0) ordinal--;
    for (let duo = 0; duo < duos; duo++) {
      const lq = lambda + <usize>duo * 2 * block;
      const lv = lq + block;
      if (w != 0) {
        const step = f64x2.splat(w);
        const own = gradient + <usize>(2 * duo) * curve;
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
}
