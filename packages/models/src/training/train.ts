import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { now } from "../clock.ts";
import type { ModelByKind, ModelKind, SpeciesModel } from "../model.ts";

<<<<<<< HEAD

import { checkHidden } from "../network.ts";
import { drive } from "./drive.ts";
import {
  type Dynamics,
  named,
  namedDynamics,
  scheduleOf,
  splittingByName,
  tangentsOf,
} from "./dynamics.ts";
import { checkEnough } from "./enough-data.ts";
import { fitMasses, massesByMomentum } from "./fit-masses.ts";
import { type FoundDynamics, findDynamics } from "./function-first/dynamics-search.ts";
import { fitSpline } from "./function-first/spline-fit.ts";
import { LossLog } from "./loss-log.ts";
import type { TrainingProblem, TrainSettings } from "./problem.ts";
import { StateKeeper } from "./state-keeper.ts";
import { chooseTimeStep } from "./time-step.ts";
import { trainByGradient } from "./train-by-gradient.ts";
import { trainMclnn } from "./train-mclnn.ts";
import { trainMeasured } from "./train-measured.ts";
import type { StartStates, TrainOptions, TrainResult } from "./train-options.ts";
import { trainSpline } from "./train-spline.ts";
import { createTrainingData, speciesPairs, type TrainingData } from "./training-data.ts";
import { chooseUnits, inUnits, type Units } from "./units.ts";

/** Loss at which training stops by default: the paper's (Table 1). */
export const PAPER_LOSS = 1e-8;
=======

import type { TrainOptions, TrainResult } from "./train-options.ts";

>>>>>>> main

/**
 * Learns a law from trajectories.
 *
 * `mclnn` with optimizer `auto` solves for the function V' first and fits the network to it second; `adam` and `lbfgs` descend the
 * rollout loss (Eq. 6) itself. `spline` is the function alone; `lnn` the baseline, one network over all positions.
 *
 * Pair laws take what there is: noise, positions alone, missing observations, other integrators' trajectories, any units
 * (see {@link TrainOptions}); what was found out about the data is in the result.
 *
 * @throws MclnnError of kind `input` for data or options that cannot be used, of kind `failure` when training diverges or is stopped
 * before there is any model
 */
export async function train<K extends ModelKind = "mclnn">(
  data: TrajectorySet,
  options: TrainOptions & { readonly model?: K } = {},
): Promise<TrainResult<ModelByKind[K]>> {
  const started = now();
  const { learn } = await import("./learn.ts");
  // The kind asked for is the kind that `learn` makes; the compiler cannot follow that through the switch.
  return (await learn(data, options, {
    started,
    separateSpecies: false,
  })) as TrainResult<ModelByKind[K]>;
}

/**
 * Learns one law for each pair of species, all together; otherwise as {@link train}.
 *
 * @throws MclnnError as {@link train}; `missing-species`; `conflicting-options` for the baseline, which has no pair laws
 */
export async function trainSpecies(
  data: TrajectorySet,
  options: TrainOptions & { readonly model?: "mclnn" | "spline" } = {},
): Promise<TrainResult<SpeciesModel>> {
  if (data.species === undefined)
    throw new MclnnError("the trajectories do not say which particle is of which species", {
      code: "missing-species",
      argument: "species",
      expected: "a species for every particle",
      got: "none",
      mend: "Add a `species` array, or learn one law for all pairs.",
    });
  const started = now();
<<<<<<< HEAD
  const checked = checkOptions(options);
  if (checked.model === "lnn") {
    refuseForBaseline(data, options);
    return trainLnnOnTrajectories(data, options);
  }
  const { coupling } = checked;
  const units = chooseUnits(data, coupling);
  const area = units.length ** 2;
  const settings: TrainSettings = {
    ...checked,
    until: options.until === undefined ? PAPER_LOSS : options.until / area,
  };
  const log = new LossLog(started, { ...settings, area });
  const keeper = new StateKeeper(options.checkpoints, log);
  const species = separateSpecies ? speciesPairs(data.species) : null;
  const setup: Setup = { set: data, options, settings, units, species, log, keeper };
  if (options.fitMasses === true) refuseMassFit(data, options);
  if (settings.optimizer !== "auto") return trainByGradient(problemByGradient(setup));
  const problem = await problemFromData(
    options.fitMasses === true ? await withFittedMasses(setup) : setup,
  );
  if (problem.startStates !== "exact") return trainMeasured(problem);
  return settings.model === "spline" ? trainSpline(problem) : trainMclnn(problem);
}

interface Setup {
  readonly set: TrajectorySet;
  readonly options: TrainOptions;
  readonly settings: TrainSettings;
  readonly units: Units;
  readonly species: TrainingProblem["species"];
  readonly log: LossLog;
  readonly keeper: StateKeeper;
  readonly masses?: TrainingProblem["masses"];
  /** What a search under close masses has found. */
  readonly found?: FoundDynamics | undefined;
}

