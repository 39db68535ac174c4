import { Linear, type Term } from "@mclnn/physics/terms";

/**
 * Numbers of one map of a particle's velocity, v' = P v + Q q + R u + b with the impulse u of the pair law: P, Q and R row by row, b, the length
 * of the kick, and one that nothing reads.
 */
export const MAP = 32;
export const MAP_Q = 9;
export const MAP_R = 18;
export const MAP_B = 27;
export const MAP_LENGTH = 30;

/** A term at its coefficients. */
interface Placed {
  readonly term: Pick<Term, "size" | "linearise"> & Partial<Pick<Term, "affine" | "accelerate">>;
  readonly values: Float64Array;
}

/** Matrices of 3 x 3, row by row. */
type Matrix = Float64Array;

/** Accelerations b + K q + A v of one particle. */
interface Parts {
  readonly b: Float64Array;
  readonly K: Matrix;
  readonly A: Matrix;
}

/**
 * Terms that are all affine in each particle's own position and velocity, at given coefficients.
 *
 * A kick at frozen positions then has a closed form, which is affine too, and so has its derivative by each coefficient: numbers that depend
 * on the length of the kick alone. The engine applies them, and nothing else has to be asked at an event.
 */
export class AffineTerms {
  /** Of all coefficients. */
  readonly size: number;
  /** Whether anything acts; if not, there are derivatives alone. */
  readonly act: boolean;
  /** Whether anything goes by velocities, or positions, and acts. */
  readonly flows: boolean;
  readonly pulls: boolean;
  /** Whether nothing mixes the axes. */
  readonly diagonal: boolean;
  /** Whether what stays in the plane z = 0 without the terms stays there with them, and with any of their coefficients. */
  readonly planar: boolean;
  /** Different particles: those that the terms move alike are one kind. */
  readonly kinds: number;
  /** [particles] */
  readonly kindOf: Int32Array;
  /** Of each kind what acts, then what each coefficient does. [kinds][1 + size] */
  private readonly parts: readonly (readonly Parts[])[];

  private constructor(size: number, act: boolean, particles: readonly (readonly Parts[])[]) {
    const kinds = new Map<string, number>();
    const parts: (readonly Parts[])[] = [];
    this.kindOf = Int32Array.from(particles, (own) => {
      const key = own.flatMap(({ b, K, A }) => [...b, ...K, ...A]).join();
      const known = kinds.get(key) ?? parts.push(own) - 1;
      kinds.set(key, known);
      return known;
    });
    this.size = size;
    this.act = act;
    this.parts = parts;
    this.kinds = parts.length;
    const all = parts.flat();
    const acting = act ? parts.map(([own]) => own) : [];
    this.flows = acting.some(({ A }) => A.some(isThere));
    this.pulls = acting.some(({ K }) => K.some(isThere));
    this.diagonal = all.every(({ K, A }) => [K, A].every((X) => X.every(onDiagonal)));
    this.planar = all.every(
      ({ b, K, A }) => b[2] === 0 && [K, A].every((X) => X[6] === 0 && X[7] === 0),
    );
  }

  /** The terms as one affine law; null where they are not. @param components - of a position of all particles */
  static of(placed: readonly Placed[], components: number, act: boolean): AffineTerms | null {
    if (placed.length === 0 || placed.some(({ term }) => term.affine !== true)) return null;
    const size = placed.reduce((sum, { term }) => sum + term.size, 0);
    const columns: (readonly Parts[])[] = [
      sumOfParts(placed.map((own) => partsOf(own, own.values, components))),
    ];
    for (const own of placed)
      for (let k = 0; k < own.term.size; k++) {
        const unit = Float64Array.from(own.values, (_, i) => (i === k ? 1 : 0));
        columns.push(partsOf(own, unit, components));
      }
    const particles = columns[0].map((_, i) => columns.map((column) => column[i]));
    return new AffineTerms(size, act, particles);
  }

