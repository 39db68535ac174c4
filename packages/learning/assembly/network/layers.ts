// A dense squareplus network from one number to one, four samples at a time. Twin of src/network.ts.
import { add, mul } from "../lanes";

// A layer, as src/kernels/network-area.ts lays it out: 32-bit words. Blocks are [neurons x 4 samples].
const INPUTS: usize = 0;
const OUTPUTS: usize = 4;
/** Byte offsets of its weights and biases. */
const WEIGHTS: usize = 8;
const BIASES: usize = 12;
/** Activations that enter, their first and second derivatives: three blocks. */
const ENTERING: usize = 16;
/** s1, s2, s3, dz, ddz: five blocks. */
const BENDS: usize = 20;
/** Adjoints of what enters: three blocks. */
const ADJOINTS: usize = 24;
export const LAYER: usize = 32;

/** Bytes of four samples. */
const FOUR: usize = 32;

// @ts-ignore: decorator
@inline
function bend(
  layer: usize,
  next: usize,
  neuron: usize,
  at: usize,
  z: v128,
  dz: v128,
  ddz: v128,
  second: bool,
  keep: bool,
): void {
  const outputs = <usize>load<i32>(layer, OUTPUTS);
  const block = outputs * FOUR;
  const o = neuron * FOUR + at;
  const root = f64x2.sqrt(add(mul(z, z), f64x2.splat(4)));
  const inverse = f64x2.div(f64x2.splat(1), root);
  const d1 = mul(f64x2.splat(0.5), add(f64x2.splat(1), mul(z, inverse)));
  const h = load<usize>(next, ENTERING) + o;
  v128.store(h, mul(f64x2.splat(0.5), add(z, root)));
  v128.store(h + block, mul(d1, dz));
  if (!second && !keep) return;
  const cube = mul(mul(inverse, inverse), inverse);
  const d2 = mul(f64x2.splat(2), cube);
  if (second) v128.store(h + 2 * block, add(mul(mul(d2, dz), dz), mul(d1, ddz)));
  if (!keep) return;
  const s = load<usize>(layer, BENDS) + o;
  v128.store(s, d1);
  v128.store(s + block, d2);
  v128.store(s + 3 * block, dz);
  if (!second) return;
  v128.store(
    s + 2 * block,
    mul(mul(mul(mul(f64x2.splat(-6), z), cube), inverse), inverse),
  );
  v128.store(s + 4 * block, ddz);
}

/**
 * V and V' (and V'') at four separations. Two neurons by four samples at a time, so that what is loaded is used twice.
 *
 * @param at - the separations
 * @param out - V, V', V'' of four samples one after another
 * @param second - whether V'' too
 * @param keep - whether what the way back needs is kept
 */
// @ts-ignore: decorator
@inline
function forwards(layers: usize, depth: i32, weights: usize, at: usize, out: usize, second: bool, keep: bool): void {
  const entry = load<usize>(layers, ENTERING);
  v128.store(entry, v128.load(at));
  v128.store(entry, v128.load(at, 16), 16);
  v128.store(entry, f64x2.splat(1), 32);
  v128.store(entry, f64x2.splat(1), 48);
  v128.store(entry, f64x2.splat(0), 64);
  v128.store(entry, f64x2.splat(0), 80);
  for (let l = 0; l < depth; l++) {
    const layer = layers + <usize>l * LAYER;
    const next = layer + LAYER;
    const last = l + 1 == depth;
    const inputs = <usize>load<i32>(layer, INPUTS);
    const outputs = load<i32>(layer, OUTPUTS);
    const block = inputs * FOUR;
    const row = inputs << 3;
    const w = weights + load<usize>(layer, WEIGHTS);
    const b = weights + load<usize>(layer, BIASES);
    const entering = load<usize>(layer, ENTERING);
    for (let k = 0; k < outputs; k += 2) {
      // The last of an odd number is made twice.
      const k1 = min(k + 1, outputs - 1);
      let z0a = v128.load64_splat(b + (<usize>k << 3));
      let z0b = z0a;
      let z1a = v128.load64_splat(b + (<usize>k1 << 3));
      let z1b = z1a;
      let d0a = f64x2.splat(0);
      let d0b = d0a;
      let d1a = d0a;
      let d1b = d0a;
      let c0a = d0a;
      let c0b = d0a;
      let c1a = d0a;
      let c1b = d0a;
      let w0 = w + <usize>k * row;
      let w1 = w + <usize>k1 * row;
      const end = w0 + row;
      let h = entering;
      while (w0 < end) {
        const x = v128.load64_splat(w0);
        const y = v128.load64_splat(w1);
        const ha = v128.load(h);
        const hb = v128.load(h, 16);
        z0a = add(z0a, mul(x, ha));
        z0b = add(z0b, mul(x, hb));
        z1a = add(z1a, mul(y, ha));
        z1b = add(z1b, mul(y, hb));
        const ua = v128.load(h + block);
        const ub = v128.load(h + block, 16);
        d0a = add(d0a, mul(x, ua));
        d0b = add(d0b, mul(x, ub));
        d1a = add(d1a, mul(y, ua));
        d1b = add(d1b, mul(y, ub));
        if (second) {
          const ca = v128.load(h + 2 * block);
          const cb = v128.load(h + 2 * block, 16);
          c0a = add(c0a, mul(x, ca));
          c0b = add(c0b, mul(x, cb));
          c1a = add(c1a, mul(y, ca));
          c1b = add(c1b, mul(y, cb));
        }
        w0 += 8;
        w1 += 8;
        h += FOUR;
      }
      if (last) {
        v128.store(out, z0a);
        v128.store(out, z0b, 16);
        v128.store(out, d0a, 32);
        v128.store(out, d0b, 48);
        if (second) {
          v128.store(out, c0a, 64);
          v128.store(out, c0b, 80);
        }
      } else {
        bend(layer, next, <usize>k, 0, z0a, d0a, c0a, second, keep);
        bend(layer, next, <usize>k, 16, z0b, d0b, c0b, second, keep);
        bend(layer, next, <usize>k1, 0, z1a, d1a, c1a, second, keep);
        bend(layer, next, <usize>k1, 16, z1b, d1b, c1b, second, keep);
      }
    }
  }
}

