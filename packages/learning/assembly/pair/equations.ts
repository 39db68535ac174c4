// Tangents and normal equations of one trajectory of a group. Twin of src/engine/reference-tangents.ts, src/algebra/normal-matrix.ts and
// src/rollout/start-elimination.ts.
import { add, mul, sub } from "../lanes";
import { normalMatrix } from "../gram";
import {
  COMPONENTS,
  DRIFT,
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
  DIAGONAL,
  STATES,
  STATES_EVERY,
  WEIGHTS,
} from "./rollout";
import { kickTangentsMapped } from "./affine";
import { eliminateFlight, eliminateStart, flight } from "./start-elimination";

// Tangents, as src/engine/wasm-tangents.ts lays them out: 32-bit words, two numbers, words.
const DIMENSION: usize = 0;
const FREE: usize = 4;
/** Of the equations: coefficients of the basis, then those of other terms. */
const SIZE: usize = 8;
const FIRST_BASIS: usize = 12;
const POLYNOMIALS: usize = 16;
const MARK: usize = 20;
const ACTIVE: usize = 24;
const COLUMN: usize = 28;
const MOTION: usize = 32;
const JACOBIAN: usize = 36;
const ROW_RESIDUALS: usize = 40;
const LOCAL_METRIC: usize = 44;
const LOCAL_GRADIENT: usize = 48;
const METRIC: usize = 52;
const GRADIENT: usize = 56;
const STRIDE: usize = 60;
const TANGENT_STEP: usize = 64;
const FORCE_GRADIENT: usize = 68;
const FACTOR: usize = 72;
const CROSS: usize = 76;
const DT: usize = 80;
const VELOCITY_WEIGHT: usize = 88;
const TIMES: usize = 96;
/** Coefficients of other terms. */
const BESIDE: usize = 100;
/** Whether a trajectory whose pairs lie in the plane z = 0 has two rows a particle. */
const PLANAR: usize = 104;
/** Where terms are affine, of each step the maps of its kick; else 0. Whether velocities go by velocities then, and by positions. */
const MAPS: usize = 108;
const FLOWS: usize = 112;
const PULLS: usize = 116;

/** What is fixed while one trajectory's tangents are made. */
export class m {
  /** Rollout, its look-ups of this lane, pairs. */
  static d: usize = 0;
  static lookups: usize = 0;
  static pairs: i32 = 0;
  static pairTable: usize = 0;
  static cellWord: usize = 0;
  /** Bytes of a row of columns, of a particle's rows, of all rows; rows a particle: 2 in the plane z = 0. */
  static row: usize = 0;
  static particle: usize = 0;
  static block: usize = 0;
  static rows: i32 = 0;
  static actives: i32 = 0;
  static dq: usize = 0;
  static dv: usize = 0;
  static source: usize = 0;
  static sourceNext: usize = 0;
  static column: usize = 0;
  static firstBasis: usize = 0;
  static polynomials: usize = 0;
  static jacobian: usize = 0;
  static rowResiduals: usize = 0;
  static residuals: usize = 0;
  static weights: usize = 0;
  /** Of what the tangents are told: rollout and tangents, free start state and whether it is that of free flight. */
  static g: usize = 0;
  static free: bool = false;
  static flies: bool = false;
  static forceGradient: bool = false;
  static unknowns: i32 = 0;
  static columns: i32 = 0;
  /** First column of the coefficients of other terms, and their number. */
  static beside: i32 = 0;
  static besides: i32 = 0;
  /** Steps of the tangents; substeps in each of them, or 0 where they are the events; look-ups of the next kick. */
  static steps: i32 = 0;
  static coarse: i32 = 0;
  static stride: i32 = 0;
  static span: f64 = 0;
  static kick: usize = 0;
  /** A kick with forces that go by velocities: what the other forces make of it, a stage of the velocities, what it makes, and the sum. */
  static held: usize = 0;
  static at: usize = 0;
  static slope: usize = 0;
  static sum: usize = 0;
  /** Affine terms: maps of the steps, what they do, states at the next kick and from one to the next. */
  static maps: usize = 0;
  static flows: bool = false;
  static pulls: bool = false;
  static diagonal: bool = false;
  static states: usize = 0;
  static statesStep: usize = 0;
  /** Time since the start, and when the rows of each record were kept; 0 where nothing asks. */
  static time: f64 = 0;
  static times: usize = 0;
}

