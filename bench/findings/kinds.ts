import {
  addPositionNoise,
  dropVelocities,
  generateTrajectories,
  type Random,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import type { Finding } from "@mclnn/learning";
import { lawSystemByName } from "../laws/systems/catalogue.ts";
import type { Said } from "./run-case.ts";

/** Records that something is wrong with, and what is to be said: the law is as right as without where they can be mended. */
export interface Kind {
  readonly title: string;
  /** Findings of all trainings; none where that is a law with no more to say. */
  readonly expected: readonly Finding["kind"][];
  /** Most that V' may be off, relative to its mean; null where there is no law to be had. */
  readonly error: number | null;
  make(random: Random): TrajectorySet;
}

const LAW = "yukawa";
const RECORDS = 40;
/** Beyond those that are kept. */
const MORE = 4;
const NOISE = 1e-3;

/** The true V' of the records below. */
export const slope = (r: number): number => lawSystemByName(LAW).laws[0].pair.slope(r);

const exact = (seed: number): TrajectorySet => {
  const { system, start, spacing } = lawSystemByName(LAW);
  const integrator = dormandPrince({ relativeTolerance: 1e-11, absoluteTolerance: 1e-12 });
  const set = generateTrajectories({
    ...{ system, start, integrator, seed, trajectories: 12, records: RECORDS + MORE },
    ...{ dt: spacing / 4, stride: 1, scheme: "random" },
  });
  return { ...set, provenance: {} };
};

const seedOf = (random: Random): number => random.integer(1 << 30);
const noisy = (set: TrajectorySet, random: Random): TrajectorySet =>
  addPositionNoise(dropVelocities(set), { sigma: NOISE, seed: seedOf(random) });

/** Positions and velocities changed, one number after the other. @param change - told the value, the velocity, the frame (trajectory x records + record) and the axis */
function changed(
  set: TrajectorySet,
  change: (x: number, v: number, frame: number, axis: number) => number,
): TrajectorySet {
  const { particles, dimension, velocities } = set;
  const size = particles * dimension;
  return {
    ...set,
    positions: set.positions.map((x, k) =>
      change(x, velocities?.[k] ?? 0, Math.floor(k / size), k % dimension),
    ),
  };
}

/** Some of the records of each trajectory, with times as if they were even. */
function kept(set: TrajectorySet, numbers: readonly number[]): TrajectorySet {
  const size = set.particles * set.dimension;
  const pick = (values: Float64Array): Float64Array =>
    values.filter((_, k) => numbers.includes(Math.floor(k / size) % set.records));
  return {
    ...set,
    records: numbers.length,
    times: set.times.slice(0, numbers.length),
    positions: pick(set.positions),
    ...(set.velocities === undefined ? {} : { velocities: pick(set.velocities) }),
  };
}

const all = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
const plain = (random: Random): TrajectorySet => kept(exact(seedOf(random)), all(RECORDS));

/** The same with velocities in another unit. */
const velocitiesTimes = (factor: number) => (random: Random) => {
  const set = plain(random);
  return { ...set, velocities: set.velocities?.map((v) => factor * v) ?? new Float64Array(0) };
};

/** Some frames as the one before. */
function twice(set: TrajectorySet, random: Random): TrajectorySet {
  const size = set.particles * set.dimension;
  const positions = set.positions.slice();
  for (let n = 0; n < 6; n++) {
    const o =
      size * (set.records * random.integer(set.trajectories) + 1 + random.integer(set.records - 1));
    positions.copyWithin(o, o - size, o);
  }
  return { ...set, positions };
}

/** Some positions a tenth of a separation off, or more. */
function slipped(set: TrajectorySet, random: Random): TrajectorySet {
  const positions = set.positions.slice();
  for (let n = 0; n < 6; n++) {
    const o = set.dimension * random.integer(positions.length / set.dimension);
    for (let c = 0; c < set.dimension; c++)
      positions[o + c] = (positions[o + c] as number) + 0.2 * (1 + random.uniform());
  }
  return { ...set, positions };
}

/** A camera that shakes, the same for all particles. */
const shaken = (set: TrajectorySet): TrajectorySet =>
  changed(
    set,
    (x, _, frame, axis) =>
      x + 0.05 * (axis === 0 ? Math.sin(0.9 * frame) : Math.cos(0.7 * (frame % set.records) ** 2)),
  );

/** Records off their times by a tenth of the spacing. */
function jittered(set: TrajectorySet, random: Random): TrajectorySet {
  const off = all(set.trajectories * set.records).map(() => 0.1 * random.normal());
  const spacing = set.times[1] as number;
  return changed(set, (x, v, frame) => x + spacing * (off[frame] as number) * v);
}

export const KINDS: readonly Kind[] = [
  { title: "nothing wrong", expected: [], error: 0.01, make: (r) => noisy(plain(r), r) },
  {
    title: "velocities times 1000",
    expected: ["velocities"],
    error: 1e-3,
    make: velocitiesTimes(1000),
  },
  {
    title: "velocities over 1.0227",
    expected: ["velocities"],
    error: 1e-3,
    make: velocitiesTimes(1 / 1.0227),
  },
  {
    title: "positions rounded to 3 decimals",
    expected: ["rounded"],
    error: 0.01,
    make: (r) => dropVelocities(changed(plain(r), (x) => Math.round(1000 * x) / 1000)),
  },
  {
    title: "frames stored twice",
    expected: ["repeated-records"],
    error: 0.01,
    make: (r) => twice(noisy(plain(r), r), r),
  },
  {
    title: "frames dropped",
    expected: ["missing-records"],
    error: 0.01,
    make: (r) =>
      noisy(
        kept(
          exact(seedOf(r)),
          all(RECORDS + 3).filter((k) => ![9, 22, 23].includes(k)),
        ),
        r,
      ),
  },
  {
    title: "slips of the tracking",
    expected: ["outliers"],
    error: 0.01,
    make: (r) => slipped(noisy(plain(r), r), r),
  },
  {
    title: "a clock that is off",
    expected: ["clock-jitter"],
    error: 0.05,
    make: (r) => noisy(jittered(plain(r), r), r),
  },
  {
    title: "a camera that shakes",
    expected: ["moving-frame"],
    error: 0.01,
    make: (r) => noisy(shaken(plain(r)), r),
  },
];

/** Whether just what is wrong is said, first, and the law is right beside it. */
export function asExpected(
  row: number,
  { findings, law }: Pick<Said, "findings" | "law">,
): boolean {
  const { expected, error } = KINDS[row];
  const said = expected.every((kind, k) => findings[k]?.kind === kind);
  return (
    said &&
    findings.length === expected.length &&
    (error === null || (law !== undefined && law.error < error))
  );
}
