import { type Bodies, MclnnError, type Provenance, type Trajectory } from "@mclnn/physics";
import { checkArgument, checkLength, checkTrajectory } from "@mclnn/physics/arguments";
import { checkTrajectorySet } from "./check-trajectory-set.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Numbers in one list, or lists of lists of them. */
export type Numbers = ArrayLike<number> | readonly Numbers[];

/** Trajectories of the same particles as arrays. */
export interface TrajectoryArrays {
  /**
   * Nested, [trajectory][record][particle][component]; shorter trajectories have fewer records. Or flat, [T x R x N x dimension].
   */
  readonly positions: Numbers;
  /** [R] of the longest trajectory, increasing. */
  readonly times: ArrayLike<number>;
  /** [N] */
  readonly masses: ArrayLike<number>;
  /** As positions. */
  readonly velocities?: Numbers;
  /** Components of a position; needed where positions are flat. */
  readonly dimension?: 2 | 3;
  /** [N] */
  readonly charges?: ArrayLike<number>;
  /** [N], whole numbers from 0. */
  readonly species?: ArrayLike<number>;
  /** 1 where a particle was seen in a record, else 0. As positions, without components. */
  readonly observed?: Numbers;
  readonly provenance?: Provenance;
}

/** By this share of the spacing of records times of two runs may differ. */
const SAME_TIME = 1e-6;

/**
 * A set of trajectories, for `train` and `encodeTrajectorySet`, from arrays or from runs as `rollout` and `trajectoryOf` make them. Copied.
 *
 * Runs may differ in length: what is not there was not observed. Runs that begin at different times are all counted from 0. Of their provenance
 * what all agree on is kept.
 *
 * @param given - arrays, or runs of the same particles, whose masses (and charges, and species) they carry
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-dimension`, `bad-mass`, `bad-shape`, `not-finite`; `missing-velocities` where only some
 * runs have them; `uneven-times` for times that do not increase, or that are others than those of the longest run
 */
export function trajectorySet(given: TrajectoryArrays | readonly Trajectory[]): TrajectorySet {
  checkArgument("given", given, {});
  const runs = "length" in given ? Array.from(given) : runsOf(given);
  if (runs.length === 0)
    throw new MclnnError("there is no set of nothing", {
      code: "bad-argument",
      argument: "given",
      expected: "one or more runs",
      got: "none",
      missing: 1,
    });
  runs.forEach((run, k) => {
    checkTrajectory(`given[${k}]`, run, "float64");
    checkArgument(`given[${k}].masses`, run.masses, "masses", {
      mend: "rollout() keeps them with the run; to other runs add them: { ...run, masses }.",
    });
    checkArgument(`given[${k}].observed`, run.observed, "bytes?");
    for (const key of ["dimension", "masses", "charges", "species"] as const)
      if (String(run[key]) !== String(runs[0]?.[key])) throw otherBodies(key, k, runs);
  });
  const set = joined(runs as readonly KnownRun[]);
  checkTrajectorySet("given", set);
  return set;
}

/** One whose particles are known. */
type KnownRun = Trajectory & Bodies;

function otherBodies(
  key: keyof Bodies,
  k: number,
  [first, ...others]: readonly Trajectory[],
): MclnnError {
  const argument = `given[${k}].${key}`;
  return new MclnnError(`${argument} cannot be used`, {
    code: "bad-shape",
    argument,
    expected: `what the first run has, ${first?.[key]}`,
    got: String(others[k - 1]?.[key]),
    mend: "All trajectories of a set have the same particles.",
  });
}

function joined(runs: readonly KnownRun[]): TrajectorySet {
  const longest = runs.reduce((a, b) => (b.times.length > a.times.length ? b : a));
  const { masses, dimension, charges, species, particles } = longest;
  const records = longest.times.length;
  const shape = { trajectories: runs.length, records, particles };
  const spread = <A extends Float64Array | Uint8Array>(out: A, of: (run: KnownRun) => A): A => {
    runs.forEach((run, t) => {
      out.set(of(run), (t * out.length) / runs.length);
    });
    return out;
  };
  const frames = runs.length * records * particles;
  const fill = (of: (run: KnownRun) => Float64Array): Float64Array =>
    spread(new Float64Array(frames * dimension).fill(Number.NaN), of);
  const gaps = runs.some((run) => run.observed !== undefined || run.times.length < records);
  const all = (run: KnownRun): Uint8Array => new Uint8Array(run.times.length * particles).fill(1);
  const moving = runs.filter((run) => run.velocities !== undefined);
  if (moving.length > 0 && moving.length < runs.length)
    throw new MclnnError("some runs have no velocities", {
      code: "missing-velocities",
      argument: "given",
      expected: "velocities of all runs, or of none",
      got: `${moving.length} of ${runs.length} with them`,
      missing: runs.length - moving.length,
      mend: "Leave velocities out of the others: { ...run, velocities: undefined }.",
    });
  return {
    ...shape,
    masses: masses.slice(),
    dimension,
    ...(charges === undefined ? {} : { charges: charges.slice() }),
    ...(species === undefined ? {} : { species: species.slice() }),
    times: commonTimes(runs, longest.times),
    positions: fill((run) => run.positions),
    ...(moving.length === 0 ? {} : { velocities: fill((run) => run.velocities as Float64Array) }),
    ...(gaps
      ? { observed: spread(new Uint8Array(frames), (run) => run.observed ?? all(run)) }
      : {}),
    provenance: commonProvenance(runs),
  };
}

