import type { ParticleSystem, State, Trajectory } from "@mclnn/physics";
import { checkArgument, room } from "@mclnn/physics/arguments";
import { type Advance, copyOf, prepareRun, type RunOptions } from "./run.ts";

/** How a rollout is made. */
export interface RolloutOptions extends RunOptions {
  /** Rows of the trajectory, the start included: (records - 1) x stride steps are taken. */
  readonly records: number;
}

/** How a rollout without storage is made. */
export interface RolloutIteratorOptions extends RunOptions {
  /** States to yield, the start included. Default: without end. */
  readonly records?: number;
}

/**
 * Runs a system from a state, and keeps every `stride`-th step.
 *
 * Record k has time `state.time + k stride dt`. The given state is left as it was.
 *
 * @param state - the start, positions and velocities [N x dimension]
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-shape`, `not-finite` (start or its forces), `out-of-memory`; `diverged` (kind
 * `failure`) with step, time and particles when positions or velocities stop being finite
 */
export function rollout(system: ParticleSystem, state: State, options: RolloutOptions): Trajectory {
  checkArgument("options", options, { records: "count" });
  const { records } = options;
  const run = prepareRun(system, state, options);
  const { masses, dimension, charges, species, potential } = system;
  const { dt, stride, integrator } = run.settings;
  const size = masses.length * dimension;
  const times = room("records", records);
  const positions = room("records", records * size);
  const velocities = room("records", records * size);
  for (let record = 0; record < records; record++) {
    if (record > 0) run.advance(stride);
    times[record] = run.state.time;
    positions.set(run.state.positions, record * size);
    velocities.set(run.state.velocities, record * size);
  }
  return {
    particles: masses.length,
    dimension,
    masses,
    ...(charges === undefined ? {} : { charges }),
    ...(species === undefined ? {} : { species }),
    times,
    positions,
    velocities,
    provenance: {
      integrator: integrator.name,
      ...(integrator.parameters === undefined
        ? {}
        : { integratorParameters: integrator.parameters }),
      dt,
      stride,
      potential: potential.name,
    },
  };
}

/**
 * Runs a system from a state, and yields every `stride`-th step without keeping any, the start first.
 *
 * Each state yielded is a copy, the caller's own. Options and start are checked at once, not at the first `next()`.
 *
 * @throws MclnnError as {@link rollout}
 */
export function rolloutIterator(
  system: ParticleSystem,
  state: State,
  options: RolloutIteratorOptions = {},
): IterableIterator<State> {
  const run = prepareRun(system, state, options);
  return statesOf(run, options.records ?? Number.POSITIVE_INFINITY);
}

function* statesOf(run: Advance, records: number): Generator<State, void, undefined> {
  for (let record = 0; record < records; record++) {
    if (record > 0) run.advance(run.settings.stride);
    yield copyOf(run.state);
  }
}
