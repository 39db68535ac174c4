import { MclnnError } from "@mclnn/physics";
import { scheduleOf, stepLength } from "../records/dynamics.ts";
import type { Schedule } from "../records/schedule.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { Understanding } from "../understand/understanding.ts";
import { arranged, type Task } from "./task.ts";

/** Trajectories to judge by, and how laws are rolled out beside them. */
export interface Validation {
  /** Terms that are given act in them; those that are learned do not, before they are. */
  readonly data: TrainingData;
  readonly schedule: Schedule;
}

/** The task's validation trajectories; null where there are none. @throws MclnnError `bad-shape` */
export function validationOf(task: Task, understanding: Understanding): Validation | null {
  const { set, options } = task;
  const { validation } = options;
  if (validation === undefined) return null;
  if (validation.particles !== set.particles || validation.dimension !== set.dimension)
    throw new MclnnError("validation trajectories are of another system", {
      code: "bad-shape",
      argument: "validation",
      expected: `${set.particles} particles in ${set.dimension} dimensions`,
      got: `${validation.particles} particles in ${validation.dimension} dimensions`,
    });
  const data = arranged(task, validation, understanding.startStates === "exact");
  const { dynamics, data: own } = understanding.hypothesis;
  // The same length of step where records are as far apart as they are, or any whole number of them.
  const step = stepLength(own.times, dynamics);
  const spacing = data.times[1] - data.times[0];
  const substeps = Math.max(1, Math.ceil(spacing / step - 1e-6));
  const dt = Math.abs(substeps * step - spacing) <= 1e-6 * spacing ? dynamics.dt : null;
  return { data, schedule: scheduleOf(data.times, { ...dynamics, substeps, dt }) };
}