/** Times of all runs: as they are where all begin together, else from 0. */
function commonTimes(runs: readonly Trajectory[], longest: Float64Array): Float64Array {
  const [begin = 0] = longest;
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError(`${argument} cannot be used`, {
      code: "uneven-times",
      argument,
      expected,
      got,
      mend: "Record all runs at the same times after their start.",
    });
  };
  runs.forEach(({ times }, t) => {
    times.forEach((time, k) => {
      if (k === 0) return;
      const expected = (longest[k] as number) - begin;
      const spacing = (longest[k] as number) - (longest[k - 1] as number);
      const since = time - (times[0] as number);
      if (!(spacing > 0))
        refuse("times", `more than ${longest[k - 1]} at record ${k}`, String(longest[k]));
      if (!(Math.abs(since - expected) <= SAME_TIME * spacing))
        refuse(
          `given[${t}].times`,
          `${expected} from the start to record ${k}, as in the longest run`,
          String(since),
        );
    });
  });
  const together = runs.every(({ times }) => times[0] === begin);
  return longest.map((time) => (together ? time : time - begin));
}

function commonProvenance(runs: readonly Trajectory[]): Provenance {
  const all = runs.map(({ provenance }) => provenance ?? {});
  return Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(([key, value]) =>
      all.every((other) => JSON.stringify(other[key]) === JSON.stringify(value)),
    ),
  );
}

/** Runs of one set of arrays. */
function runsOf(given: TrajectoryArrays): readonly Trajectory[] {
  checkArgument("given", given, {
    positions: "list",
    times: "numbers",
    masses: "masses",
    velocities: "list?",
    charges: "numbers?",
    species: "numbers?",
    observed: "list?",
  });
  const { charges, species, provenance } = given;
  const times = Float64Array.from(given.times);
  const masses = Float64Array.from(given.masses);
  const dimension = given.dimension ?? (innermost(given.positions) as 2 | 3);
  checkArgument("given.dimension", dimension, "dimension");
  const frame = [masses.length, dimension];
  const positions = runByRun("positions", given.positions, times.length, frame);
  const of = (key: "velocities" | "observed", sizes: readonly number[]) => {
    const value = given[key];
    if (value === undefined) return undefined;
    const list = runByRun(key, value, times.length, sizes);
    checkLength(`given.${key}`, list, [positions.length, "trajectories"]);
    return list;
  };
  const velocities = of("velocities", frame);
  const observed = of("observed", [masses.length]);
  return positions.map((run, t) => ({
    particles: masses.length,
    dimension,
    masses,
    ...(charges === undefined ? {} : { charges: Float64Array.from(charges) }),
    ...(species === undefined ? {} : { species: Int32Array.from(species) }),
    times: times.subarray(0, run.length / (masses.length * dimension)),
    positions: run,
    ...(velocities === undefined ? {} : { velocities: velocities[t] as Float64Array }),
    ...(observed === undefined ? {} : { observed: Uint8Array.from(observed[t] ?? []) }),
    ...(provenance === undefined ? {} : { provenance }),
  }));
}

/** Length of the innermost lists; undefined for a flat one. */
function innermost(value: Numbers): number | undefined {
  const [first] = Array.from<number | Numbers>(value);
  if (typeof first !== "object" || first === null) return undefined;
  return innermost(first) ?? first.length;
}

/** Flat numbers of each run. @param frame - sizes of what a record holds */
function runByRun(
  key: string,
  value: Numbers,
  records: number,
  frame: readonly number[],
): readonly Float64Array[] {
  const argument = `given.${key}`;
  if (innermost(value) !== undefined)
    return Array.from(value as readonly Numbers[], (run, t) => {
      const numbers: number[] = [];
      flatten(`${argument}[${t}]`, run, [undefined, ...frame], numbers);
      return Float64Array.from(numbers);
    });
  const flat = Float64Array.from(value as ArrayLike<number>);
  const size = frame.reduce((product, n) => product * n, records);
  const count = Math.max(1, Math.round(flat.length / size));
  checkLength(argument, flat, [count, "trajectories"], [records, "records"], [size / records]);
  return Array.from({ length: count }, (_, t) => flat.subarray(t * size, (t + 1) * size));
}

function flatten(
  argument: string,
  value: unknown,
  [size, ...inner]: readonly (number | undefined)[],
  out: number[],
): void {
  checkArgument(argument, value, "list");
  const list = Array.from(value as ArrayLike<unknown>);
  if (size !== undefined) checkLength(argument, list, [size]);
  list.forEach((each, k) => {
    if (inner.length > 0) flatten(`${argument}[${k}]`, each, inner, out);
    else out.push(typeof each === "number" ? each : Number.NaN);
  });
}
