// Rollouts of up to four trajectories. Twin of src/engine/reference-rollout.ts.
import { add, both, mul, part, sub } from "../lanes";
import { kickMapped } from "./affine";

// A rollout, as src/engine/wasm-group.ts lays it out: 32-bit words.
export const COMPONENTS: usize = 0;
export const PAIRS: usize = 4;
export const RECORDS: usize = 8;
export const EVENTS: usize = 12;
export const DUOS: usize = 16;
export const KEEP: usize = 20;
export const DRIFT: usize = 24;
export const KICK: usize = 28;
export const RECORD: usize = 32;
export const PAIR_TABLE: usize = 36;
export const CELL_TABLE: usize = 40;
export const STATE: usize = 44;
export const START_POSITIONS: usize = 48;
export const START_VELOCITIES: usize = 52;
export const GIVEN_VELOCITIES: usize = 56;
export const VELOCITY_WEIGHT: usize = 60;
export const POSITIONS: usize = 64;
export const WEIGHTS: usize = 68;
export const PATH: usize = 72;
export const RESIDUALS: usize = 76;
export const LOOKUPS: usize = 80;
export const KICKS: usize = 84;
export const SUMS: usize = 88;
/** Positions, velocities and accelerations of each lane by itself, where others add to the accelerations; else 0. [lanes x 3 x components] */
export const EXCHANGE: usize = 92;
/** Where terms act that are affine: of each event the maps of its kick, of each particle the offset of its own; else 0. Whether they mix no axes. */
export const MAPS: usize = 96;
export const KIND_OFFSETS: usize = 100;
export const DIAGONAL: usize = 104;
/** Positions, velocities and pair accelerations at every so many kicks, where they are kept; else 0. [duos x kicks x 3 x components x 2 lanes] */
export const STATES: usize = 108;
export const STATES_EVERY: usize = 112;

/** Bytes of a pair: offsets of its particles in interleaved state, its law, then two scales. */
export const PAIR: usize = 32;
/** Bytes of a kept look-up: unit vector, f / r, df/dr and t of two lanes, then the two cells. */
export const LOOKUP: usize = 112;
/** Bytes of a cell: left edge, inverse width, four coefficients. */
export const CELL: usize = 48;

/** Interleaves cells and curve. */
export function cellTable(count: i32, left: usize, inverseWidths: usize, curve: usize, out: usize): void {
  for (let k = 0; k < count; k++) {
    store<f64>(out, load<f64>(left));
    store<f64>(out, load<f64>(inverseWidths), 8);
    v128.store(out, v128.load(curve), 16);
    v128.store(out, v128.load(curve, 16), 32);
    left += 8;
    inverseWidths += 8;
    curve += 32;
    out += CELL;
  }
}

/** Laws: left end, bins a length, first and last cell, index of the bins and their number. [laws x 32] */
export function lawTable(
  laws: i32,
  cells: usize,
  firstCell: usize,
  firstBin: usize,
  binsPerLength: usize,
  index: usize,
  out: usize,
): void {
  for (let law = 0; law < laws; law++) {
    const o = <usize>law << 2;
    const first = cells + <usize>load<i32>(firstCell + o) * CELL;
    const bins = load<i32>(firstBin + o);
    store<f64>(out, load<f64>(first));
    store<f64>(out, load<f64>(binsPerLength + (<usize>law << 3)), 8);
    store<usize>(out, first, 16);
    store<usize>(out, cells + <usize>(load<i32>(firstCell + o, 4) - 1) * CELL, 20);
    store<usize>(out, index + (<usize>bins << 2), 24);
    store<i32>(out, load<i32>(firstBin + o, 4) - bins, 28);
    out += 32;
  }
}

export function pairTable(
  pairs: i32,
  pairI: usize,
  pairJ: usize,
  pairLaw: usize,
  scaleI: usize,
  scaleJ: usize,
  laws: usize,
  out: usize,
): void {
  for (let p = 0; p < pairs; p++) {
    const o = <usize>p << 2;
    store<i32>(out, load<i32>(pairI + o) << 4);
    store<i32>(out, load<i32>(pairJ + o) << 4, 4);
    store<usize>(out, laws + (<usize>load<i32>(pairLaw + o) << 5), 8);
    store<f64>(out, load<f64>(scaleI + (o << 1)), 16);
    store<f64>(out, load<f64>(scaleJ + (o << 1)), 24);
    out += PAIR;
  }
}

