import { MclnnError, type ParticleSystem, type State, type Trajectory } from "@mclnn/physics";
import type { Integrator } from "./integrator.ts";
import { velocityVerlet } from "./velocity-verlet.ts";

export interface RolloutOptions {
  /** Time step. Default 0.01. */
  readonly dt?: number;
  /** Steps a record. Default 10. */
  readonly stride?: number;
  /** Default velocity Verlet. */
  readonly integrator?: Integrator;
}

/**
 * Rolls a system out and records it. The given state is left alone.
 *
 * @param records - rows of the trajectory, record 0 (the start) included
 * @throws MclnnError `bad-option`, `bad-shape`, `velocity-dependent-force`; `diverged` (failure) with step, time and particle as soon as a
 * position or velocity is not finite
 */
export function rollout(
  system: ParticleSystem,
  state: State,
  { records, ...options }: RolloutOptions & { readonly records: number },
): Trajectory {
  wholePositive("records", records);
  const { dt = 0.01, stride = 10, integrator = velocityVerlet } = options;
  const size = state.positions.length;
  const times = new Float64Array(records);
  const positions = new Float64Array(records * size);
  const velocities = new Float64Array(records * size);
  let k = 0;
  for (const record of rolloutIterator(system, state, options)) {
    times[k] = record.time;
    positions.set(record.positions, k * size);
    velocities.set(record.velocities, k * size);
    if (++k === records) break;
  }
  return {
    particles: system.masses.length,
    dimension: system.dimension,
    times,
    positions,
    velocities,
    provenance: { potential: system.potential.name, integrator: integrator.name, dt, stride },
  };
}

/**
 * Records of a rollout one by one, without end and without storing them. Each yields the same state object: copy what is to be kept.
 *
 * @throws as {@link rollout}
 */
export function* rolloutIterator(
  system: ParticleSystem,
  state: State,
  { dt = 0.01, stride = 10, integrator = velocityVerlet }: RolloutOptions = {},
): Generator<State, never> {
  if (!(dt > 0) || !Number.isFinite(dt)) throw badOption("dt", "a positive number", dt);
  wholePositive("stride", stride);
  const size = system.masses.length * system.dimension;
  if (state.positions.length !== size || state.velocities.length !== size)
    throw new MclnnError("the state does not fit the system", {
      code: "bad-shape",
      argument: "state",
      expected: `${size} positions and velocities (${system.masses.length} particles in ${system.dimension} dimensions)`,
      got: `${state.positions.length} and ${state.velocities.length}`,
    });
  const start = state.time;
  const current: State = {
    time: start,
    positions: state.positions.slice(),
    velocities: state.velocities.slice(),
  };
  const step = integrator.start(system, current);
  yield current;
  for (let record = 1; ; record++) {
    if (integrator.adaptive) step(dt * stride);
    else for (let s = 0; s < stride; s++) step(dt);
    // Counted, not summed: the time of record 1e6 is as exact as that of record 1.
    current.time = start + record * stride * dt;
    refuseNonFinite(current, system, record, stride);
    yield current;
  }
}

function refuseNonFinite(
  { time, positions, velocities }: State,
  { dimension, potential }: ParticleSystem,
  record: number,
  stride: number,
): void {
  for (let k = 0; k < positions.length; k++) {
    const x = (positions[k] as number) + (velocities[k] as number);
    // x - x is 0 for finite numbers alone.
    if (x - x === 0) continue;
    const particle = Math.floor(k / dimension);
    throw new MclnnError(`the rollout under ${potential.name} diverged`, {
      code: "diverged",
      argument: "dt",
      expected: "finite positions and velocities",
      got: `position ${positions[k]} and velocity ${velocities[k]} of particle ${particle} by step ${record * stride}, time ${time}`,
      mend: "Try a smaller dt, or an adaptive integrator.",
      kind: "failure",
    });
  }
}

function wholePositive(argument: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw badOption(argument, "a whole number from 1", value);
}

function badOption(argument: string, expected: string, value: number): MclnnError {
  return new MclnnError(`${argument} cannot be used`, {
    code: "bad-option",
    argument,
    expected,
    got: String(value),
  });
}
