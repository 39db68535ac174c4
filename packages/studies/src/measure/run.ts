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
  const size = start.positions.length;
  const times = new Float64Array(records);
  const positions = new Float64Array(records * size);
  const velocities = new Float64Array(records * size);
  let kept = 0;
  let divergedAt: number | null = null;
  try {
    for (const state of rolloutIterator(system, start, { dt, stride, records })) {
      times[kept] = state.time;
      positions.set(state.positions, kept * size);
      velocities.set(state.velocities, kept * size);
      kept++;
    }
  } catch (error) {
    if (!isMclnnError(error) || error.code !== "diverged") throw error;
    divergedAt = start.time + kept * stride * dt;
  }
  return {
    trajectory: {
      particles: system.masses.length,
      dimension: system.dimension,
      times: times.slice(0, kept),
      positions: positions.slice(0, kept * size),
      velocities: velocities.slice(0, kept * size),
      provenance,
    },
    divergedAt,
  };
}
