import { type TrainOptions, type TrainResult, train, trainSpecies } from "@mclnn/learning";
import { positionErrors, slopeError } from "@mclnn/metrics";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import { type Force, isMclnnError, type ParticleSystem } from "@mclnn/physics";
import { processorSeconds } from "../numbers.ts";
import {
  type Cell,
  type CellResult,
  failedOutcome,
  type Learned,
  type Method,
  type Outcome,
} from "./cell.ts";
import { coverageOf, thin } from "./coverage.ts";
import { kernelLeastSquares } from "./kernel-least-squares.ts";
import {
  follow,
  heldOutStart,
  type ReferenceData,
  referenceData,
  setSeparations,
} from "./reference-data.ts";
import { lawSystemByName } from "./systems/catalogue.ts";
import type { LawSystem } from "./systems/law-system.ts";

/** Loss that noise-free trainings aim at. */
const CLEAN_TARGET = { spline: 1e-20, mclnn: 1e-13 } as const;
/** Seconds after which a training must hand over what it has. */
const TIME_LIMIT = 60;
/** Separations that errors are taken over, at most. */
const POINTS = 20_000;

/** Learns a cell's law by every method. Errors become failed outcomes. */
export async function runCell(cell: Cell): Promise<CellResult> {
  const lawSystem = lawSystemByName(cell.system);
  const data = referenceData(lawSystem, cell);
  const by = (method: Method) => attempt(() => METHOD[method](lawSystem, cell, data));
  return {
    cell,
    outcomes: { spline: await by("spline"), mclnn: await by("mclnn"), kernel: await by("kernel") },
  };
}

type Learn = (lawSystem: LawSystem, cell: Cell, data: ReferenceData) => Promise<Learned>;

const METHOD: Readonly<Record<Method, Learn>> = {
  spline: (...all) => learn("spline", ...all),
  mclnn: (...all) => learn("mclnn", ...all),
  async kernel(lawSystem, _, { watched, clean, sigma }) {
    const began = processorSeconds();
    const { coupling, laws } = lawSystem;
    const speciesPairs = laws.map(({ species }) => species);
    const { slopes, placement, degree, intervals } = kernelLeastSquares(watched, {
      coupling,
      speciesPairs,
    });
    return {
      seconds: processorSeconds() - began,
      ...slopeErrors(lawSystem, { clean, sigma }, slopes),
      way: `degree ${degree}, ${intervals} intervals, ${placement}`,
    };
  },
};

async function attempt(work: () => Promise<Outcome>): Promise<Outcome> {
  const began = processorSeconds();
  try {
    return await work();
  } catch (error) {
    return failedOutcome(error, processorSeconds() - began);
  }
}

async function learn(
  kind: "spline" | "mclnn",
  lawSystem: LawSystem,
  { noise, seed }: Cell,
  { watched, clean, sigma, drawn }: ReferenceData,
): Promise<Learned> {
  const options: TrainOptions = {
    coupling: lawSystem.coupling,
    seed,
    timeLimit: TIME_LIMIT,
    ...(noise === 0 ? { until: CLEAN_TARGET[kind] } : {}),
  };
  const began = processorSeconds();
  const { models, potential, ...result } = await trainedLaws(watched, kind, options);
  const seconds = processorSeconds() - began;
  const coverage = coverageOf(lawSystem, clean, models);
  return {
    seconds,
    ...slopeErrors(
      lawSystem,
      { clean, sigma },
      models.map(({ pair }) => pair.slope),
    ),
    way: `${result.integrator} x ${result.substeps}, starts ${result.startStates}`,
    loss: result.trainLoss,
    ...(result.noise === null || sigma === 0 ? {} : { noiseRatio: result.noise / drawn }),
    ...(coverage === undefined ? {} : { coverage }),
    ...(noise === 0 ? { heldOut: heldOutError(lawSystem, potential) } : {}),
  };
}

type Trained = Pick<
  TrainResult,
  "trainLoss" | "integrator" | "substeps" | "startStates" | "noise"
> & { readonly models: readonly (MclnnModel | SplineModel)[]; readonly potential: Force };

async function trainedLaws(
  watched: ReferenceData["watched"],
  model: "spline" | "mclnn",
  options: TrainOptions,
): Promise<Trained> {
  if (watched.species === undefined) {
    const result = await train(watched, { ...options, model });
    return { ...result, models: [result.model], potential: result.model.potential };
  }
  const result = await trainSpecies(watched, { ...options, model });
  const { laws, potential } = result.model;
  return { ...result, models: laws.map((law) => law.model), potential };
}

type Slope = (r: number) => number;

/** The worst law's errors, each over its own separations by its own mean |V'| and mean |V''|. */
function slopeErrors(
  { laws }: LawSystem,
  { clean, sigma }: Pick<ReferenceData, "clean" | "sigma">,
  slopes: readonly Slope[],
): Pick<Learned, "slope" | "slopeByNoise"> {
  let slope = { mean: 0, max: 0 };
  let byNoise = 0;
  laws.forEach(({ pair, species }, law) => {
    const separations = thin(setSeparations(clean, species), POINTS);
    const average = (f: Slope): number =>
      separations.reduce((sum, r) => sum + Math.abs(f(r)), 0) / separations.length;
    const { mean, max } = slopeError({ slope: slopes[law] }, pair, { separations });
    const scale = average((r) => pair.slope(r));
    if (mean / scale >= slope.mean) slope = { mean: mean / scale, max: max / scale };
    if (sigma > 0)
      byNoise = Math.max(byNoise, mean / sigma / average((r) => pair.curvature?.(r) ?? Number.NaN));
  });
  return { slope, ...(sigma > 0 ? { slopeByNoise: byNoise } : {}) };
}

/** Mean distance of particles from their true places, largest over the held-out run; null where the learned law's run ends early. */
function heldOutError(lawSystem: LawSystem, potential: Force): number | null {
  const { system, heldOut } = lawSystem;
  const start = heldOutStart(lawSystem);
  const truth = follow(system, start, heldOut);
  const learned: ParticleSystem = { ...system, potential };
  try {
    const run = follow(learned, start, heldOut);
    return Math.max(...positionErrors(run, truth));
  } catch (error) {
    if (isMclnnError(error) && error.kind === "failure") return null;
    throw error;
  }
}