/** The cell that holds r, from the one at which its bin begins. */
// @ts-ignore: decorator
@inline
function cellOf(law: usize, cells: usize, bin: i32, r: f64): usize {
  const first = load<usize>(law, 16);
  const last = load<usize>(law, 20);
  const bins = load<i32>(law, 28);
  bin = bin > 0 ? bin : 0;
  bin = bin < bins ? bin : bins - 1;
  let k = cells + <usize>load<i32>(load<usize>(law, 24) + (<usize>bin << 2)) * CELL;
  while (k > first && r < load<f64>(k)) k -= CELL;
  while (k < last && r >= load<f64>(k, CELL)) k += CELL;
  return k;
}

/** Rolls the trajectories of a group out: the events one after another, with no other term between them. */
export function roll(d: usize): void {
  begin(d);
  pass(d, 0, load<i32>(d, EVENTS), 0);
}

/** One event but for its kick, for others to add to the accelerations. */
export function advance(d: usize, e: i32, ordinal: usize): void {
  pass(d, e, e + 1, ordinal);
}

/**
 * Some events, one after another: drifts, compares with the records, makes the pair accelerations, and keeps look-ups if asked; then kicks, but
 * where others are to add to the accelerations before.
 */
function pass(d: usize, from: i32, to: i32, ordinal: usize): void {
  const components = <usize>load<i32>(d, COMPONENTS);
  const pairs = load<i32>(d, PAIRS);
  const events = load<i32>(d, EVENTS);
  const duos = load<i32>(d, DUOS);
  const keep = load<i32>(d, KEEP) != 0;
  const drift = load<usize>(d, DRIFT);
  const kick = load<usize>(d, KICK);
  const record = load<usize>(d, RECORD);
  const state = load<usize>(d, STATE);
  const path = load<usize>(d, PATH);
  const kicks = load<i32>(d, KICKS);
  const sums = load<usize>(d, SUMS);
  const pairTable = load<usize>(d, PAIR_TABLE);
  const cells = load<usize>(d, CELL_TABLE);
  const block = components << 4;
  const kept = load<usize>(d, LOOKUPS);
  const duoKept = <usize>kicks * <usize>pairs * LOOKUP;
  const plain = load<usize>(d, EXCHANGE) == 0 && load<usize>(d, MAPS) == 0 && load<usize>(d, STATES) == 0;
  const firstCompared = load<usize>(d, GIVEN_VELOCITIES) != 0 ? 0 : 1;
  for (let e = from; e < to; e++) {
    const h = load<f64>(drift + (<usize>e << 3));
    const w = load<f64>(kick + (<usize>e << 3));
    const compared = load<i32>(record + (<usize>e << 2));
    for (let duo = 0; duo < duos; duo++) {
      const q = state + <usize>duo * 3 * block;
      const v = q + block;
      const a = v + block;
      if (h != 0) {
        const step = f64x2.splat(h);
        for (let o: usize = 0; o < block; o += 16)
          v128.store(q + o, add(v128.load(q + o), mul(step, v128.load(v + o))));
      }
      if (compared >= firstCompared) compare(d, duo, compared, q, sums);
      if (w == 0) continue;
      for (let o: usize = 0; o < block; o += 16) v128.store(a + o, f64x2.splat(0));
      let at = q;
      if (path != 0) {
        // Accelerations are looked up along the path; a holds them, so the path's positions go after it.
        at = state + <usize>duos * 3 * block;
        const lane = (<usize>events * components) << 3;
        const p = path + <usize>(2 * duo) * lane + ((<usize>e * components) << 3);
        for (let c: usize = 0; c < components; c++)
          v128.store(at + (c << 4), both(p + (c << 3), p + lane + (c << 3)));
      }
      let u = kept + <usize>duo * duoKept + ordinal * <usize>pairs * LOOKUP;
      let pair = pairTable;
      for (let p = 0; p < pairs; p++) {
        const offI = load<usize>(pair);
        const offM = load<usize>(pair, 4);
        const law = load<usize>(pair, 8);
        const qi = at + offI;
        const qm = at + offM;
        const x = sub(v128.load(qi), v128.load(qm));
        const y = sub(v128.load(qi, 16), v128.load(qm, 16));
        const z = sub(v128.load(qi, 32), v128.load(qm, 32));
        const r = f64x2.sqrt(add(add(mul(x, x), mul(y, y)), mul(z, z)));
        const inverse = f64x2.div(f64x2.splat(1), r);
        const bins = i32x4.trunc_sat_f64x2_s_zero(
          mul(sub(r, v128.load64_splat(law)), v128.load64_splat(law, 8)),
        );
        const k0 = cellOf(law, cells, i32x4.extract_lane(bins, 0), f64x2.extract_lane(r, 0));
        const k1 = cellOf(law, cells, i32x4.extract_lane(bins, 1), f64x2.extract_lane(r, 1));
        const width = both(k0 + 8, k1 + 8);
        const t = mul(sub(r, both(k0, k1)), width);
        const c1 = both(k0 + 24, k1 + 24);
        const c2 = both(k0 + 32, k1 + 32);
        const c3 = both(k0 + 40, k1 + 40);
        const f = add(both(k0 + 16, k1 + 16), mul(t, add(c1, mul(t, add(c2, mul(t, c3))))));
        const nx = mul(x, inverse);
        const ny = mul(y, inverse);
        const nz = mul(z, inverse);
        if (keep) {
          v128.store(u, nx);
          v128.store(u, ny, 16);
          v128.store(u, nz, 32);
          v128.store(u, mul(f, inverse), 48);
          v128.store(
            u,
            mul(
              add(c1, mul(t, add(mul(f64x2.splat(2), c2), mul(mul(t, f64x2.splat(3)), c3)))),
              width,
            ),
            64,
          );
          v128.store(u, t, 80);
          store<i32>(u, <i32>((k0 - cells) / CELL), 96);
          store<i32>(u, <i32>((k1 - cells) / CELL), 100);
          u += LOOKUP;
        }
        const fi = mul(f, v128.load64_splat(pair, 16));
        const fj = mul(f, v128.load64_splat(pair, 24));
        const ai = a + offI;
        const am = a + offM;
        v128.store(ai, sub(v128.load(ai), mul(fi, nx)));
        v128.store(ai, sub(v128.load(ai, 16), mul(fi, ny)), 16);
        v128.store(ai, sub(v128.load(ai, 32), mul(fi, nz)), 32);
        v128.store(am, add(v128.load(am), mul(fj, nx)));
        v128.store(am, add(v128.load(am, 16), mul(fj, ny)), 16);
        v128.store(am, add(v128.load(am, 32), mul(fj, nz)), 32);
        pair += PAIR;
      }
      if (plain) {
        const step = f64x2.splat(w);
        for (let o: usize = 0; o < block; o += 16)
          v128.store(v + o, add(v128.load(v + o), mul(step, v128.load(a + o))));
        continue;
      }
      leave(d, e, duo, ordinal, at);
    }
    if (w != 0) ordinal++;
  }
}

