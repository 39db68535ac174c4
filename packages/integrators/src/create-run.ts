import type { ParticleSystem, State } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { prepareRun, type RunOptions } from "./run.ts";

/** A simulation under way, for a page that draws it or a program that looks at it between steps. */
export interface Run {
  /** Where it is now: the same object and arrays after every step, to be read. Copy what is to be kept. */
  readonly state: Readonly<State>;
  /** Of the state, counted from the start without adding up. */
  readonly time: number;
  /**
   * Takes that many steps of `dt`, one unless said.
   *
   * @throws MclnnError `bad-option`; `diverged` (kind `failure`) with step, time and particles when positions or velocities stop being finite. The
   * state is then the one before this call, and the run is over: every further step throws the same.
   */
  step(steps?: number): void;
}

/**
 * Begins a run that goes on when it is told to. Step by step it gives the bits that {@link rollout} gives.
 *
 * @param state - the start, positions and velocities [N x dimension], left as it is
 * @param options - `dt`: time of a step, default 0.01; `integrator`: default velocity Verlet. An adaptive one goes over each call's time in steps of
 * its own
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-shape`, `not-finite` (start or its forces)
 */
export function createRun(
  system: ParticleSystem,
  state: State,
  options: Omit<RunOptions, "stride"> = {},
): Run {
  const run = prepareRun(system, state, options);
  let end: { readonly error: unknown } | undefined;
  return {
    state: run.state,
    get time() {
      return run.state.time;
    },
    step(steps = 1) {
      checkArgument("steps", steps, "count");
      if (end !== undefined) throw end.error;
      try {
        run.advance(steps);
      } catch (error) {
        end = { error };
        const { time, positions, velocities } = run.last;
        run.state.time = time;
        run.state.positions.set(positions);
        run.state.velocities.set(velocities);
        throw error;
      }
    },
  };
}
