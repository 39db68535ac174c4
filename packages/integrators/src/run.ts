import {
  accelerations,
  isMclnnError,
  MclnnError,
  type ParticleSystem,
  type State,
} from "@mclnn/physics";
import { checkArgument, checkState, checkSystem } from "@mclnn/physics/arguments";
import { allFinite, closestOf, diverged, namesOfBroken } from "./divergence.ts";
import type { Integrator } from "./integrator.ts";
import { velocityVerlet } from "./velocity-verlet.ts";

/** How a run is made. */
export interface RunOptions {
  /** Time of a step, positive. Default 0.01. To go back in time, turn the velocities round. */
  readonly dt?: number;
  /** Steps from one record to the next. Default 10. An adaptive method goes over dt x stride in steps of its own. */
  readonly stride?: number;
  /** Default {@link velocityVerlet}. */
  readonly integrator?: Integrator;
}

/** A run under way. */
export interface Advance {
  /** Where it is; its arrays are filled anew at every step. */
  readonly state: State;
  /** Where it was before the last steps; after a failure it is still that. */
  readonly last: Readonly<State>;
  readonly settings: Required<RunOptions>;
  /** Takes that many steps. */
  advance(steps: number): void;
}

/** Checks options and start, and prepares a run on a copy of `start`. */
export function prepareRun(system: ParticleSystem, start: State, options: RunOptions): Advance {
  checkArgument("options", options, { stride: "count?", records: "count?" });
  const { dt = 0.01, stride = 10, integrator = velocityVerlet } = options;
  checkArgument("dt", dt, "positive", { mend: "To go back in time, turn the velocities round." });
  checkIntegrator("integrator", integrator);
  checkStart(system, start);
  const { dimension } = system;
  const state = copyOf(start);
  const last = copyOf(start);
  const origin = start.time;
  const step = integrator.start(system, state);
  checkArgument("integrator.start()", step, "function");
  let done = 0;

  function advance(steps: number): void {
    const calls = integrator.adaptive ? 1 : steps;
    const length = integrator.adaptive ? steps * dt : dt;
    try {
      for (let taken = 0; taken < calls; taken++) step(length);
    } catch (error) {
      // Forces were fine at the start: it is the run that led to where they are not.
      if (isMclnnError(error)) locate(steps, error);
      throw error;
    }
    if (!allFinite(state.positions) || !allFinite(state.velocities)) locate(steps);
    done += steps;
    // Counted, not added up: the time of step 1e6 is as exact as that of step 1.
    state.time = origin + done * dt;
    last.time = state.time;
    last.positions.set(state.positions);
    last.velocities.set(state.velocities);
  }

  /** Goes over the last steps again and looks at every one, which no good run pays for: a broken state is found before its forces fail. */
  function locate(steps: number, cause?: unknown): never {
    // Its noise does not come again.
    if (integrator.motion !== undefined)
      throw diverged(
        `in steps ${done + 1} to ${done + steps}, after t = ${last.time}`,
        `others under ${system.potential.name}${closestOf(last.positions, dimension)}`,
        cause,
      );
    const calls = integrator.adaptive ? 1 : steps;
    const length = integrator.adaptive ? steps * dt : dt;
    const tried = copyOf(last);
    const again = integrator.start(system, tried);
    const before = last.positions.slice();
    for (let taken = 0; ; taken++) {
      const from = done + Math.min(taken, calls - 1);
      const to = integrator.adaptive ? done + steps : from + 1;
      const place = `in step ${to}, between t = ${origin + from * dt} and ${origin + to * dt}`;
      before.set(tried.positions);
      if (taken === calls) throw diverged(place, "others, but not a second time", cause);
      try {
        again(length);
      } catch (error) {
        throw isMclnnError(error) ? located(error, place, closestOf(before, dimension)) : error;
      }
      for (const what of ["positions", "velocities"] as const)
        if (!allFinite(tried[what]))
          throw diverged(
            place,
            `${what} that are not finite for ${namesOfBroken(tried[what], dimension)} under ${system.potential.name}${closestOf(before, dimension)}`,
          );
    }
  }

  return { state, last, settings: { dt, stride, integrator }, advance };
}

/** An error of a step with its place in the run. */
function located(error: MclnnError, place: string, closest: string): MclnnError {
  if (error.code !== "grid-range")
    return diverged(place, error.message.replace(/\.$/, "") + closest, error);
  return new MclnnError(`the rollout left the grid of exact momentum ${place}`, error);
}

/** A state of its own with the same values. */
export function copyOf({ time, positions, velocities }: State): State {
  return {
    time,
    positions: Float64Array.from(positions),
    velocities: Float64Array.from(velocities),
  };
}

/** Refuses what is no integrator. @throws MclnnError `bad-option` */
function checkIntegrator(argument: string, integrator: Integrator): void {
  checkArgument(
    argument,
    integrator,
    { start: "function", name: "text" },
    {
      code: "bad-option",
      mend: "Use one of this package's, or integratorByName(name).",
    },
  );
}

function checkStart(system: ParticleSystem, start: State): void {
  checkSystem(system);
  checkState("state", start, system);
  const { dimension, potential } = system;
  const { time, positions, velocities } = copyOf(start);
  const size = positions.length;
  const forces = new Float64Array(size);
  try {
    accelerations(system, positions, forces, velocities, time);
  } catch (error) {
    // At the start it is the input that is at fault, whatever the potential calls it.
    if (!isMclnnError(error) || error.kind === "input") throw error;
    throw notFinite("state", error.message, error);
  }
  if (!allFinite(forces))
    throw notFinite(
      "state",
      `forces of ${potential.name} on ${namesOfBroken(forces, dimension)} that are not`,
    );
}

function notFinite(argument: string, got: string, cause?: unknown): MclnnError {
  return new MclnnError("a rollout cannot begin here", {
    code: "not-finite",
    argument,
    expected: "finite numbers",
    got,
    cause,
  });
}