/** Polynomials of the basis, power by power, so that a vector holds two functions. [cells x 4 powers x 4 functions] */
export function transposePolynomials(cells: i32, from: usize, to: usize): void {
  for (let k = 0; k < cells; k++) {
    for (let e: usize = 0; e < 4; e++)
      for (let power: usize = 0; power < 4; power++)
        store<f64>(to + ((4 * power + e) << 3), load<f64>(from + ((4 * e + power) << 3)));
    from += 128;
    to += 128;
  }
}

/** Normal equations of one lane of the last rollout, with no other term beside the pair law: returns as {@link endTangents}. */
export function equations(d: usize, g: usize, lane: i32): i32 {
  const steps = beginTangents(d, g, lane);
  for (let s = 0; s < steps - 1; s++) stepTangents(s);
  return endTangents();
}

/** Begins the tangents of one lane of the last rollout; returns the number of their steps, of which the last has no kick. */
export function beginTangents(d: usize, g: usize, lane: i32): i32 {
  const components = <usize>load<i32>(d, COMPONENTS);
  const free = load<i32>(g, FREE) != 0;
  const dimension = load<i32>(g, DIMENSION);
  const particles = components / 3;
  const forceGradient = load<i32>(g, FORCE_GRADIENT) != 0;
  // Along a path start states are those of free flight, and need no columns.
  const flies = free && !forceGradient;
  const unknowns = free && !flies ? 2 * <i32>particles * dimension : 0;
  const records = <usize>load<i32>(d, RECORDS);
  m.d = d;
  m.g = g;
  m.free = free;
  m.flies = flies;
  m.forceGradient = forceGradient;
  m.unknowns = unknowns;
  m.pairs = load<i32>(d, PAIRS);
  m.pairTable = load<usize>(d, PAIR_TABLE);
  m.lookups =
    load<usize>(d, LOOKUPS) +
    <usize>(lane >> 1) * <usize>load<i32>(d, KICKS) * <usize>m.pairs * LOOKUP +
    (<usize>(lane & 1) << 3);
  m.kick = m.lookups;
  // Cells are 4 bytes a lane, the numbers before them 8.
  m.cellWord = 96 - (<usize>(lane & 1) << 2);
  m.column = load<usize>(g, COLUMN);
  m.firstBasis = load<usize>(g, FIRST_BASIS);
  m.polynomials = load<usize>(g, POLYNOMIALS);
  const flat = findActive(d, g);
  m.columns = m.actives + unknowns;
  const padded = (m.columns + 3) & ~3;
  m.rows = flat && (dimension == 2 || (!free && load<i32>(g, PLANAR) != 0)) ? 2 : 3;
  m.row = <usize>padded << 3;
  m.particle = m.row * <usize>m.rows;
  m.block = m.particle * particles;
  m.dq = load<usize>(g, MOTION);
  m.dv = m.dq + m.block;
  m.source = m.dv + m.block;
  m.sourceNext = m.source + m.block;
  m.held = m.sourceNext + m.block;
  m.at = m.held + m.block;
  m.slope = m.at + m.block;
  m.sum = m.slope + m.block;
  m.jacobian = load<usize>(g, JACOBIAN);
  m.rowResiduals = load<usize>(g, ROW_RESIDUALS);
  m.residuals = load<usize>(d, RESIDUALS) + <usize>lane * (((records + 1) * components) << 3);
  const weights = load<usize>(d, WEIGHTS);
  m.weights = weights != 0 ? weights + <usize>lane * ((records * particles) << 3) : 0;
  m.maps = load<usize>(g, MAPS);
  if (m.maps != 0) {
    const every = <usize>load<i32>(d, STATES_EVERY);
    const kept = (<usize>load<i32>(d, KICKS) + every - 1) / every;
    m.statesStep = 48 * components;
    m.states =
      load<usize>(d, STATES) + <usize>(lane >> 1) * kept * m.statesStep + (<usize>(lane & 1) << 3);
    m.flows = load<i32>(g, FLOWS) != 0;
    m.pulls = load<i32>(g, PULLS) != 0;
    m.diagonal = load<i32>(d, DIAGONAL) != 0;
  }
  memory.fill(m.dq, 0, 4 * m.block);
  const half = <i32>particles * dimension;
  if (free && !flies)
    for (let i = 0; i < half; i++) {
      const o = freeRow(i, dimension) + (<usize>(m.actives + i) << 3);
      store<f64>(m.dq + o, 1);
      store<f64>(m.dv + o + (<usize>half << 3), 1);
    }
  m.time = 0;
  m.times = load<usize>(g, TIMES);
  if (free) keepRows(0);
  m.stride = load<i32>(g, STRIDE);
  const step = load<i32>(g, TANGENT_STEP);
  m.coarse = step > 1 && m.stride > 0 ? step : 0;
  m.span = <f64>step * load<f64>(g, DT);
  m.steps = m.coarse > 0 ? ((<i32>records - 1) * m.stride) / step + 1 : load<i32>(d, EVENTS);
  arrive(0);
  return m.steps;
}

