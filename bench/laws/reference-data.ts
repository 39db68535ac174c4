import {
  addPositionNoise,
  createRandom,
  dropVelocities,
  type Random,
  selectTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince, type Integrator, rollout } from "@mclnn/integrators";
import {
  linearMomentum,
  MclnnError,
  type ParticleSystem,
  type State,
  separations,
  stateAt,
  type Trajectory,
} from "@mclnn/physics";
import { mean } from "../numbers.ts";
import type { LawSystem } from "./systems/law-system.ts";

/** Follows the true motion: adaptive, and none of the methods that training rolls out with. */
const REFERENCE: Integrator = dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });

/** Records a trajectory. */
const RECORDS = 20;
/** Draws for one start before the system is called unfit. */
const ATTEMPTS = 200;
const SEED = 20;
/** Starts of held-out runs, and noise on velocities, come from streams of their own. */
const HELD_OUT_SEED = 77;
const VELOCITY_NOISE_SEED = 0x76656c;

/** What a learner gets to see of a system. */
export interface Watched {
  readonly trajectories: number;
  /** Standard deviation of positions in mean separations, and of velocities, where given, in rms velocities. */
  readonly noise: number;
  readonly velocities: "given" | "unknown";
  /** Of the noise. */
  readonly seed: number;
}

/** Trajectories as watched, and as they were. */
export interface ReferenceData {
  readonly watched: TrajectorySet;
  readonly clean: TrajectorySet;
  /** Standard deviation of a position component's noise, in the system's unit of length. */
  readonly sigma: number;
  /** Root mean square of the noise that was drawn: what an estimate of it can know. */
  readonly drawn: number;
}

/**
 * Trajectories of a system from random starts, by Dormand-Prince at 1e-13; fewer trajectories are the first ones of many.
 *
 * @throws MclnnError `no-start`
 */
export function referenceData(
  lawSystem: LawSystem,
  { trajectories, noise, velocities, seed }: Watched,
): ReferenceData {
  const clean = cleanTrajectories(lawSystem, trajectories);
  const sigma = noise * (mean(setSeparations(clean)) ?? 0);
  const noisy = noise === 0 ? clean : addPositionNoise(clean, { sigma, seed });
  return {
    clean,
    sigma,
    drawn: Math.sqrt(mean(noisy.positions.map((x, k) => (x - clean.positions[k]) ** 2)) ?? 0),
    watched: velocities === "unknown" ? dropVelocities(noisy) : noisyVelocities(noisy, noise, seed),
  };
}

/** A start near the system's that is no training trajectory's, fixed once and for all. @throws MclnnError `no-start` */
export function heldOutStart(lawSystem: LawSystem): State {
  const { heldOut, jitter } = lawSystem;
  if (heldOut.start !== undefined) return heldOut.start;
  const gentle = { position: 0.5 * jitter.position, velocity: 0.5 * jitter.velocity };
  const random = createRandom(HELD_OUT_SEED);
  return drawUntil(lawSystem, () => {
    const state = drawStart({ ...lawSystem, jitter: gentle }, random);
    const run = follow(lawSystem.system, state, { time: heldOut.time });
    return stays(run, lawSystem.separations) ? state : undefined;
  });
}

/** A run by the reference integrator. @param records - evenly over the time, the start included */
export function follow(
  system: ParticleSystem,
  start: State,
  { time, records = 101 }: { time: number; records?: number },
): Trajectory {
  return rollout(system, start, {
    dt: time / (records - 1),
    stride: 1,
    records,
    integrator: REFERENCE,
  });
}

/** Made once in a process, as many as were asked for at most. */
const made = new Map<string, TrajectorySet>();

function cleanTrajectories(lawSystem: LawSystem, trajectories: number): TrajectorySet {
  const { name } = lawSystem;
  let set = made.get(name);
  if (set === undefined || set.trajectories < trajectories) {
    set = makeTrajectories(lawSystem, trajectories);
    made.set(name, set);
  }
  return set.trajectories === trajectories ? set : selectTrajectories(set, { to: trajectories });
}

