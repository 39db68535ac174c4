import type { Bodies } from "../../src/index.ts";
import {
  type Candidate,
  type Frame,
  Linear,
  type Seen,
  type TermFormula,
} from "../../src/terms/index.ts";

/** Random numbers that tests repeat: mulberry32, and the normal ones of Box and Muller. */
export function createRandom(seed: number): { uniform(): number; normal(): number } {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Bodies that terms are tried on: in two and three dimensions, of equal and unequal masses. */
export const BODIES: readonly (Bodies & { readonly title: string })[] = (
  [
    { title: "2D", dimension: 2, masses: [1, 1, 1], charges: [1, -1, 1], species: [0, 0, 1] },
    {
      title: "2D, unequal masses",
      dimension: 2,
      masses: [1, 2, 0.5],
      charges: [-1.5, 0, 3],
      species: [2, 0, 1],
    },
    { title: "3D", dimension: 3, masses: [2, 2], charges: [1, 2], species: [1, 0] },
    {
      title: "3D, unequal masses",
      dimension: 3,
      masses: [0.3, 1, 2, 1.5],
      charges: [1, 0, -2, 0.7],
      species: [0, 1, 0, 1],
    },
  ] as const
).map(({ masses, charges, species, ...rest }) => ({
  ...rest,
  masses: Float64Array.from(masses),
  charges: Float64Array.from(charges),
  species: Int32Array.from(species),
}));

export function randomFrame({ masses, dimension }: Bodies, seed: number): Frame {
  const random = createRandom(seed);
  const vector = (): Float64Array =>
    Float64Array.from({ length: 3 * masses.length }, (_, k) =>
      k % 3 < dimension ? random.normal() : 0,
    );
  const time = random.uniform();
  const [positions, velocities, accelerations] = [vector(), vector(), vector()];
  return { trajectory: 0, time, positions, velocities, accelerations };
}

const evenly = (from: number, to: number): Float64Array =>
  Float64Array.from({ length: 41 }, (_, k) => from + ((to - from) * k) / 40);

/** What records of such frames would show; some lie beyond it. */
export const seenIn = (dimension: 2 | 3): Seen => ({
  middle: [0.2, -0.3, 0.1].slice(0, dimension),
  coordinates: [0, 1, 2].slice(0, dimension).map(() => evenly(-1.5, 1.2)),
  distances: evenly(0.1, 1.5),
  radii: evenly(0.1, 1.7),
  speeds: evenly(0.2, 1.5),
  separations: evenly(0.4, 2),
  begin: 0.25,
});

/** Random coefficients, away from 0. */
export function randomCoefficients(size: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from(
    { length: size },
    () => (random.uniform() < 0.5 ? -1 : 1) * (0.3 + random.uniform()),
  );
}

export function accelerations(term: TermFormula, frame: Frame, c: Float64Array): Float64Array {
  const out = new Float64Array(frame.positions.length);
  term.accelerate(frame, c, out);
  return out;
}

/** First orders as dense matrices, row by row. */
export interface FirstOrder {
  /** [components x size] */
  readonly sources: Float64Array;
  /** [components x components] */
  readonly stiffness: Float64Array;
  readonly damping: Float64Array;
}

export function firstOrder(term: Candidate, frame: Frame, c: Float64Array): FirstOrder {
  const n = frame.positions.length;
  const into = new Linear();
  term.linearise(frame, c, into);
  const out = {
    sources: new Float64Array(n * c.length),
    stiffness: new Float64Array(n * n),
    damping: new Float64Array(n * n),
  };
  for (let s = 0; s < into.sources; s++)
    out.sources[into.sourceRow[s] * c.length + into.sourceCoefficient[s]] += into.sourceValue[s];
  for (let s = 0; s < into.stiffnesses; s++)
    out.stiffness[into.stiffnessRow[s] * n + into.stiffnessColumn[s]] += into.stiffnessValue[s];
  for (let s = 0; s < into.dampings; s++)
    out.damping[into.dampingRow[s] * n + into.dampingColumn[s]] += into.dampingValue[s];
  return out;
}

/** The derivative of a vector by each of some numbers, by central differences of fourth order. [length of the vector x numbers] */
export function differences(
  at: (x: Float64Array) => Float64Array,
  x: Float64Array,
  step = 3e-4,
): Float64Array {
  const moved = (k: number, h: number): Float64Array => {
    const there = x.slice();
    there[k] += h;
    return at(there);
  };
  const rows = at(x).length;
  const out = new Float64Array(rows * x.length);
  for (let k = 0; k < x.length; k++) {
    const [a, b, c, d] = [2, 1, -1, -2].map((m) => moved(k, m * step));
    for (let row = 0; row < rows; row++)
      out[row * x.length + k] = (8 * (b[row] - c[row]) - (a[row] - d[row])) / (12 * step);
  }
  return out;
}

export const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, x, k) => Math.max(most, Math.abs(x - b[k])), 0);
