import type { Size } from "../promise.ts";

/** One command, at each of several sizes. */
export interface Rung {
  readonly name: string;
  readonly args: readonly string[];
  /** Bytes of memory for each byte of data, beside those of the program itself. */
  readonly memory: number;
  /** Bytes beside these, where trajectories are long or pairs many. Default 0 */
  readonly more?: number;
}

/** Sizes that grow by a factor, and the commands that are tried at each. */
export interface Ladder {
  readonly name: string;
  /** What grows: trajectories, records, pairs. */
  readonly of: string;
  readonly sizes: Readonly<Record<Size, readonly number[]>>;
  /** What there is to do in proportion to. */
  readonly work: (size: number) => number;
  readonly commands: (size: number) => readonly Rung[];
}

/** Bytes that the program itself takes: Node, its own code, and room for sums that do not grow with the data. */
export const PROGRAM = 100e6;
/** Bytes of memory for each byte of data, as `train --help` and the command line's README state them. */
const EXACT = 6;
const FITTED = 40;
const EVALUATED = 9;
/** Bytes beside these for 2,000 records a trajectory or pairs of particles, and for 20,000 records. */
const MANY = 250e6;
const VERY_MANY = 500e6;

const words = (line: string): string[] => line.split(" ");
const rung = (name: string, line: string, memory: number, more = 0): Rung => ({
  name,
  args: words(line),
  memory,
  more,
});

const TRACKS = "--noise 1e-3 --drop-velocities";
const pairs = (particles: number): number => (particles * (particles - 1)) / 2;

/** Particles on a grid of so many a side, a little off it, slowly moving. */
export function lattice(particles: number): string {
  const side = Math.round(Math.cbrt(particles));
  let seed = 12345;
  const uniform = (): number => {
    seed = (1103515245 * seed + 12345) % 2147483648;
    return seed / 2147483648 - 0.5;
  };
  const each = Array.from({ length: particles }, (_, i) => {
    const cell = [i % side, Math.floor(i / side) % side, Math.floor(i / side / side)];
    return { x: cell.map((c) => 1.1 * c + 0.1 * uniform()), v: cell.map(() => 0.5 * uniform()) };
  });
  return JSON.stringify({
    masses: new Array(particles).fill(1),
    positions: each.map(({ x }) => x),
    velocities: each.map(({ v }) => v),
  });
}

