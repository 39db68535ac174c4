import { rolloutIterator } from "@mclnn/integrators";
import {
  isMclnnError,
  type ParticleSystem,
  type Provenance,
  type State,
  type Trajectory,
} from "@mclnn/physics";

/** A run as far as it stayed finite. */
export interface Run {
  /** The records up to where it diverged; all of them where it did not. */
  readonly trajectory: Trajectory;
  /** Time of the first record that is missing; null where none is. */
  readonly divergedAt: number | null;
}

/** Rolls a system out, and keeps what there is when the run diverges: for a model that is a result. */
export function runFrom(
  system: ParticleSystem,
  start: State,
  {
    dt,
    stride,
    records,
    provenance,
  }: { dt: number; stride: number; records: number; provenance: Provenance },
): Run {
  const recorder = recorderFor(system, records);
  let divergedAt: number | null = null;
  try {
    for (const state of rolloutIterator(system, start, { dt, stride, records }))
      recorder.add(state);
  } catch (error) {
    if (!isMclnnError(error) || error.code !== "diverged") throw error;
    divergedAt = start.time + recorder.count * stride * dt;
  }
  return { trajectory: { ...recorder.recorded(), provenance }, divergedAt };
}

/** States of a run, one after the other. */
export interface Recorded extends Omit<Trajectory, "provenance"> {
  readonly velocities: Float64Array;
}

/** Keeps states of a run as they come. @param records - at most */
export function recorderFor(
  { masses, dimension }: ParticleSystem,
  records: number,
): { readonly count: number; add(state: State): void; recorded(): Recorded } {
  const size = masses.length * dimension;
  const times = new Float64Array(records);
  const positions = new Float64Array(records * size);
  const velocities = new Float64Array(records * size);
  let count = 0;
  return {
    get count() {
      return count;
    },
    add(state) {
      times[count] = state.time;
      positions.set(state.positions, count * size);
      velocities.set(state.velocities, count * size);
      count++;
    },
    recorded: () => ({
      particles: masses.length,
      dimension,
      times: times.slice(0, count),
      positions: positions.slice(0, count * size),
      velocities: velocities.slice(0, count * size),
    }),
  };
}