/** A problem whose dynamics and start states are known. */
function problemWith(
  { set, options, settings, units, species, log, keeper, masses = null }: Setup,
  data: TrainingData,
  dynamics: Dynamics,
  startStates: StartStates,
  hint: TrainingProblem["hint"],
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
    const scaled = createTrainingData(inUnits(other, units), {
      coupling: settings.coupling,
      needVelocities: startStates === "exact",
      separateSpecies: species !== null,
    });
    // The same length of step where records are as far apart as they are, or any whole number of them.
    const step = stepLength(data.times, dynamics);
    const spacing = (scaled.times[1] as number) - (scaled.times[0] as number);
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

function schedulesOf(
  times: Float64Array,
  dynamics: Dynamics,
): Pick<TrainingProblem, "schedule" | "tangents"> {
  const schedule = scheduleOf(times, dynamics);
  const { tangentSubsteps } = dynamics;
  return { schedule, tangents: tangentSubsteps === null ? schedule : tangentsOf(times, dynamics) };
}

/** Length of a step in training units. */
function stepLength(times: Float64Array, { dt, substeps }: Dynamics): number {
  if (dt !== null) return dt;
  let shortest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < times.length; k++)
    shortest = Math.min(shortest, (times[k] as number) - (times[k - 1] as number));
  return shortest / substeps;
}

