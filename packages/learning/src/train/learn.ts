import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import { speciesPairs } from "../records/training-data.ts";
import { chooseUnits } from "../records/units.ts";
import { LossLog } from "../runs/loss-log.ts";
import { StateKeeper } from "../runs/state-keeper.ts";
import { PAPER_LOSS, type TrainOptions, type TrainResult } from "../runs/train-options.ts";
import type { TrainSettings } from "./problem.ts";
import { problemFromData } from "./problem-from-data.ts";
import { checkOptions } from "./settings.ts";
import { problemByGradient, type Setup } from "./setup.ts";
import { trainByGradient } from "./train-by-gradient.ts";
import { trainMclnn } from "./train-mclnn.ts";
import { trainSpline } from "./train-spline.ts";

/**
 * Learns the kind of law that the options ask for, from the data as they are. Loads what only some data need when they do.
 *
 * @param started - when the data were in memory, by the clock
 * @throws MclnnError as {@link train}
 */
export async function learn(
  data: TrajectorySet,
  options: TrainOptions,
  { started, separateSpecies }: { started: number; separateSpecies: boolean },
): Promise<TrainResult> {
  checkTrajectorySet("data", data);
  const checked = checkOptions(options);
  if (options.validation !== undefined) checkTrajectorySet("validation", options.validation);
  if (separateSpecies && data.species === undefined) refuseWithoutSpecies();
  if (checked.model === "lnn") {
    refuseForBaseline(data, options);
    const { fitLnnToTrajectories } = await import("../baseline/training.ts");
    return fitLnnToTrajectories(data, options, started);
  }
  const { coupling } = checked;
  const units = chooseUnits(data, coupling);
  const area = units.length * units.length;
  const settings: TrainSettings = {
    ...checked,
    until: options.until === undefined ? PAPER_LOSS : options.until / area,
  };
  const log = new LossLog(started, { ...settings, area });
  const keeper = new StateKeeper(options.checkpoints, log);
  const species = separateSpecies ? speciesPairs(data.species) : null;
  const setup: Setup = { set: data, options, settings, units, species, log, keeper };
  const fitMasses = options.fitMasses === true;
  if (fitMasses) refuseMassFit(data, options);
  if (settings.optimizer !== "auto") return trainByGradient(problemByGradient(setup));
  const problem = await problemFromData(fitMasses ? await withFittedMasses(setup) : setup);
  if (problem.startStates !== "exact") {
    const { trainMeasured } = await import("./imperfect-data.ts");
    return trainMeasured(problem);
  }
  return settings.model === "spline" ? trainSpline(problem) : trainMclnn(problem);
}

function refuseWithoutSpecies(): never {
  throw new MclnnError("the trajectories do not say which particle is of which species", {
    code: "missing-species",
    argument: "species",
    expected: "a species for every particle",
    got: "none",
    mend: "Add a `species` array, or learn one law for all pairs.",
  });
}

/** The setup with the masses that the trajectories ask for. */
async function withFittedMasses(setup: Setup): Promise<Setup> {
  const { setupWithMasses } = await import("./imperfect-data.ts");
  return setupWithMasses(setup);
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

function refuseForBaseline(
  data: TrajectorySet,
  { integrator, substeps, velocities, fitMasses, coupling }: TrainOptions,
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
  if (fitMasses === true) refuse("fitMasses", "masses that are given", "true");
  if (coupling !== undefined && coupling !== "none") refuse("coupling", "none", coupling);
  if (velocities === "unknown") refuse("velocities", "auto or given", "unknown");
  if (integrator !== undefined) refuse("integrator", "none: it is velocity Verlet", integrator);
  if (substeps !== undefined) refuse("substeps", "dt instead", String(substeps));
}