export function values(layers: usize, depth: i32, weights: usize, at: usize, out: usize): void {
  forwards(layers, depth, weights, at, out, false, false);
}

export function valuesAndCurvature(layers: usize, depth: i32, weights: usize, at: usize, out: usize): void {
  forwards(layers, depth, weights, at, out, true, false);
}

export function forSlopes(layers: usize, depth: i32, weights: usize, at: usize, out: usize): void {
  forwards(layers, depth, weights, at, out, false, true);
}

export function forGradient(layers: usize, depth: i32, weights: usize, at: usize, out: usize): void {
  forwards(layers, depth, weights, at, out, true, true);
}

/** Adds the samples of a vector to one number, in their order. @param live - how many of the four count */
// @ts-ignore: decorator
@inline
function addSamples(to: usize, a: v128, b: v128, live: i32): void {
  let sum = load<f64>(to) + f64x2.extract_lane(a, 0);
  if (live > 1) sum += f64x2.extract_lane(a, 1);
  if (live > 2) sum += f64x2.extract_lane(b, 0);
  if (live > 3) sum += f64x2.extract_lane(b, 1);
  store<f64>(to, sum);
}

/**
 * d(a V + b V' + c V'')/dweights at the four samples of the last {@link forGradient}, added to `out` sample by sample.
 *
 * @param factors - a, b, c of four samples one after another
 */