function makeTrajectories(lawSystem: LawSystem, trajectories: number): TrajectorySet {
  const { name, system, spacing } = lawSystem;
  const { masses, dimension, species } = system;
  const size = masses.length * dimension;
  const positions = new Float64Array(trajectories * RECORDS * size);
  const velocities = new Float64Array(trajectories * RECORDS * size);
  const random = createRandom(SEED);
  for (let t = 0; t < trajectories; t++) {
    const run = drawUntil(lawSystem, () => {
      const start = wandered(lawSystem, drawStart(lawSystem, random), random);
      const drawn = follow(system, start, { time: spacing * (RECORDS - 1), records: RECORDS });
      return stays(drawn, lawSystem.separations) ? drawn : undefined;
    });
    positions.set(run.positions, t * RECORDS * size);
    velocities.set(run.velocities as Float64Array, t * RECORDS * size);
  }
  return {
    trajectories,
    records: RECORDS,
    particles: masses.length,
    dimension,
    masses: masses.slice(),
    ...(species === undefined ? {} : { species: species.slice() }),
    times: Float64Array.from({ length: RECORDS }, (_, k) => k * spacing),
    positions,
    velocities,
    // No time step is named: a learner must find out.
    provenance: { system: name, integrator: REFERENCE.name, seed: SEED },
  };
}

function drawStart({ system, start, jitter }: LawSystem, random: Random): State {
  const { masses, dimension } = system;
  const moved = (vectors: Float64Array, sigma: number): Float64Array =>
    vectors.map((x) => x + sigma * random.normal());
  const positions = moved(start.positions, jitter.position);
  const velocities = moved(start.velocities, jitter.velocity);
  const momentum = linearMomentum(system, velocities);
  const total = masses.reduce((sum, m) => sum + m, 0);
  return {
    time: 0,
    positions,
    velocities: velocities.map((v, k) => v - momentum[k % dimension] / total),
  };
}

/** The state at a random time of the run from `start`. */
function wandered({ system, wander = 0 }: LawSystem, start: State, random: Random): State {
  const time = wander * random.uniform();
  if (time === 0) return start;
  return { ...stateAt(follow(system, start, { time, records: 2 }), 1), time: 0 };
}

/** Whether all separations lie in one of these ranges in all records. */
function stays(run: Trajectory, ranges: LawSystem["separations"]): boolean {
  const { particles, dimension, positions } = run;
  const size = particles * dimension;
  for (let o = 0; o < positions.length; o += size)
    for (const r of separations(positions.subarray(o, o + size), run))
      if (!ranges.some(([least, most]) => r >= least && r <= most)) return false;
  return true;
}

function drawUntil<T>({ name, separations: ranges }: LawSystem, draw: () => T | undefined): T {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const drawn = draw();
    if (drawn !== undefined) return drawn;
  }
  throw new MclnnError(`${name} has no start that stays in bounds`, {
    code: "no-start",
    argument: "separations",
    expected: `separations in ${ranges.map(([from, to]) => `${from} to ${to}`).join(", ")}`,
    got: `${ATTEMPTS} draws that leave them`,
    mend: "Widen the bounds, or calm the start.",
    kind: "failure",
  });
}

function noisyVelocities(set: TrajectorySet, noise: number, seed: number): TrajectorySet {
  const { velocities } = set;
  if (noise === 0 || velocities === undefined) return set;
  const sigma = noise * Math.sqrt(mean(velocities.map((v) => v * v)) ?? 0);
  const random = createRandom(seed ^ VELOCITY_NOISE_SEED);
  return {
    ...set,
    velocities: velocities.map((v) => v + sigma * random.normal()),
    provenance: { ...set.provenance, velocityNoise: sigma },
  };
}

/**
 * Separations in all records, of all pairs or of those of two species, the lower one first.
 *
 * @param inner - leaves out so many records at each end of a trajectory
 */
export function setSeparations(
  { trajectories, records, particles, dimension, positions, species }: TrajectorySet,
  pair?: readonly [number, number],
  inner = 0,
): Float64Array {
  const out: number[] = [];
  const at = (row: number, i: number) => (row * particles + i) * dimension;
  for (let row = 0; row < trajectories * records; row++) {
    if (row % records < inner || row % records >= records - inner) continue;
    for (let i = 0; i < particles; i++)
      for (let j = i + 1; j < particles; j++) {
        const [s, t] = [species?.[i] ?? 0, species?.[j] ?? 0];
        if (pair !== undefined && (pair[0] !== Math.min(s, t) || pair[1] !== Math.max(s, t)))
          continue;
        let square = 0;
        for (let c = 0; c < dimension; c++)
          square += (positions[at(row, i) + c] - positions[at(row, j) + c]) ** 2;
        out.push(Math.sqrt(square));
      }
  }
  return Float64Array.from(out);
}