/** Kicks where affine terms act or states are kept; or leaves the state, with positions `at` of the look-ups, for others to add to. */
function leave(d: usize, e: i32, duo: i32, ordinal: usize, at: usize): void {
  const exchange = load<usize>(d, EXCHANGE);
  if (exchange == 0) {
    kickDuo(d, e, duo, ordinal);
    return;
  }
  const components = <usize>load<i32>(d, COMPONENTS);
  const v = load<usize>(d, STATE) + (<usize>(3 * duo + 1) * components << 4);
  const a = v + (components << 4);
  const row = components << 3;
  const lane = exchange + <usize>(2 * duo) * 3 * row;
  for (let c: usize = 0; c < components; c++) {
    const o = lane + (c << 3);
    part(o, o + 3 * row, v128.load(at + (c << 4)));
    part(o + row, o + 4 * row, v128.load(v + (c << 4)));
    part(o + 2 * row, o + 5 * row, v128.load(a + (c << 4)));
  }
}

/** The kick of an event, with what others have added to the accelerations. */
export function kick(d: usize, e: i32, ordinal: usize): void {
  const duos = load<i32>(d, DUOS);
  for (let duo = 0; duo < duos; duo++) kickDuo(d, e, duo, ordinal);
}

/** v += w a, or what the maps of affine terms make of them. */
function kickDuo(d: usize, e: i32, duo: i32, ordinal: usize): void {
  const block = <usize>load<i32>(d, COMPONENTS) << 4;
  const exchange = load<usize>(d, EXCHANGE);
  const maps = load<usize>(d, MAPS);
  const step = f64x2.splat(load<f64>(load<usize>(d, KICK) + (<usize>e << 3)));
  const q = load<usize>(d, STATE) + <usize>duo * 3 * block;
  const v = q + block;
  const a = v + block;
  if (load<usize>(d, STATES) != 0) keepState(d, duo, ordinal, q, 3 * block);
  if (maps != 0) {
    kickMapped(d, load<usize>(maps + (<usize>e << 2)), step, q, v, a);
    return;
  }
  if (exchange != 0) {
    const row = block >> 1;
    const lane = exchange + <usize>(2 * duo) * 3 * row + 2 * row;
    for (let o: usize = 0; o < row; o += 8)
      v128.store(a + (o << 1), both(lane + o, lane + 3 * row + o));
  }
  for (let o: usize = 0; o < block; o += 16)
    v128.store(v + o, add(v128.load(v + o), mul(step, v128.load(a + o))));
}