export const LADDERS: readonly Ladder[] = [
  {
    name: "trajectories of 20 records",
    of: "trajectories",
    sizes: { quick: [40, 160], full: [625, 2500, 10_000] },
    work: (n) => n,
    commands: (n) => [
      rung("generate", `generate --system gravity --trajectories ${n} --out t${n}.npz`, EXACT),
      rung("inspect", `inspect t${n}.npz`, EXACT),
      rung("train, spline", `train --data t${n}.npz --model spline --out t${n}.st`, EXACT),
      rung("train, mclnn", `train --data t${n}.npz --out m${n}.st`, EXACT),
      rung("law", `law --model m${n}.st --out m${n}.csv`, EXACT),
      rung("evaluate", `evaluate --model m${n}.st --data t${n}.npz`, EVALUATED),
    ],
  },
  {
    name: "noisy trajectories of 20 records, velocities unknown",
    of: "trajectories",
    sizes: { quick: [], full: [625, 2500, 10_000] },
    work: (n) => n,
    commands: (n) => [
      rung(
        "generate",
        `generate --system gravity --trajectories ${n} ${TRACKS} --out u${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data u${n}.npz --model spline --out u${n}.st`, FITTED),
      rung("train, mclnn", `train --data u${n}.npz --out um${n}.st`, FITTED),
    ],
  },
  {
    name: "records of 10 trajectories",
    of: "records",
    sizes: { quick: [150], full: [500, 2000, 8000] },
    work: (n) => n,
    commands: (n) => [
      rung(
        "generate",
        `generate --system linear-spring --trajectories 10 --records ${n} --out r${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data r${n}.npz --model spline --out r${n}.st`, EXACT, MANY),
      rung("train, mclnn", `train --data r${n}.npz --out rm${n}.st`, EXACT, MANY),
      rung("evaluate", `evaluate --model rm${n}.st --data r${n}.npz`, EVALUATED),
    ],
  },
  {
    name: "records of 10 trajectories of gravity",
    of: "records",
    sizes: { quick: [], full: [500, 2000, 8000] },
    work: (n) => n,
    commands: (n) => [
      rung(
        "generate",
        `generate --system gravity --trajectories 10 --records ${n} --out g${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data g${n}.npz --model spline --out g${n}.st`, EXACT, MANY),
    ],
  },
  // Motion that can be followed for long, chaotic motion, and orbits.
  ...["linear-spring", "quartic-spring", "gravity"].map(
    (system): Ladder => ({
      name: `records of 10 noisy trajectories of ${system}, velocities unknown`,
      of: "records",
      sizes: { quick: [], full: [125, 500, 2000] },
      work: (n) => n,
      commands: (n) => [
        rung(
          "generate",
          `generate --system ${system} --trajectories 10 --records ${n} ${TRACKS} --out ${system}${n}.npz`,
          EXACT,
        ),
        rung(
          "train, spline",
          `train --data ${system}${n}.npz --model spline --out ${system}${n}.st`,
          FITTED,
          MANY,
        ),
      ],
    }),
  ),
  {
    name: "records of one trajectory",
    of: "records",
    sizes: { quick: [], full: [1250, 5000, 20_000] },
    work: (n) => n,
    commands: (n) => [
      rung(
        "generate",
        `generate --system gravity --trajectories 1 --records ${n} --out o${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data o${n}.npz --model spline --out o${n}.st`, EXACT, MANY),
      rung(
        "generate, noisy",
        `generate --system linear-spring --trajectories 1 --records ${n} ${TRACKS} --out ou${n}.npz`,
        EXACT,
      ),
      rung(
        "train, spline, noisy",
        `train --data ou${n}.npz --model spline --out ou${n}.st`,
        FITTED,
        VERY_MANY,
      ),
    ],
  },
  {
    name: "pairs of 8, 27 and 64 particles",
    of: "pairs",
    sizes: { quick: [8], full: [8, 27, 64] },
    work: pairs,
    commands: (n) => [
      rung(
        "generate",
        `generate --potential lennard-jones --initial s${n}.json --trajectories 20 --dt 0.002 --out n${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data n${n}.npz --model spline --out n${n}.st`, EXACT, MANY),
      rung("train, mclnn", `train --data n${n}.npz --out nm${n}.st`, EXACT, MANY),
      rung(
        "simulate",
        `simulate --model n${n}.st --initial s${n}.json --records 500 --dt 0.002 --out nr${n}.npz`,
        EXACT,
      ),
    ],
  },
  {
    name: "pairs of 8, 27 and 64 particles, noisy, velocities unknown",
    of: "pairs",
    sizes: { quick: [], full: [8, 27, 64] },
    work: pairs,
    commands: (n) => [
      rung(
        "generate",
        `generate --potential lennard-jones --initial s${n}.json --trajectories 20 --dt 0.002 ${TRACKS} --out nu${n}.npz`,
        EXACT,
      ),
      rung("train, spline", `train --data nu${n}.npz --model spline --out nu${n}.st`, FITTED, MANY),
    ],
  },
  {
    name: "records of a simulation of 3 particles",
    of: "records",
    sizes: { quick: [2000], full: [10_000, 40_000, 160_000] },
    work: (n) => n,
    commands: (n) => [
      rung("simulate", `simulate --system gravity --records ${n} --out s${n}.npz`, EXACT),
      rung("inspect", `inspect s${n}.npz`, EXACT),
    ],
  },
];
