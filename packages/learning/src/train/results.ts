import type { MclnnModel, SplineModel, TrainingRecord } from "@mclnn/models";
import {
  createMclnnModel,
  createSpeciesModel,
  createSplineModel,
  EnergyNetwork,
  networkLayout,
} from "@mclnn/models";
import type { LawUncertainty, SplineBasis } from "@mclnn/models/parts";
import type { Coupling } from "@mclnn/physics";
import type { Finding } from "../findings/findings.ts";
import type { Posterior } from "../prior/evidence.ts";
import { marginalFactor } from "../prior/marginal.ts";
import type { Units } from "../records/units.ts";
import type { TrainResult } from "../runs/train-options.ts";
import { lawBlocks } from "../splines/law-blocks.ts";
import { type Ending, separationRecord, type TrainingProblem, trainingRecord } from "./problem.ts";

/** What a training found, in the units it worked in. */
export interface LearnedLaws {
  readonly basis: SplineBasis;
  /** Sorted separations, one array a law. */
  readonly separations: readonly Float64Array[];
  /** Spline coefficients; of the posterior mean where there is one. [basis.size] */
  readonly coefficients: Float64Array;
  /** One network a law, one after another; null when the spline itself is the law. */
  readonly weights: Float64Array | null;
  readonly posterior: Pick<Posterior, "factor" | "variance"> | null;
  readonly ending: Ending;
  /** What a pair law cannot explain. */
  readonly findings?: readonly Finding[];
  /** Noise of each body, where they were weighed by it; in the data's unit. */
  readonly bodyNoise?: readonly number[];
  /** What else the model's record keeps. */
  readonly record?: Readonly<Record<string, number | string | boolean>>;
}

/** Makes learned laws into the result of a training: back to the data's units, zero of energy, record. */
export function trainResult(
  problem: TrainingProblem,
  learned: LearnedLaws,
): TrainResult<MclnnModel | SplineModel> {
  const { log, units, dynamics, species } = problem;
  const { ending } = learned;
  const area = units.length * units.length;
  const record: TrainingRecord = { ...trainingRecord(problem, ending), ...learned.record };
  const blocks = lawBlocks(learned.basis);
  const models = blocks.map((block, law) => lawModel(problem, learned, block, law, record));
  const model =
    species === null
      ? models[0]
      : createSpeciesModel({
          laws: models.map((m, law) => ({
            species: species[law],
            model: m,
          })),
          record,
        });
  const { validationLoss } = ending;
  return {
    // Training is asked for species only by who expects a model of them.
    model: model as MclnnModel | SplineModel,
    trainLoss: ending.trainLoss * area,
    validationLoss: validationLoss === null ? null : validationLoss * area,
    trainSeconds: log.seconds(),
    iterations: ending.iterations,
    reachedTarget: record.reachedTarget,
    stopped: ending.stopped,
    retreats: ending.retreats ?? [],
    integrator: dynamics.integrator,
    substeps: dynamics.substeps,
    dt: problem.dt,
    dtSource: dynamics.source,
    startStates: problem.startStates,
    noise: typeof record.noise === "number" ? record.noise : null,
    ...(learned.bodyNoise === undefined ? {} : { bodyNoise: learned.bodyNoise }),
    findings: learned.findings ?? [],
    masses: problem.masses,
    history: log.history,
    milestones: log.milestones,
  };
}

function lawModel(
  { settings, units }: TrainingProblem,
  { separations, coefficients, weights, posterior }: LearnedLaws,
  { basis: own, first }: { basis: SplineBasis; first: number },
  law: number,
  record: TrainingRecord,
): MclnnModel | SplineModel {
  const { length, slope } = units;
  const knots = own.clusters.map((cluster) => cluster.knots.map((r) => r * length));
  const factor = posterior && marginalFactor(posterior.factor, first, own.size);
  const mean = coefficients.slice(first, first + own.size).map((c) => c * slope);
  const common: {
    coupling: Coupling;
    separations: ReturnType<typeof separationRecord>;
    record: TrainingRecord;
    uncertainty?: LawUncertainty;
  } = {
    coupling: settings.coupling,
    separations: separationRecord(
      length === 1 ? separations[law] : separations[law].map((r) => r * length),
      own.clusters.map(({ from, to }) => [from * length, to * length]),
    ),
    record,
    ...(posterior === null || factor === null
      ? {}
      : {
          uncertainty: {
            knots,
            coefficients: mean,
            factor: factor.map((x) => (x * length) / slope),
            variance: posterior.variance * length * length,
          },
        }),
  };
  if (weights === null) return createSplineModel({ knots, coefficients: mean, ...common });
  const { hidden } = settings;
  const network = new EnergyNetwork(hidden);
  const ownWeights = weights.slice(law * network.size, (law + 1) * network.size);
  // No trajectory knows the constant of V: it is set so that V is 0 at the largest separation seen.
  network.evaluate(ownWeights, separations[law].at(-1) as number);
  ownWeights[network.size - 1] = ownWeights[network.size - 1] - network.energy;
  return createMclnnModel({ hidden, weights: toDataUnits(ownWeights, hidden, units), ...common });
}

/** A network of r in training units as one of r in the data's: first weights over length, last layer times energy. */
function toDataUnits(
  weights: Float64Array,
  hidden: readonly number[],
  { length, energy }: Units,
): Float64Array {
  const layout = networkLayout([1, ...hidden, 1]);
  const out = weights.slice();
  const scale = (slice: (typeof layout)[number] | undefined, factor: number): void => {
    if (slice === undefined) return;
    for (let k = slice.offset; k < slice.offset + slice.length; k++) out[k] = out[k] * factor;
  };
  scale(layout[0], 1 / length);
  scale(layout.at(-2), energy);
  scale(layout.at(-1), energy);
  return out;
}