/** What the kick of a step does to the tangents of velocities, that of the pair law and of affine terms, and the drift after it. */
export function stepTangents(s: i32): void {
  if (m.maps != 0) kickTangentsMapped(s);
  else kickTangents(s);
  arrive(s + 1);
}

/** The drift after the kick of a step. */
export function driftTangents(s: i32): void {
  arrive(s + 1);
}

/** What a step begins with: tangents of positions follow those of velocities, and rows of a record are kept. */
function arrive(s: i32): void {
  if (m.coarse > 0) {
    if (s == 0) return;
    move(m.span);
    const substeps = s * m.coarse;
    if (substeps % m.stride == 0) keepRows(substeps / m.stride);
    return;
  }
  const e = <usize>s;
  const h = load<f64>(load<usize>(m.d, DRIFT) + (e << 3));
  if (h != 0) move(h);
  const compared = load<i32>(load<usize>(m.d, RECORD) + (e << 2));
  if (compared > 0) keepRows(compared);
}

/** What the pair law's kick of a step does to the tangents of velocities. */
export function kickTangents(s: i32): void {
  if (m.coarse > 0) {
    if (s < m.steps - 1) kickCoarsely(s * m.coarse);
    return;
  }
  const w = load<f64>(load<usize>(m.d, KICK) + (<usize>s << 3));
  if (w == 0) return;
  addSource(m.kick, m.dv, w);
  if (m.forceGradient) kickByForceGradient(m.kick, w);
  m.kick += <usize>m.pairs * LOOKUP;
}

/**
 * Ends the tangents: adds the trajectory's equations to those of its chunk.
 *
 * @returns columns of coefficients, or -1 where the start is not determined
 */
export function endTangents(): i32 {
  const d = m.d;
  const g = m.g;
  const components = <usize>load<i32>(d, COMPONENTS);
  const records = <usize>load<i32>(d, RECORDS);
  const dimension = load<i32>(g, DIMENSION);
  const particles = components / 3;
  const padded = (m.columns + 3) & ~3;
  const actives = m.actives;
  const factor = load<usize>(g, FACTOR);
  const cross = load<usize>(g, CROSS);
  const weight = load<f64>(g, VELOCITY_WEIGHT);
  if (m.free && !m.flies)
    keepVelocityRows(records, actives, <i32>particles * dimension, dimension, weight);
  const metric = load<usize>(g, LOCAL_METRIC);
  const gradient = load<usize>(g, LOCAL_GRADIENT);
  const used = <i32>((m.jacobian - load<usize>(g, JACOBIAN)) / m.row);
  normalMatrix(load<usize>(g, JACOBIAN), padded, used, load<usize>(g, ROW_RESIDUALS), metric, gradient);
  if (m.flies) {
    flight.records = <i32>records;
    flight.particles = <i32>particles;
    flight.dimension = dimension;
    flight.times = m.times;
    flight.jacobian = load<usize>(g, JACOBIAN);
    flight.residuals = load<usize>(g, ROW_RESIDUALS);
    flight.weights = m.weights;
    flight.velocityResiduals = m.residuals + ((records * components) << 3);
    flight.velocityWeight = weight;
    if (!eliminateFlight(metric, gradient, padded, actives, factor, cross)) return -1;
  } else if (m.free && !eliminateStart(metric, gradient, padded, actives, m.unknowns, factor, cross))
    return -1;
  scatter(g, actives, padded, metric, gradient);
  return actives;
}