  /**
   * The maps of kicks.
   *
   * @param kicks - their lengths
   * @returns `of`: which maps each kick has, or -1 where it is 0; `maps`: [different lengths x kinds x (1 + size) x MAP]
   */
  mapsOf(kicks: Float64Array): { readonly of: Int32Array; readonly maps: Float64Array } {
    const lengths = new Map<number, number>();
    const of = Int32Array.from(kicks, (h) => {
      if (h === 0) return -1;
      const known = lengths.get(h) ?? lengths.size;
      lengths.set(h, known);
      return known;
    });
    const maps = new Float64Array(lengths.size * this.stride);
    let o = 0;
    for (const h of lengths.keys())
      for (const parts of this.parts) {
        putMaps(parts, h, maps.subarray(o));
        o += parts.length * MAP;
      }
    return { of, maps };
  }

  /** Numbers of the maps of one length. */
  get stride(): number {
    return this.kinds * (1 + this.size) * MAP;
  }
}

const isThere = (x: number): boolean => x !== 0;
const onDiagonal = (x: number, k: number): boolean => x === 0 || k % 4 === 0;

/** What one term does to each particle. */
function partsOf({ term }: Placed, c: Float64Array, components: number): Parts[] {
  const vector = (): Float64Array => new Float64Array(components);
  const still = { trajectory: 0, time: 0, positions: vector(), velocities: vector() };
  const push = vector();
  term.accelerate?.(still, c, push);
  const tape = new Linear();
  term.linearise(still, c, tape);
  const { stiffnessRow, stiffnessColumn, stiffnessValue, stiffnesses } = tape;
  const { dampingRow, dampingColumn, dampingValue, dampings } = tape;
  const parts = Array.from({ length: components / 3 }, (_, i) => ({
    b: push.slice(3 * i, 3 * i + 3),
    K: new Float64Array(9),
    A: new Float64Array(9),
  }));
  for (let k = 0; k < stiffnesses; k++)
    parts[(stiffnessRow[k] / 3) | 0].K[place(stiffnessRow[k], stiffnessColumn[k])] +=
      stiffnessValue[k];
  for (let k = 0; k < dampings; k++)
    parts[(dampingRow[k] / 3) | 0].A[place(dampingRow[k], dampingColumn[k])] += dampingValue[k];
  return parts;
}

/** Where an entry is in the matrix of its particle. */
const place = (row: number, column: number): number => 3 * (row % 3) + (column % 3);

function sumOfParts(terms: readonly (readonly Parts[])[]): Parts[] {
  return terms[0].map((_, i) => {
    const sum = { b: new Float64Array(3), K: new Float64Array(9), A: new Float64Array(9) };
    for (const particles of terms) {
      add(particles[i].b, sum.b);
      add(particles[i].K, sum.K);
      add(particles[i].A, sum.A);
    }
    return sum;
  });
}

/**
 * The map of a kick of length h, and its derivatives by the coefficients.
 *
 * The velocity follows v' = A v + (u / h + b + K q), so that P = exp(h A), R = phi(h A) with phi(x) = (exp(x) - 1) / x, Q = h R K and the last
 * column is h R b.
 */
function putMaps(parts: readonly Parts[], h: number, out: Float64Array): void {
  const [own, ...by] = parts;
  const { P, R, slopes } = flow(
    scaled(own.A, h),
    by.map(({ A }) => scaled(A, h)),
  );
  put({ P, R, Q: scaled(product(R, own.K), h), b: scaled(product(R, own.b), h) }, out);
  out[MAP_LENGTH] = h;
  by.forEach(({ b, K }, k) => {
    const slope = slopes[k];
    const Q = product(slope.R, own.K);
    add(product(R, K), Q);
    const last = product(slope.R, own.b);
    add(product(R, b), last);
    put({ ...slope, Q: scaled(Q, h), b: scaled(last, h) }, out.subarray((1 + k) * MAP));
  });
}

function put(
  { P, Q, R, b }: { P: Matrix; Q: Matrix; R: Matrix; b: Float64Array },
  out: Float64Array,
): void {
  out.set(P);
  out.set(Q, MAP_Q);
  out.set(R, MAP_R);
  out.set(b, MAP_B);
}

/** Where the series is used: it has at most about twenty terms. */
const SHORT = 0.5;
const MOST_TERMS = 40;

