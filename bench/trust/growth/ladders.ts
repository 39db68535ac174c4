import type { Size } from "../promise.ts";

/** One command, at each of several sizes. */
export interface Rung {
  readonly name: string;
  readonly line: string;
  /** Bytes of memory for each byte of data, beside those of the program itself. */
  readonly memory: number;
  /** Bytes beside these, where trajectories are long or pairs many. */
  readonly more: number;
}

/** Sizes that grow by a factor, and the commands that are tried at each. */
export interface Ladder {
  readonly name: string;
  /** What grows: trajectories, records, pairs. */
  readonly of: string;
  readonly sizes: Readonly<Record<Size, readonly number[]>>;
  readonly commands: (size: number) => readonly Rung[];
}

/** What there is to do in proportion to. */
export const workOf = ({ of }: Ladder, n: number): number =>
  of === "pairs" ? (n * (n - 1)) / 2 : n;

/** Bytes that the program itself takes: Node, its own code, and room for sums that do not grow with the data. */
export const PROGRAM = 100e6;
/** Bytes of memory for each byte of data, as `train --help` and the command line's README state them. */
const EXACT = 6;
const FITTED = 40;
const EVALUATED = 9;
/** Bytes beside these for 2,000 records a trajectory or pairs of particles, and for 20,000 records. */
const MANY = 250e6;
const VERY_MANY = 500e6;

const TRACKS = "--noise 1e-3 --drop-velocities";

const rung = (name: string, line: string, memory: number, more = 0): Rung => ({
  ...{ name, line, memory, more },
});
const generated = (file: string, how: string, name = "generate"): Rung =>
  rung(name, `generate ${how} --out ${file}.npz`, EXACT);
const spline = (file: string, memory: number, more = 0, name = "train, spline"): Rung =>
  rung(name, `train --data ${file}.npz --model spline --out ${file}.st`, memory, more);
const mclnn = (file: string, memory: number, more = 0): Rung =>
  rung("train, mclnn", `train --data ${file}.npz --out m${file}.st`, memory, more);
const evaluated = (file: string): Rung =>
  rung("evaluate", `evaluate --model m${file}.st --data ${file}.npz`, EVALUATED);
const inspected = (file: string): Rung => rung("inspect", `inspect ${file}.npz`, EXACT);

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

const springs = (n: number) => `--system linear-spring --trajectories 10 --records ${n}`;
const particles = (n: number) =>
  `--potential lennard-jones --initial s${n}.json --trajectories 20 --dt 0.002`;

export const LADDERS: readonly Ladder[] = [
  {
    ...{ name: "trajectories of 20 records", of: "trajectories" },
    sizes: { quick: [40], full: [625, 2500, 10_000] },
    commands: (n) => [
      generated(`t${n}`, `--system gravity --trajectories ${n}`),
      inspected(`t${n}`),
      spline(`t${n}`, EXACT),
      mclnn(`t${n}`, EXACT),
      rung("law", `law --model mt${n}.st --out m${n}.csv`, EXACT),
      evaluated(`t${n}`),
    ],
  },
  {
    ...{ name: "noisy trajectories of 20 records, velocities unknown", of: "trajectories" },
    sizes: { quick: [], full: [625, 2500, 10_000] },
    commands: (n) => [
      generated(`u${n}`, `--system gravity --trajectories ${n} ${TRACKS}`),
      spline(`u${n}`, FITTED),
      mclnn(`u${n}`, FITTED),
    ],
  },
  {
    ...{ name: "records of 10 trajectories", of: "records" },
    sizes: { quick: [], full: [500, 2000, 8000] },
    commands: (n) => [
      generated(`r${n}`, springs(n)),
      spline(`r${n}`, EXACT, MANY),
      mclnn(`r${n}`, EXACT, MANY),
      evaluated(`r${n}`),
    ],
  },
  {
    ...{ name: "records of 10 trajectories of gravity", of: "records" },
    sizes: { quick: [], full: [500, 2000, 8000] },
    commands: (n) => [
      generated(`g${n}`, `--system gravity --trajectories 10 --records ${n}`),
      spline(`g${n}`, EXACT, MANY),
    ],
  },
  // Motion that can be followed for long, chaotic motion, and orbits.
  ...["linear-spring", "quartic-spring", "gravity"].map(
    (system): Ladder => ({
      name: `records of 10 noisy trajectories of ${system}, velocities unknown`,
      ...{ of: "records", sizes: { quick: [], full: [125, 500, 2000] } },
      commands: (n) => [
        generated(`${system}${n}`, `--system ${system} --trajectories 10 --records ${n} ${TRACKS}`),
        spline(`${system}${n}`, FITTED, MANY),
      ],
    }),
  ),
  {
    ...{ name: "records of one trajectory", of: "records" },
    sizes: { quick: [], full: [1250, 5000, 20_000] },
    commands: (n) => {
      const one = `--trajectories 1 --records ${n}`;
      return [
        generated(`o${n}`, `--system gravity ${one}`),
        spline(`o${n}`, EXACT, MANY),
        generated(`ou${n}`, `--system linear-spring ${one} ${TRACKS}`, "generate, noisy"),
        spline(`ou${n}`, FITTED, VERY_MANY, "train, spline, noisy"),
      ];
    },
  },
  {
    ...{ name: "pairs of 8, 27 and 64 particles", of: "pairs" },
    sizes: { quick: [], full: [8, 27, 64] },
    commands: (n) => [
      generated(`n${n}`, particles(n)),
      spline(`n${n}`, EXACT, MANY),
      mclnn(`n${n}`, EXACT, MANY),
      rung(
        "simulate",
        `simulate --model n${n}.st --initial s${n}.json --records 500 --dt 0.002 --out nr${n}.npz`,
        EXACT,
      ),
    ],
  },
  {
    ...{ name: "pairs of 8, 27 and 64 particles, noisy, velocities unknown", of: "pairs" },
    sizes: { quick: [], full: [8, 27, 64] },
    commands: (n) => [
      generated(`nu${n}`, `${particles(n)} ${TRACKS}`),
      spline(`nu${n}`, FITTED, MANY),
    ],
  },
  {
    ...{ name: "records of a simulation of 3 particles", of: "records" },
    sizes: { quick: [500], full: [10_000, 40_000, 160_000] },
    commands: (n) => [
      rung("simulate", `simulate --system gravity --records ${n} --out x${n}.npz`, EXACT),
      inspected(`x${n}`),
    ],
  },
];