/** Gives columns to the coefficients that the look-ups touch; returns whether they all lie in the plane z = 0. */
function findActive(d: usize, g: usize): bool {
  const beside = load<i32>(g, BESIDE);
  const size = load<i32>(g, SIZE) - beside;
  const mark = load<usize>(g, MARK);
  const active = load<usize>(g, ACTIVE);
  const looks = load<i32>(d, KICKS) * m.pairs;
  let flat = true;
  memory.fill(mark, 0, size);
  let u = m.lookups;
  for (let l = 0; l < looks; l++) {
    const b = load<i32>(m.firstBasis + (<usize>load<i32>(u + m.cellWord) << 2));
    store<u32>(mark + <usize>b, 0x01010101);
    if (load<f64>(u, 32) != 0) flat = false;
    u += LOOKUP;
  }
  let columns = 0;
  for (let b = 0; b < size; b++)
    if (load<u8>(mark + <usize>b) != 0) {
      store<i32>(m.column + (<usize>b << 2), columns);
      store<i32>(active + (<usize>columns << 2), b);
      columns++;
    }
  m.beside = columns;
  m.besides = beside;
  for (let k = 0; k < beside; k++) store<i32>(active + (<usize>(columns + k) << 2), size + k);
  m.actives = columns + beside;
  return flat;
}

/** Row of the i-th unknown of a start state, half of them positions. */
function freeRow(i: i32, dimension: i32): usize {
  return <usize>(i / dimension) * m.particle + <usize>(i % dimension) * m.row;
}

/** Velocity Verlet with the force gradient applied every so many substeps only: the kick at substep j. */
function kickCoarsely(j: i32): void {
  const step = m.coarse;
  const dt = load<f64>(m.g, DT);
  const looks = <usize>m.pairs * LOOKUP;
  const u = m.kick;
  for (let s = 0; s < step; s++) {
    const kick = (j + s == 0 ? 0.5 : 1) * dt;
    const share = <f64>s / <f64>step;
    const at = u + <usize>s * looks;
    if (s == 0) addSource(at, m.source, kick * (1 - share));
    else addSources(at, kick * (1 - share), kick * share);
  }
  for (let o: usize = 0; o < m.block; o += 16) {
    v128.store(m.dv + o, add(v128.load(m.dv + o), v128.load(m.source + o)));
    v128.store(m.source + o, v128.load(m.sourceNext + o));
    v128.store(m.sourceNext + o, f64x2.splat(0));
  }
  if (m.forceGradient) kickByForceGradient(u, j == 0 ? 0.5 * m.span : m.span);
  m.kick += <usize>step * looks;
}

/** dq += h dv. */
function move(h: f64): void {
  m.time += h;
  const step = f64x2.splat(h);
  let q = m.dq;
  let v = m.dv;
  const end = q + m.block;
  while (q < end) {
    v128.store(q, add(v128.load(q), mul(step, v128.load(v))));
    v128.store(q, add(v128.load(q, 16), mul(step, v128.load(v, 16))), 16);
    q += 32;
    v += 32;
  }
}

/** Appends the rows of a record, weighted as its residuals are. */
function keepRows(record: i32): void {
  const components = <usize>load<i32>(m.d, COMPONENTS);
  const particles = components / 3;
  if (m.times != 0) store<f64>(m.times + (<usize>record << 3), m.time);
  let q = m.dq;
  let to = m.jacobian;
  for (let i: usize = 0; i < particles; i++) {
    const weight =
      m.weights == 0 ? 1 : load<f64>(m.weights + ((<usize>record * particles + i) << 3));
    for (let c = 0; c < m.rows; c++) {
      store<f64>(
        m.rowResiduals,
        load<f64>(m.residuals + ((<usize>record * components + 3 * i + <usize>c) << 3)),
      );
      m.rowResiduals += 8;
      const w = f64x2.splat(weight);
      const end = q + m.row;
      while (q < end) {
        v128.store(to, mul(w, v128.load(q)));
        v128.store(to, mul(w, v128.load(q, 16)), 16);
        q += 32;
        to += 32;
      }
    }
  }
  m.jacobian = to;
}