export function addGradient(layers: usize, depth: i32, weights: usize, factors: usize, out: usize, live: i32): void {
  for (let l = depth - 1; l >= 0; l--) {
    const layer = layers + <usize>l * LAYER;
    const last = l + 1 == depth;
    const inputs = <usize>load<i32>(layer, INPUTS);
    const outputs = <usize>load<i32>(layer, OUTPUTS);
    const block = inputs * FOUR;
    const own = outputs * FOUR;
    const adjoints = load<usize>(layer, ADJOINTS);
    const entering = load<usize>(layer, ENTERING);
    const bends = load<usize>(layer, BENDS);
    const above = last ? 0 : load<usize>(layer + LAYER, ADJOINTS);
    memory.fill(adjoints, 0, 3 * block);
    let o = load<usize>(layer, WEIGHTS);
    for (let k: usize = 0; k < outputs; k++) {
      let aza: v128;
      let azb: v128;
      let azua: v128;
      let azub: v128;
      let azca: v128;
      let azcb: v128;
      if (last) {
        aza = v128.load(factors);
        azb = v128.load(factors, 16);
        azua = v128.load(factors, 32);
        azub = v128.load(factors, 48);
        azca = v128.load(factors, 64);
        azcb = v128.load(factors, 80);
      } else {
        const t = above + k * FOUR;
        const s = bends + k * FOUR;
        aza = az(t, s, own);
        azb = az(t + 16, s + 16, own);
        azua = azu(t, s, own);
        azub = azu(t + 16, s + 16, own);
        azca = mul(v128.load(t + 2 * own), v128.load(s));
        azcb = mul(v128.load(t + 2 * own, 16), v128.load(s, 16));
      }
      addSamples(out + load<usize>(layer, BIASES) + (k << 3), aza, azb, live);
      let h = entering;
      let a = adjoints;
      for (let j: usize = 0; j < inputs; j++) {
        const w = v128.load64_splat(weights + o);
        addSamples(
          out + o,
          add(
            add(mul(aza, v128.load(h)), mul(azua, v128.load(h + block))),
            mul(azca, v128.load(h + 2 * block)),
          ),
          add(
            add(mul(azb, v128.load(h, 16)), mul(azub, v128.load(h + block, 16))),
            mul(azcb, v128.load(h + 2 * block, 16)),
          ),
          live,
        );
        v128.store(a, add(v128.load(a), mul(aza, w)));
        v128.store(a, add(v128.load(a, 16), mul(azb, w)), 16);
        v128.store(a + block, add(v128.load(a + block), mul(azua, w)));
        v128.store(a + block, add(v128.load(a + block, 16), mul(azub, w)), 16);
        v128.store(a + 2 * block, add(v128.load(a + 2 * block), mul(azca, w)));
        v128.store(a + 2 * block, add(v128.load(a + 2 * block, 16), mul(azcb, w)), 16);
        o += 8;
        h += FOUR;
        a += FOUR;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function az(t: usize, s: usize, own: usize): v128 {
  const s2 = v128.load(s + own);
  const zu = v128.load(s + 3 * own);
  return add(
    add(mul(v128.load(t), v128.load(s)), mul(mul(v128.load(t + own), s2), zu)),
    mul(
      v128.load(t + 2 * own),
      add(mul(mul(v128.load(s + 2 * own), zu), zu), mul(s2, v128.load(s + 4 * own))),
    ),
  );
}

// @ts-ignore: decorator
@inline
function azu(t: usize, s: usize, own: usize): v128 {
  return add(
    mul(v128.load(t + own), v128.load(s)),
    mul(mul(mul(v128.load(t + 2 * own), f64x2.splat(2)), v128.load(s + own)), v128.load(s + 3 * own)),
  );
}

/** dV'/dweights at the four samples of the last {@link forSlopes}: a row a weight. @param out - of the first sample @param row - bytes */
export function slopeColumns(layers: usize, depth: i32, weights: usize, out: usize, row: usize): void {
  for (let l = depth - 1; l >= 0; l--) {
    const layer = layers + <usize>l * LAYER;
    const last = l + 1 == depth;
    const inputs = <usize>load<i32>(layer, INPUTS);
    const outputs = <usize>load<i32>(layer, OUTPUTS);
    const block = inputs * FOUR;
    const own = outputs * FOUR;
    const adjoints = load<usize>(layer, ADJOINTS);
    const entering = load<usize>(layer, ENTERING);
    const bends = load<usize>(layer, BENDS);
    const above = last ? 0 : load<usize>(layer + LAYER, ADJOINTS);
    memory.fill(adjoints, 0, 2 * block);
    const first = load<usize>(layer, WEIGHTS);
    let from = weights + first;
    let to = out + (first >> 3) * row;
    let bias = out + (load<usize>(layer, BIASES) >> 3) * row;
    for (let k: usize = 0; k < outputs; k++) {
      let aza = f64x2.splat(0);
      let azb = aza;
      let azua = f64x2.splat(1);
      let azub = azua;
      if (!last) {
        const t = above + k * FOUR;
        const s = bends + k * FOUR;
        aza = slopeAz(t, s, own);
        azb = slopeAz(t + 16, s + 16, own);
        azua = mul(v128.load(t + own), v128.load(s));
        azub = mul(v128.load(t + own, 16), v128.load(s, 16));
      }
      v128.store(bias, aza);
      v128.store(bias, azb, 16);
      bias += row;
      let h = entering;
      let a = adjoints;
      for (let j: usize = 0; j < inputs; j++) {
        v128.store(to, add(mul(aza, v128.load(h)), mul(azua, v128.load(h + block))));
        v128.store(
          to,
          add(mul(azb, v128.load(h, 16)), mul(azub, v128.load(h + block, 16))),
          16,
        );
        to += row;
        const w = v128.load64_splat(from);
        v128.store(a, add(v128.load(a), mul(aza, w)));
        v128.store(a, add(v128.load(a, 16), mul(azb, w)), 16);
        v128.store(a + block, add(v128.load(a + block), mul(azua, w)));
        v128.store(a + block, add(v128.load(a + block, 16), mul(azub, w)), 16);
        from += 8;
        h += FOUR;
        a += FOUR;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function slopeAz(t: usize, s: usize, own: usize): v128 {
  return add(
    mul(v128.load(t), v128.load(s)),
    mul(mul(v128.load(t + own), v128.load(s + own)), v128.load(s + 3 * own)),
  );
}
