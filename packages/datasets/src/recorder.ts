import { MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
import { checkArgument, checkState, checkSystem } from "@mclnn/physics/arguments";
import { trajectorySet } from "./make-set.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Makes a set of trajectories out of states as they come. */
export interface Recorder {
  /** Records kept of the trajectory under way. */
  readonly records: number;
  /** Looks at a state; the first of a trajectory is kept, and every `every`-th after it. @returns whether it was. @throws MclnnError as `createState` */
  push(state: Readonly<State>): boolean;
  /** Ends the trajectory under way: the next state begins another. */
  nextTrajectory(): void;
  /** All that was kept, copied; trajectories of one record are left out, for nothing moves in them. @throws MclnnError `too-few-records` where nothing is left, `uneven-times` as {@link trajectorySet} */
  set(): TrajectorySet;
}

/**
 * Begins to record.
 *
 * @param system - whose states come
 * @param options - `every`: states from one record to the next, whole, default 1
 * @throws MclnnError `bad-argument`, `bad-option` and what is wrong with the system
 */
export function createRecorder(
  system: ParticleSystem,
  options: { readonly every?: number } = {},
): Recorder {
  checkSystem(system);
  checkArgument("options", options, { every: "count?" });
  const { every = 1 } = options;
  const { masses, dimension, charges, species } = system;
  let states: State[] = [];
  const runs = [states];
  let seen = 0;
  return {
    get records() {
      return states.length;
    },
    push(state) {
      checkState("state", state, system);
      const kept = seen++ % every === 0;
      const { time, positions, velocities } = state;
      if (kept)
        states.push({
          time,
          positions: Float64Array.from(positions),
          velocities: Float64Array.from(velocities),
        });
      return kept;
    },
    nextTrajectory() {
      if (states.length === 0) return;
      states = [];
      runs.push(states);
      seen = 0;
    },
    set() {
      const moving = runs.filter((run) => run.length > 1);
      if (moving.length === 0)
        throw new MclnnError("nothing was recorded that moves", {
          code: "too-few-records",
          argument: "states",
          expected: "at least 2 records of a trajectory",
          got: String(states.length),
          missing: 2 - states.length,
          addRecords: 2 - states.length,
        });
      return trajectorySet(
        moving.map((run) => ({
          particles: masses.length,
          dimension,
          masses,
          ...(charges === undefined ? {} : { charges }),
          ...(species === undefined ? {} : { species }),
          times: Float64Array.from(run, ({ time }) => time),
          positions: together(run, "positions"),
          velocities: together(run, "velocities"),
        })),
      );
    },
  };
}

function together(run: readonly State[], key: "positions" | "velocities"): Float64Array {
  const size = run[0]?.[key].length ?? 0;
  const out = new Float64Array(run.length * size);
  run.forEach((state, k) => {
    out.set(state[key], k * size);
  });
  return out;
}
