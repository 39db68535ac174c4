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

/** A run under way: its state, and the way to the next record. */
export interface Run {
  readonly state: State;
  readonly settings: Required<RunOptions>;
  /** Goes on to that record, the next one. */
  advanceTo(record: number): void;
}

/** Checks options and start, and prepares a run on a copy of `start`. */
export function prepareRun(system: ParticleSystem, start: State, options: RunOptions): Run {
  checkArgument("options", options, { stride: "count?", records: "count?" });
  const { dt = 0.01, stride = 10, integrator = velocityVerlet } = options;
  checkArgument("dt", dt, "positive", { mend: "To go back in time, turn the velocities round." });
  checkIntegrator("integrator", integrator);
  checkStart(system, start);
  const { dimension } = system;
  const state = copyOf(start);
  const last = copyOf(start);
  const step = integrator.start(system, state);
  checkArgument("integrator.start()", step, "function");
  const steps = integrator.adaptive ? 1 : stride;
  const length = integrator.adaptive ? stride * dt : dt;

  function advanceTo(record: number): void {
    try {
      for (let taken = 0; taken < steps; taken++) step(length);
    } catch (error) {
      // Forces were fine at the start: it is the run that led to where they are not.
      if (isMclnnError(error)) locate(record, error);
      throw error;
    }
    if (!allFinite(state.positions) || !allFinite(state.velocities)) locate(record);
    // Counted, not added up: the time of record 1e6 is as exact as that of record 1.
    state.time = start.time + record * stride * dt;
    last.time = state.time;
    last.positions.set(state.positions);
    last.velocities.set(state.velocities);
  }

  /** Goes over the last record again and looks at every step, which no good run pays for: a broken state is found before its forces fail. */
  function locate(record: number, cause?: unknown): never {
    const again = integrator.start(system, last);
    const before = last.positions.slice();
    for (let taken = 0; ; taken++) {
      const place = placeOf(record, taken);
      before.set(last.positions);
      if (taken === steps) throw diverged(place, "others, but not a second time", cause);
      try {
        again(length);
      } catch (error) {
        throw isMclnnError(error) ? located(error, place, closestOf(before, dimension)) : error;
      }
      for (const what of ["positions", "velocities"] as const)
        if (!allFinite(last[what]))
          throw diverged(
            place,
            `${what} that are not finite for ${namesOfBroken(last[what], dimension)} under ${system.potential.name}${closestOf(before, dimension)}`,
          );
    }
  }

  function placeOf(record: number, taken: number): string {
    const from = (record - 1) * stride + Math.min(taken, steps - 1);
    const to = integrator.adaptive ? record * stride : from + 1;
    return `in step ${to}, between t = ${start.time + from * dt} and ${start.time + to * dt}`;
  }

  return { state, settings: { dt, stride, integrator }, advanceTo };
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
  const { positions, velocities } = copyOf(start);
  const size = positions.length;
  const forces = new Float64Array(size);
  try {
    accelerations(system, positions, forces, velocities);
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
