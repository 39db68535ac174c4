import { type Integrator, rolloutIterator, velocityVerlet } from "@mclnn/integrators";
import {
  isMclnnError,
  MclnnError,
  type ParticleSystem,
  type State,
  separations,
} from "@mclnn/physics";
import { checkArgument, checkState, checkSystem, room } from "@mclnn/physics/arguments";
import { addPositionNoise } from "./noise.ts";
import { createRandom } from "./random.ts";
import { randomStart } from "./starts.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** What trajectories are made of, and how. */
export interface GenerateOptions {
  readonly system: ParticleSystem;
  readonly start: State;
  /** Default 100. */
  readonly trajectories?: number;
  /** Records a trajectory, the start included. Default 20. */
  readonly records?: number;
  /** Time step. Default 0.01. */
  readonly dt?: number;
  /** Steps a record. Default 10. */
  readonly stride?: number;
  /** `segments` cuts one run into consecutive pieces (paper, notes); `random` starts every trajectory anew. Default `segments`. */
  readonly scheme?: "segments" | "random";
  /** Standard deviation of the noise on every position component. Default 0. */
  readonly noise?: number;
  /** Default 100. */
  readonly seed?: number;
  /** Trajectories left out at the beginning: validation data are what follows the training data. Default 0. */
  readonly skip?: number;
  /** Default velocity Verlet. */
  readonly integrator?: Integrator;
}

/**
 * Makes trajectories of a system. The same seed gives the same bits on any machine, for built-in potentials, formulas, and
 * functions of your own that use no more than + - * /, square root and `@mclnn/physics/portable`.
 *
 * `segments`: one run of (skip + trajectories) x records records, cut into pieces; trajectory t starts at record (skip + t) x records
 * and keeps the velocity it starts with.
 *
 * `random`: trajectory t has a start of its own. Every position component of the given start, seen from the centre of mass, is moved by a
 * normal number of 15 % of their root mean square, every velocity component by 30 % of theirs; the total momentum is then taken out and the
 * whole turned by a rotation drawn uniformly. Draws in which two particles come closer than 0.3 times the smallest separation of the given
 * start are drawn again.
 *
 * With `eulerMaruyama` or `baoab` noise drives the motion; where it has no inertia there are no velocities in the set.
 *
 * @returns arrays [trajectories x records x N x dimension]; times from 0, in units of the system
 * @throws MclnnError `bad-argument`, `bad-option`, `out-of-memory`; `diverged` and `zero-separation` as a rollout; `no-start` when random starts keep coinciding
 */
export function generateTrajectories(options: GenerateOptions): TrajectorySet {
  const settings = checkOptions(options);
  const { system, trajectories, records, dt, stride, scheme, noise, seed, skip } = settings;
  const { masses, dimension, charges, species } = system;
  const particles = masses.length;
  const size = particles * dimension;
  const positions = room("trajectories", trajectories * records * size);
  const { motion, parameters: numbers } = settings.integrator;
  // What has no inertia has no velocities.
  const velocities =
    motion === "overdamped" ? null : room("trajectories", trajectories * records * size);
  const times = Float64Array.from({ length: records }, (_, k) => k * stride * dt);
  const states = scheme === "segments" ? segments(settings) : randomTrajectories(settings);
  let k = 0;
  for (const { positions: q, velocities: v } of states) {
    positions.set(q, k * size);
    velocities?.set(v, k * size);
    k++;
  }
  const set: TrajectorySet = {
    trajectories,
    records,
    particles,
    dimension,
    masses: Float64Array.from(masses),
    ...(charges === undefined ? {} : { charges: charges.slice() }),
    ...(species === undefined ? {} : { species: species.slice() }),
    times,
    positions,
    ...(velocities === null ? {} : { velocities }),
    provenance: {
      potential: system.potential.name,
      ...(system.potential.pair?.parameters === undefined
        ? {}
        : { parameters: { ...system.potential.pair.parameters } }),
      integrator: settings.integrator.name,
      ...(motion === undefined ? {} : { motion, ...numbers }),
      dt,
      stride,
      scheme,
      seed,
      skip,
      noise: 0,
    },
  };
  return noise === 0 ? set : addPositionNoise(set, { sigma: noise, seed });
}

function checkOptions(options: GenerateOptions): Required<GenerateOptions> {
  checkArgument("options", options, {
    trajectories: "count?",
    records: "count?",
    skip: "index?",
    seed: "whole?",
    dt: "positive?",
    stride: "count?",
    noise: "number?",
    scheme: ["segments", "random", undefined],
  });
  const {
    system,
    start,
    trajectories = 100,
    records = 20,
    dt = 0.01,
    stride = 10,
    scheme = "segments",
    noise = 0,
    seed = 100,
    skip = 0,
    integrator = velocityVerlet,
  } = options;
  checkSystem(system);
  checkState("start", start, system);
  if (noise < 0)
    throw new MclnnError("noise cannot be used", {
      code: "bad-option",
      argument: "noise",
      expected: "a standard deviation of 0 or more",
      got: String(noise),
    });
  return {
    system,
    start,
    trajectories,
    records,
    dt,
    stride,
    scheme,
    noise,
    seed,
    skip,
    integrator,
  };
}

/** Every record of one run after those that are skipped. */
function* segments({
  system,
  start,
  trajectories,
  records,
  dt,
  stride,
  skip,
  integrator,
}: Required<GenerateOptions>): Generator<State> {
  let k = -skip * records;
  for (const state of rolloutIterator(system, start, { dt, stride, integrator })) {
    if (k >= 0) yield state;
    if (++k === trajectories * records) return;
  }
}

/** The records of trajectories with starts of their own, one trajectory after another. */
function* randomTrajectories({
  system,
  start,
  trajectories,
  records,
  dt,
  stride,
  seed,
  skip,
  integrator,
}: Required<GenerateOptions>): Generator<State> {
  const random = createRandom(seed);
  for (let t = -skip; t < trajectories; t++) {
    const drawn = drawStart(system, start, random);
    if (t < 0) continue;
    let k = 0;
    try {
      for (const state of rolloutIterator(system, drawn, { dt, stride, integrator })) {
        yield state;
        if (++k === records) break;
      }
    } catch (error) {
      if (!isMclnnError(error) || error.code !== "diverged") throw error;
      const got = `in trajectory ${t}, ${error.message}`;
      throw new MclnnError("a rollout diverged", { ...error, got, cause: error });
    }
  }
}

/** Random starts tried before giving up. */
const ATTEMPTS = 100;
/** Closer than this share of the given start's smallest separation, particles count as coincident. */
const TOO_CLOSE = 0.3;

function drawStart(
  system: ParticleSystem,
  start: State,
  random: ReturnType<typeof createRandom>,
): State {
  const pairs = { particles: system.masses.length, dimension: system.dimension };
  const nearest = (state: State): number =>
    separations(state.positions, pairs).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const bound = TOO_CLOSE * nearest(start);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = randomStart(system, start, random);
    const distance = nearest(drawn);
    if (distance > 0 && distance >= bound) return drawn;
  }
  throw new MclnnError("no random start keeps the particles apart", {
    code: "no-start",
    argument: "scheme",
    expected: `separations above ${bound}`,
    got: `${ATTEMPTS} draws with closer particles`,
    mend: "Use the segments scheme.",
    kind: "failure",
  });
}