/** exp(X), phi(X) and their derivatives along some directions, by the series at X / 2^n and n doublings. */
function flow(
  X: Matrix,
  directions: readonly Matrix[],
): Flow & { readonly slopes: readonly Flow[] } {
  // Where nothing goes by velocities there is nothing to be summed.
  if (![X, ...directions].some((matrix) => matrix.some(isThere)))
    return { P: identity(), R: identity(), slopes: directions.map(still) };
  let halvings = 0;
  let share = 1;
  let largest = Math.max(...X.map(Math.abs));
  for (; largest > SHORT && largest < Number.POSITIVE_INFINITY; largest /= 2) {
    halvings++;
    share /= 2;
  }
  let { own, slopes } = series(
    scaled(X, share),
    directions.map((E) => scaled(E, share)),
  );
  for (; halvings > 0; halvings--) {
    const before = own;
    slopes = slopes.map((slope) => doubledSlope(before, slope));
    own = doubled(before);
  }
  return { ...own, slopes };
}

interface Flow {
  readonly P: Matrix;
  readonly R: Matrix;
}

/** Without a matrix made anew for each of its terms: a law with terms spends much of its time here. */
function series(X: Matrix, directions: readonly Matrix[]): { own: Flow; slopes: readonly Flow[] } {
  const own = { P: identity(), R: identity() };
  const slopes = directions.map(still);
  const term = identity();
  const before = new Float64Array(9);
  const next = new Float64Array(9);
  const bends = directions.map((): Matrix => new Float64Array(9));
  for (let n = 1, goesOn = true; goesOn && n < MOST_TERMS; n++) {
    const share = 1 / n;
    const shareOfR = 1 / (n + 1);
    before.set(term);
    multiply(X, before, next);
    goesOn = false;
    for (let i = 0; i < 9; i++) {
      const x = share * next[i];
      term[i] = x;
      if (raise(own.P, i, x)) goesOn = true;
      raise(own.R, i, shareOfR * x);
    }
    for (let k = 0; k < bends.length; k++) {
      const bend = bends[k];
      multiply(X, bend, next);
      multiply(directions[k], before, bend);
      const { P, R } = slopes[k];
      for (let i = 0; i < 9; i++) {
        const x = share * (next[i] + bend[i]);
        bend[i] = x;
        if (raise(P, i, x)) goesOn = true;
        raise(R, i, shareOfR * x);
      }
    }
  }
  return { own, slopes };
}

/** Adds to one entry; whether that changed it. */
function raise(to: Float64Array, i: number, by: number): boolean {
  const sum = to[i] + by;
  const changed = sum !== to[i];
  to[i] = sum;
  return changed;
}

/** X Y into `out`, which is neither. */
function multiply(X: Matrix, Y: Matrix, out: Matrix): void {
  for (let row = 0; row < 9; row += 3)
    for (let column = 0; column < 3; column++)
      out[row + column] =
        X[row] * Y[column] + X[row + 1] * Y[3 + column] + X[row + 2] * Y[6 + column];
}

/** exp(2 X) = P P, phi(2 X) = (R + P R) / 2. */
function doubled({ P, R }: Flow): Flow {
  const twice = product(P, R);
  add(R, twice);
  return { P: product(P, P), R: scaled(twice, 0.5) };
}

function doubledSlope({ P, R }: Flow, slope: Flow): Flow {
  const squared = product(slope.P, P);
  add(product(P, slope.P), squared);
  const twice = product(slope.P, R);
  add(product(P, slope.R), twice);
  add(slope.R, twice);
  return { P: squared, R: scaled(twice, 0.5) };
}

const still = (): Flow => ({ P: new Float64Array(9), R: new Float64Array(9) });

const identity = (): Matrix => Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);

const scaled = (x: Float64Array, by: number): Float64Array => x.map((each) => by * each);

/** Adds to `to`. */
function add(x: Float64Array, to: Float64Array): void {
  for (let k = 0; k < x.length; k++) to[k] = to[k] + x[k];
}

/** A matrix times a matrix or a vector. */
function product(X: Matrix, Y: Float64Array): Float64Array {
  const columns = Y.length / 3;
  const out = new Float64Array(Y.length);
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < columns; column++)
      out[row * columns + column] =
        X[3 * row] * Y[column] +
        X[3 * row + 1] * Y[columns + column] +
        X[3 * row + 2] * Y[2 * columns + column];
  return out;
}