function problemByGradient(setup: Setup): TrainingProblem {
  const { set, options, settings, units, species } = setup;
  if (settings.velocities === "unknown" || set.velocities === undefined)
    throw new MclnnError(`${settings.optimizer} needs start velocities`, {
      code: "conflicting-options",
      argument: "optimizer",
      expected: "optimizer auto where start states are unknown",
      got: settings.optimizer,
    });
  const data = createTrainingData(inUnits(set, units), {
    coupling: settings.coupling,
    separateSpecies: species !== null,
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
  return problemWith(setup, data, dynamics, "exact", null);
}

const spacingOf = ({ times }: TrajectorySet): number => (times[1] as number) - (times[0] as number);

/** Loss above which data are not taken as exact without a closer look. */
const EXACT = 1e-11;

/** Finds out what the options leave open: integrator, substeps, start states. */
async function problemFromData(setup: Setup): Promise<TrainingProblem> {
  const { set, settings, units, species, log } = setup;
  const { velocities } = settings;
  const mode =
    velocities === "auto" && (set.velocities === undefined || !startsComplete(set))
      ? "unknown"
      : velocities;
  checkEnough(set, { freeStarts: mode === "unknown", laws: species?.length ?? 1 });
  const data = createTrainingData(inUnits(set, units), {
    coupling: settings.coupling,
    needVelocities: mode !== "unknown",
    separateSpecies: species !== null,
  });
  const asNamed = namedDynamics(set, settings);
  const dynamics =
    asNamed === null || asNamed.dt === null ? asNamed : { ...asNamed, dt: asNamed.dt / units.time };
  const drivenBy = {
    signal: settings.signal,
    timeLimit: settings.timeLimit,
    started: log.started,
    onStep: ({ phase, iterations, loss }: { phase: string; iterations: number; loss: number }) =>
      log.progress(phase, iterations, loss),
  };
  if (setup.found !== undefined) return asFound(setup, data, setup.found);
  // What is said about the data is taken as it is, unless the data contradict it.
  if (dynamics !== null && mode === "given")
    return problemWith(setup, data, dynamics, "exact", null);
  if (dynamics !== null && mode === "auto") {
    const quick = await drive(
      fitSpline(data, scheduleOf(data.times, dynamics), {
        robustAbove: Number.POSITIVE_INFINITY,
      }),
      drivenBy,
    );
    if ("interrupted" in quick || quick.result.loss <= EXACT)
      return problemWith(setup, data, dynamics, "exact", null);
  }
  const search = await drive(
    findDynamics(data, {
      dynamics,
      method: settings.integrator === undefined ? null : splittingByName(settings.integrator),
      velocities: mode,
    }),
    drivenBy,
  );
  if ("interrupted" in search)
    throw new MclnnError("training was stopped before there was a law to keep", {
      code: search.interrupted,
      expected: "time for the first fit of V'",
      got: `${search.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  return asFound(setup, data, search.result);
}

function asFound(setup: Setup, data: TrainingData, found: FoundDynamics): TrainingProblem {
  const { slope, cells, shape, separations, velocityWeight, unresolved, stepError } = found;
  return problemWith(setup, data, found.dynamics, found.startStates, {
    slope,
    cells,
    shape,
    separations,
    velocityWeight,
    unresolved: unresolved ? stepError : null,
  });
}

function refuseMassFit(
  { particles, species }: TrajectorySet,
  { optimizer = "auto", coupling = "none" }: TrainOptions,
): void {
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError("masses cannot be fitted here", {
      code: "conflicting-options",
      argument,
      expected,
      got,
    });
  };
  if (optimizer !== "auto") refuse("optimizer", "auto, where masses are fitted", optimizer);
  if (coupling === "charge-product") refuse("coupling", "none or mass-product", coupling);
  if (new Set(species).size > 1) refuse("fitMasses", "one species", "several");
  if (particles < 3)
    refuse("fitMasses", "3 particles or more: two only show their reduced mass", `${particles}`);
}

/** The setup with the masses that the trajectories ask for. */
async function withFittedMasses(setup: Setup): Promise<Setup> {
  const { set, settings, units, log } = setup;
  const scaled = inUnits(set, units);
  const freeStarts =
    settings.velocities === "unknown" || set.velocities === undefined || !startsComplete(set);
  checkEnough(set, { freeStarts, laws: 1 });
  const dataOf = (of: TrajectorySet): TrainingData =>
    createTrainingData(of, { coupling: settings.coupling, needVelocities: !freeStarts });
  const data = dataOf(scaled);
  const asNamed = namedDynamics(set, settings);
  const dynamics =
    asNamed === null || asNamed.dt === null ? asNamed : { ...asNamed, dt: asNamed.dt / units.time };
  const masses = massesByMomentum(data, scaled.masses[0] as number);
  const common = { coupling: settings.coupling, seed: settings.seed, freeStarts, dynamics };
  let found: FoundDynamics | undefined;
  const outcome = await drive(
    (function* () {
      if (masses === null) return yield* fitMasses(scaled, data, { ...common, hint: null });
      const close = { ...scaled, masses };
      const own = dataOf(close);
      const hint = yield* findDynamics(own, {
        dynamics,
        method: settings.integrator === undefined ? null : splittingByName(settings.integrator),
        velocities: freeStarts ? "unknown" : settings.velocities,
      });
      found = hint;
      return yield* fitMasses(close, own, { ...common, hint });
    })(),
    {
      signal: settings.signal,
      timeLimit: settings.timeLimit,
      started: log.started,
      onStep: ({ phase, iterations, loss }) => log.progress(phase, iterations, loss),
    },
  );
  if ("interrupted" in outcome)
    throw new MclnnError("training was stopped before there were masses", {
      code: outcome.interrupted,
      expected: "time to fit the masses",
      got: `${outcome.interrupted} after ${log.seconds().toFixed(2)} s`,
      kind: "failure",
    });
  const fitted = outcome.result.map((each) => ({ ...each, mass: each.mass * units.mass }));
  return {
    ...setup,
    set: { ...set, masses: Float64Array.from(fitted, ({ mass }) => mass) },
    masses: fitted,
    found,
  };
}

function startsComplete({ trajectories, records, particles, observed }: TrajectorySet): boolean {
  if (observed === undefined) return true;
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      if (observed[t * records * particles + i] !== 1) return false;
  return true;
}

function refuseForBaseline(
  data: TrajectorySet,
  { integrator, substeps, velocities }: TrainOptions,
): void {
  const refuse = (argument: string, expected: string, got: string): never => {
    throw new MclnnError(`the baseline cannot be trained with ${argument} ${got}`, {
      code: "conflicting-options",
      argument,
      expected,
      got,
      mend: "The models mclnn and spline can.",
    });
  };
  if (data.observed !== undefined) refuse("observed", "complete trajectories", "missing records");
  if (velocities === "unknown") refuse("velocities", "auto or given", "unknown");
  if (integrator !== undefined) refuse("integrator", "none: it is velocity Verlet", integrator);
  if (substeps !== undefined) refuse("substeps", "dt instead", String(substeps));
}

function checkOptions(options: TrainOptions): TrainSettings {
  const {
    model = "mclnn",
    hidden = [10, 10],
    seed = 100,
    until = PAPER_LOSS,
    optimizer = "auto",
    learningRate = 1e-3,
    coupling = "none",
    velocities = "auto",
    integrator,
    substeps,
    dt,
    epochs,
    timeLimit,
    signal,
    onProgress,
  } = options;
  checkHidden(hidden);
  const positive = (argument: string, value: number | undefined, whole = false): void => {
    if (value === undefined) return;
    if (!(value > 0) || !Number.isFinite(value) || (whole && !Number.isInteger(value)))
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: whole ? "a positive whole number" : "a positive number",
        got: String(value),
      });
  };
  positive("until", until);
  positive("learningRate", learningRate);
  positive("epochs", epochs, true);
  positive("substeps", substeps, true);
  positive("timeLimit", timeLimit);
  if (!Number.isInteger(seed))
    throw new MclnnError("seed cannot be used", {
      code: "bad-option",
      argument: "seed",
      expected: "a whole number",
      got: String(seed),
    });
  if (!["auto", "given", "unknown"].includes(velocities))
    throw new MclnnError("velocities cannot be used", {
      code: "bad-option",
      argument: "velocities",
      expected: "auto, given or unknown",
      got: String(velocities),
    });
  return {
    model,
    hidden,
    seed,
    until,
    optimizer,
    learningRate,
    coupling,
    velocities,
    integrator,
    substeps,
    dt,
    epochs,
    timeLimit: timeLimit === undefined ? undefined : timeLimit * 1000,
    signal,
    onProgress,
  };
=======
  const { learn } = await import("./learn.ts");
  // With species the laws come as one model of them all.
  return (await learn(data, options, {
    started,
    separateSpecies: true,
  })) as unknown as TrainResult<SpeciesModel>;
>>>>>>> main
}