/** Keeps what a kick begins with, if it is one of those that are kept. */
function keepState(d: usize, duo: i32, ordinal: usize, state: usize, bytes: usize): void {
  const every = <usize>load<i32>(d, STATES_EVERY);
  if (ordinal % every != 0) return;
  const kept = (<usize>load<i32>(d, KICKS) + every - 1) / every;
  memory.copy(load<usize>(d, STATES) + (<usize>duo * kept + ordinal / every) * bytes, state, bytes);
}

/** Sets the start states and what free ones are compared with. */
export function begin(d: usize): void {
  const components = <usize>load<i32>(d, COMPONENTS);
  const duos = load<i32>(d, DUOS);
  const records = <usize>load<i32>(d, RECORDS);
  const given = load<usize>(d, GIVEN_VELOCITIES);
  const lane = components << 3;
  const residualLane = ((records + 1) * components) << 3;
  for (let duo = 0; duo < duos; duo++) {
    const q = load<usize>(d, STATE) + <usize>duo * 3 * (components << 4);
    const v = q + (components << 4);
    const x = load<usize>(d, START_POSITIONS) + <usize>(2 * duo) * lane;
    const u = load<usize>(d, START_VELOCITIES) + <usize>(2 * duo) * lane;
    let sum = f64x2.splat(0);
    for (let c: usize = 0; c < components; c++) {
      const o = c << 3;
      v128.store(q + (c << 4), both(x + o, x + lane + o));
      const velocity = both(u + o, u + lane + o);
      v128.store(v + (c << 4), velocity);
      if (given != 0) {
        const g = given + <usize>(2 * duo) * lane + o;
        const difference = mul(
          v128.load64_splat(load<usize>(d, VELOCITY_WEIGHT)),
          sub(velocity, both(g, g + lane)),
        );
        sum = add(sum, mul(difference, difference));
        const r =
          load<usize>(d, RESIDUALS) + <usize>(2 * duo) * residualLane + ((records * components) << 3) + o;
        part(r, r + residualLane, difference);
      }
    }
    v128.store(load<usize>(d, SUMS) + (<usize>duo << 4), sum);
  }
}

function compare(d: usize, duo: i32, compared: i32, q: usize, sums: usize): void {
  const components = <usize>load<i32>(d, COMPONENTS);
  const records = <usize>load<i32>(d, RECORDS);
  const lane = (records * components) << 3;
  const residualLane = lane + (components << 3);
  const row = (<usize>compared * components) << 3;
  let x = load<usize>(d, POSITIONS) + <usize>(2 * duo) * lane + row;
  let out = load<usize>(d, RESIDUALS) + <usize>(2 * duo) * residualLane + row;
  let weights = load<usize>(d, WEIGHTS);
  const weighted = weights != 0;
  const particles = components / 3;
  const weightLane = (records * particles) << 3;
  weights += <usize>(2 * duo) * weightLane + ((<usize>compared * particles) << 3);
  let weight = f64x2.splat(1);
  let sum = v128.load(sums + (<usize>duo << 4));
  for (let c: usize = 0; c < components; c++) {
    if (weighted && c % 3 == 0) {
      weight = both(weights, weights + weightLane);
      weights += 8;
    }
    let difference = sub(v128.load(q), both(x, x + lane));
    if (weighted) difference = mul(weight, difference);
    part(out, out + residualLane, difference);
    sum = add(sum, mul(difference, difference));
    q += 16;
    x += 8;
    out += 8;
  }
  v128.store(sums + (<usize>duo << 4), sum);
}
