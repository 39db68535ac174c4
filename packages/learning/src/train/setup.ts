import type { TrajectorySet } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { MclnnError } from "@mclnn/physics";
import {
  type Dynamics,
  named,
  scheduleOf,
  schedulesOf,
  splittingByName,
} from "../records/dynamics.ts";
import { chooseTimeStep } from "../records/time-step.ts";
import { arrange, type TrainingData } from "../records/training-data.ts";
import { inUnits, type Units } from "../records/units.ts";
import type { LossLog } from "../runs/loss-log.ts";
import type { StateKeeper } from "../runs/state-keeper.ts";
import type { StartStates, TrainOptions } from "../runs/train-options.ts";
import type { Understanding } from "../understand/understand.ts";
import type { TrainingProblem, TrainSettings } from "./problem.ts";

/** A training before its data have been looked into. */
export interface Setup {
  readonly set: TrajectorySet;
  readonly options: TrainOptions;
  readonly settings: TrainSettings;
  readonly units: Units;
  readonly species: TrainingProblem["species"];
  readonly log: LossLog;
  readonly keeper: StateKeeper;
  readonly masses?: TrainingProblem["masses"];
  /** What a search under close masses has found. */
  readonly found?: Understanding | undefined;
}

/** A problem whose dynamics and start states are known. */
export function problemWith(
  { set, options, settings, units, species, log, keeper, masses = null }: Setup,
  data: TrainingData,
  dynamics: Dynamics,
  startStates: StartStates,
  {
    hint = null,
    exactFit = null,
    parts = null,
  }: Partial<Pick<TrainingProblem, "hint" | "exactFit" | "parts">> = {},
): TrainingProblem {
  const { validation } = options;
  return {
    data,
    ...schedulesOf(data.times, dynamics),
    validation: validation === undefined ? null : prepareValidation(validation),
    dynamics,
    dt: stepLength(data.times, dynamics) * units.time,
    startStates,
    units,
    species,
    particleSpecies: set.species,
    masses,
    hint,
    exactFit,
    parts,
    provenance: set.provenance,
    settings,
    log,
    keeper,
  };

  function prepareValidation(other: TrajectorySet): TrainingProblem["validation"] {
    if (other.particles !== set.particles || other.dimension !== set.dimension)
      throw new MclnnError("validation trajectories are of another system", {
        code: "bad-shape",
        argument: "validation",
        expected: `${set.particles} particles in ${set.dimension} dimensions`,
        got: `${other.particles} particles in ${other.dimension} dimensions`,
      });
    const scaled = arrange(inUnits(other, units), {
      coupling: settings.coupling,
      needVelocities: startStates === "exact",
      separateSpecies: species !== null,
      threads: options.threads,
    });
    // The same length of step where records are as far apart as they are, or any whole number of them.
    const step = stepLength(data.times, dynamics);
    const spacing = scaled.times[1] - scaled.times[0];
    const substeps = Math.max(1, Math.ceil(spacing / step - 1e-6));
    return {
      data: scaled,
      schedule: scheduleOf(scaled.times, {
        ...dynamics,
        substeps,
        dt: Math.abs(substeps * step - spacing) <= 1e-6 * spacing ? dynamics.dt : null,
      }),
    };
  }
}

/** Length of a step in training units. */
function stepLength(times: Float64Array, { dt, substeps }: Dynamics): number {
  if (dt !== null) return dt;
  let shortest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < times.length; k++) shortest = Math.min(shortest, times[k] - times[k - 1]);
  return shortest / substeps;
}

/** The problem of a descent: start states as given, dynamics as told or as the provenance says. @throws MclnnError `conflicting-options` */
export function problemByGradient(setup: Setup): TrainingProblem {
  const { set, options, settings, units, species } = setup;
  if (settings.velocities === "unknown" || set.velocities === undefined)
    throw new MclnnError(`${settings.optimizer} needs start velocities`, {
      code: "conflicting-options",
      argument: "optimizer",
      expected: "optimizer auto where start states are unknown",
      got: settings.optimizer,
    });
  const data = arrange(inUnits(set, units), {
    coupling: settings.coupling,
    separateSpecies: species !== null,
    threads: options.threads,
  });
  const { dt, stride, source } = chooseTimeStep(
    set,
    options.dt ?? (options.substeps === undefined ? undefined : spacingOf(set) / options.substeps),
  );
  const method =
    options.integrator === undefined ? velocityVerlet : splittingByName(options.integrator);
  const dynamics: Dynamics = {
    ...named(method),
    substeps: stride,
    dt: dt / units.time,
    tangentSubsteps: null,
    source,
  };
  return problemWith(setup, data, dynamics, "exact");
}

const spacingOf = ({ times }: TrajectorySet): number => times[1] - times[0];