/** Appends the rows of the start velocities. */
function keepVelocityRows(
  records: usize,
  actives: i32,
  half: i32,
  dimension: i32,
  weight: f64,
): void {
  const components = <usize>load<i32>(m.d, COMPONENTS);
  for (let c: usize = 0; c < components; c++) {
    const axis = <i32>(c % 3);
    if (axis >= m.rows) continue;
    memory.fill(m.jacobian, 0, m.row);
    if (axis < dimension)
      store<f64>(
        m.jacobian + (<usize>(actives + half + <i32>(c / 3) * dimension + axis) << 3),
        weight,
      );
    store<f64>(m.rowResiduals, load<f64>(m.residuals + ((records * components + c) << 3)));
    m.rowResiduals += 8;
    m.jacobian += m.row;
  }
}

/** phi of two functions at t. */
// @ts-ignore: decorator
@inline
function cubic(p: usize, t: v128): v128 {
  return add(
    v128.load(p),
    mul(t, add(v128.load(p, 32), mul(t, add(v128.load(p, 64), mul(t, v128.load(p, 96)))))),
  );
}

// @ts-ignore: decorator
@inline
function less(p: usize, x: v128, y: v128): void {
  v128.store(p, sub(v128.load(p), x));
  v128.store(p, sub(v128.load(p, 16), y), 16);
}

// @ts-ignore: decorator
@inline
function more(p: usize, x: v128, y: v128): void {
  v128.store(p, add(v128.load(p), x));
  v128.store(p, add(v128.load(p, 16), y), 16);
}

/** Adds the sources of a pair to both of its particles. */
// @ts-ignore: decorator
@inline
function spread(i: usize, j: usize, u: usize, low: v128, high: v128, kick: v128, pair: usize): void {
  const wi = mul(kick, v128.load64_splat(pair, 16));
  const wj = mul(kick, v128.load64_splat(pair, 24));
  const il = mul(low, wi);
  const ih = mul(high, wi);
  const jl = mul(low, wj);
  const jh = mul(high, wj);
  const nx = v128.load64_splat(u);
  const ny = v128.load64_splat(u, 16);
  less(i, mul(il, nx), mul(ih, nx));
  less(i + m.row, mul(il, ny), mul(ih, ny));
  more(j, mul(jl, nx), mul(jh, nx));
  more(j + m.row, mul(jl, ny), mul(jh, ny));
  if (m.rows == 2) return;
  const nz = v128.load64_splat(u, 32);
  less(i + 2 * m.row, mul(il, nz), mul(ih, nz));
  more(j + 2 * m.row, mul(jl, nz), mul(jh, nz));
}

/** Offset of a pair's particle in rows of columns. */
// @ts-ignore: decorator
@inline
function rowsOf(pair: usize, offset: usize): usize {
  return (load<usize>(pair + offset) / 48) * m.particle;
}

/** Adds -kick x scale x n x phi of all pairs at one kick: how the kick depends on the coefficients. */
function addSource(u: usize, target: usize, kick: f64): void {
  const w = f64x2.splat(kick);
  let pair = m.pairTable;
  for (let p = 0; p < m.pairs; p++) {
    const k = <usize>load<i32>(u + m.cellWord);
    const first = <usize>load<i32>(m.column + (<usize>load<i32>(m.firstBasis + (k << 2)) << 2)) << 3;
    const t = v128.load64_splat(u, 80);
    const o = m.polynomials + (k << 7);
    const to = target + first;
    spread(to + rowsOf(pair, 0), to + rowsOf(pair, 4), u, cubic(o, t), cubic(o + 16, t), w, pair);
    u += LOOKUP;
    pair += PAIR;
  }
}

/** The same to both ends of a span. */
function addSources(u: usize, now: f64, next: f64): void {
  const w = f64x2.splat(now);
  const w2 = f64x2.splat(next);
  let pair = m.pairTable;
  for (let p = 0; p < m.pairs; p++) {
    const k = <usize>load<i32>(u + m.cellWord);
    const first = <usize>load<i32>(m.column + (<usize>load<i32>(m.firstBasis + (k << 2)) << 2)) << 3;
    const t = v128.load64_splat(u, 80);
    const o = m.polynomials + (k << 7);
    const low = cubic(o, t);
    const high = cubic(o + 16, t);
    const i = first + rowsOf(pair, 0);
    const j = first + rowsOf(pair, 4);
    spread(m.source + i, m.source + j, u, low, high, w, pair);
    spread(m.sourceNext + i, m.sourceNext + j, u, low, high, w2, pair);
    u += LOOKUP;
    pair += PAIR;
  }
}

