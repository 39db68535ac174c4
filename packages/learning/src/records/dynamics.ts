import type { TrajectorySet } from "@mclnn/datasets";
import {
  blanesMoan4,
  forestRuth,
  pefrl,
  positionVerlet,
  type SplittingIntegrator,
  type SplittingStage,
  velocityVerlet,
  yoshida6,
} from "@mclnn/integrators";
import { MclnnError } from "@mclnn/physics";
import { createSchedule, type Schedule } from "./schedule.ts";
import { chooseTimeStep, type TimeStepSource } from "./time-step.ts";

/** How rollouts are integrated in training. */
export interface Dynamics {
  /** Name of the method. */
  readonly integrator: string;
  readonly stages: readonly SplittingStage[];
  /** Steps in the shortest interval between records. */
  readonly substeps: number;
  /** Length of a step, where it was named; else a share of the interval. */
  readonly dt: number | null;
  /** Blanes-Moan steps in the shortest interval that sensitivities need; null where they go along with the rollout itself. */
  readonly tangentSubsteps: number | null;
  readonly source: TimeStepSource;
}

/** Methods that rollouts in training can be differentiated through. */
const METHODS: readonly SplittingIntegrator[] = [
  velocityVerlet,
  positionVerlet,
  forestRuth,
  pefrl,
  blanesMoan4,
  yoshida6,
];

/** The splitting method of that name. @throws MclnnError `unknown-integrator` */
export function splittingByName(name: string): SplittingIntegrator {
  const method = METHODS.find((m) => m.name === name);
  if (method === undefined)
    throw new MclnnError(`training cannot roll out with ${name}`, {
      code: "unknown-integrator",
      argument: "integrator",
      expected: `one of ${METHODS.map((m) => m.name).join(", ")}`,
      got: name,
    });
  return method;
}

export interface DynamicsOptions {
  readonly integrator?: string | undefined;
  readonly substeps?: number | undefined;
  readonly dt?: number | undefined;
}

/**
 * The dynamics that options or provenance name; null where neither does, and the data must decide.
 *
 * @throws MclnnError `conflicting-options`, `unknown-integrator`, `bad-time-step`
 */
export function namedDynamics(
  set: TrajectorySet,
  { integrator, substeps, dt }: DynamicsOptions,
): Dynamics | null {
  if (dt !== undefined && substeps !== undefined)
    throw new MclnnError("dt and substeps both say how long a step is", {
      code: "conflicting-options",
      argument: "substeps",
      expected: "dt or substeps",
      got: `dt ${dt} and substeps ${substeps}`,
    });
  const asked = integrator === undefined ? null : splittingByName(integrator);
  const method = asked ?? velocityVerlet;
  if (dt !== undefined) {
    const { stride } = chooseTimeStep(set, dt);
    return { ...named(method), substeps: stride, dt, tangentSubsteps: null, source: "option" };
  }
  if (substeps !== undefined)
    return { ...named(method), substeps, dt: null, tangentSubsteps: null, source: "option" };
  const { dt: made, integrator: maker = velocityVerlet.name } = set.provenance;
  const makerMethod = METHODS.find((m) => m.name === maker);
  if (asked !== null || typeof made !== "number" || makerMethod === undefined) return null;
  const spacing = shortestInterval(set.times);
  const stride = Math.round(spacing / made);
  // Records taken out of a finer run still name its step; other times than whole steps do not come from it.
  if (stride < 1 || !(Math.abs(stride * made - spacing) <= 1e-6 * spacing)) return null;

  return {
    ...named(makerMethod),
    substeps: stride,
    dt: made,
    tangentSubsteps: null,
    source: "provenance",
  };
}

export function named({
  name,
  stages,
}: SplittingIntegrator): Pick<Dynamics, "integrator" | "stages"> {
  return { integrator: name, stages };
}

/** Steps of a rollout over all records that are written out at once. */
const MOST_STEPS = 1_000_000;

/** Events of a rollout over these times. @throws MclnnError `too-many-steps` */
export function scheduleOf(
  times: Float64Array,
  { stages, substeps, dt }: Pick<Dynamics, "stages" | "substeps" | "dt">,
): Schedule {
  const shortest = shortestInterval(times);
  const steps = Array.from({ length: times.length - 1 }, (_, k) => {
    const ratio = (times[k + 1] - times[k]) / shortest;
    return Math.max(1, Math.ceil(ratio * substeps - 1e-6 * substeps));
  });
  const total = steps.reduce((sum, n) => sum + n, 0);
  if (!(total <= MOST_STEPS))
    throw new MclnnError("a rollout through the records takes too many steps", {
      code: "too-many-steps",
      argument: dt === null ? "times" : "dt",
      expected: `at most ${MOST_STEPS} steps a trajectory`,
      got: `${total}, with ${substeps} in the shortest interval`,
      mend: "Take longer steps, or leave out records that follow another too closely.",
    });
  return createSchedule(times, stages, steps, dt ?? undefined);
}

/** Events along which sensitivities are propagated. */
export function tangentsOf(times: Float64Array, dynamics: Dynamics): Schedule {
  const { tangentSubsteps } = dynamics;
  if (tangentSubsteps === null) return scheduleOf(times, dynamics);
  return scheduleOf(times, { ...named(blanesMoan4), substeps: tangentSubsteps, dt: null });
}

/** Events of rollouts over these times, and of their sensitivities; the same where these go along. */
export function schedulesOf(
  times: Float64Array,
  dynamics: Dynamics,
): { readonly schedule: Schedule; readonly tangents: Schedule } {
  const schedule = scheduleOf(times, dynamics);
  const goesAlong = dynamics.tangentSubsteps === null;
  return { schedule, tangents: goesAlong ? schedule : tangentsOf(times, dynamics) };
}

/** Length of a step in the shortest interval between records. */
export const stepLength = (times: Float64Array, { dt, substeps }: Dynamics): number =>
  dt ?? shortestInterval(times) / substeps;

function shortestInterval(times: Float64Array): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < times.length; k++) shortest = Math.min(shortest, times[k] - times[k - 1]);
  return shortest;
}