/** Bytes of positions and velocities of some columns that stay in the nearest memory. */
const NEAR: usize = 1 << 15;

/** dv += span x (da/dq) dq at one kick, for every column: so many of them at a time as stay near. */
function kickByForceGradient(u: usize, span: f64): void {
  const most = max(<usize>128, ((NEAR * m.row) / (2 * m.block)) & ~15);
  for (let from: usize = 0; from < m.row; from += most)
    kickColumns(u, span, from, min(most, m.row - from));
}

function kickColumns(u: usize, span: f64, from: usize, bytes: usize): void {
  const row = m.row;
  const dq = m.dq + from;
  const dv = m.dv + from;
  let pair = m.pairTable;
  for (let p = 0; p < m.pairs; p++) {
    const nx = v128.load64_splat(u);
    const ny = v128.load64_splat(u, 16);
    const across = -span * load<f64>(u, 48);
    const transverse = f64x2.splat(across);
    const radial = f64x2.splat(-span * load<f64>(u, 64) - across);
    const si = v128.load64_splat(pair, 16);
    const sj = v128.load64_splat(pair, 24);
    const oi = rowsOf(pair, 0);
    const oj = rowsOf(pair, 4);
    let qi = dq + oi;
    let qj = dq + oj;
    let vi = dv + oi;
    let vj = dv + oj;
    const end = qi + bytes;
    if (m.rows == 2)
      while (qi < end) {
        const x = sub(v128.load(qi), v128.load(qj));
        const y = sub(v128.load(qi + row), v128.load(qj + row));
        const s = mul(radial, add(mul(nx, x), mul(ny, y)));
        const fx = add(mul(s, nx), mul(transverse, x));
        const fy = add(mul(s, ny), mul(transverse, y));
        v128.store(vi, add(v128.load(vi), mul(si, fx)));
        v128.store(vi + row, add(v128.load(vi + row), mul(si, fy)));
        v128.store(vj, sub(v128.load(vj), mul(sj, fx)));
        v128.store(vj + row, sub(v128.load(vj + row), mul(sj, fy)));
        qi += 16;
        qj += 16;
        vi += 16;
        vj += 16;
      }
    else {
      const nz = v128.load64_splat(u, 32);
      const two = row << 1;
      while (qi < end) {
        const x = sub(v128.load(qi), v128.load(qj));
        const y = sub(v128.load(qi + row), v128.load(qj + row));
        const z = sub(v128.load(qi + two), v128.load(qj + two));
        const s = mul(radial, add(add(mul(nx, x), mul(ny, y)), mul(nz, z)));
        const fx = add(mul(s, nx), mul(transverse, x));
        const fy = add(mul(s, ny), mul(transverse, y));
        const fz = add(mul(s, nz), mul(transverse, z));
        v128.store(vi, add(v128.load(vi), mul(si, fx)));
        v128.store(vi + row, add(v128.load(vi + row), mul(si, fy)));
        v128.store(vi + two, add(v128.load(vi + two), mul(si, fz)));
        v128.store(vj, sub(v128.load(vj), mul(sj, fx)));
        v128.store(vj + row, sub(v128.load(vj + row), mul(sj, fy)));
        v128.store(vj + two, sub(v128.load(vj + two), mul(sj, fz)));
        qi += 16;
        qj += 16;
        vi += 16;
        vj += 16;
      }
    }
    u += LOOKUP;
    pair += PAIR;
  }
}

/** Adds the trajectory's equations to those of its chunk. */
function scatter(g: usize, actives: i32, padded: i32, local: usize, localGradient: usize): void {
  const size = <usize>load<i32>(g, SIZE);
  const active = load<usize>(g, ACTIVE);
  const metric = load<usize>(g, METRIC);
  const gradient = load<usize>(g, GRADIENT);
  for (let i = 0; i < actives; i++) {
    const a = <usize>load<i32>(active + (<usize>i << 2));
    const to = gradient + (a << 3);
    store<f64>(to, load<f64>(to) + load<f64>(localGradient + (<usize>i << 3)));
    const row = metric + ((a * size) << 3);
    const from = local + (<usize>(i * padded) << 3);
    for (let k = 0; k <= i; k++) {
      const o = row + (<usize>load<i32>(active + (<usize>k << 2)) << 3);
      store<f64>(o, load<f64>(o) + load<f64>(from + (<usize>k << 3)));
    }
  }
}
