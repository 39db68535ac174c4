import type { LawTerm, MclnnModel, SpeciesModel, SplineModel, TrainingRecord } from "@mclnn/models";
import {
  createMclnnModel,
  createSpeciesModel,
  createSplineModel,
  EnergyNetwork,
  networkLayout,
} from "@mclnn/models";
import { constantsOf, type SplineBasis, withBonds, withTerms } from "@mclnn/models/parts";
import type { Finding } from "../findings/finding.ts";
import type { Posterior } from "../prior/evidence.ts";
import { type Likelihood, marginalLikelihood } from "../prior/likelihood.ts";
import { marginalFactor } from "../prior/marginal.ts";
import type { PriorShape } from "../prior/prior.ts";
import { stepLength } from "../records/dynamics.ts";
import type { Units } from "../records/units.ts";
import type { Starts } from "../rollout/starts.ts";
import type { Retreat } from "../runs/descend.ts";
import type { TermResult, TrainResult } from "../runs/train-options.ts";
import type { TermEvidence } from "../selection/choose.ts";
import { lawBlocks } from "../splines/law-blocks.ts";
import type { Understanding } from "../understand/understanding.ts";
import type { FoundTerm } from "./found-terms.ts";
import { lawErrorOf, networkErrorOf } from "./law-error.ts";
import { withRates } from "./rates.ts";
import { separationRecord } from "./separation-record.ts";
import type { Task } from "./task.ts";

/** What a training came to, in the units it worked in. */
export interface Learned {
  readonly law: LearnedLaw;
  /** What was found beside the pairs. */
  readonly terms?: readonly FoundTerm[];
  /** What evidence says of the terms on offer; null or absent where they were told. */
  readonly evidence?: TermEvidence | null;
  /** What a law cannot explain. */
  readonly findings: readonly Finding[];
  readonly ending: Ending;
  /** Standard deviation of a position component; null where data were taken as exact. */
  readonly noise: number | null;
  /** The same of each body, where they were weighed by it. */
  readonly bodyNoise?: readonly number[] | undefined;
  /** What a training after this one begins with beside the law: start states where whole trajectories have them, and the prior. */
  readonly resume?: { readonly prior: PriorShape; readonly starts: Starts | null };
  /** Where the law ends, and how finely that was looked for; absent where it does not, or nobody asked. */
  readonly cutoff?: { readonly value: number; readonly sd: number | null } | undefined;
  /** What else the model's record keeps. */
  readonly record?: Readonly<Record<string, number | string | boolean>>;
}

/** V', as a spline and as networks. */
export interface LearnedLaw {
  readonly basis: SplineBasis;
  /** Sorted separations, one array a law. */
  readonly separations: readonly Float64Array[];
  /** Spline coefficients; of the posterior mean where there is one. Null where no spline was fitted. [basis.size] */
  readonly coefficients: Float64Array | null;
  /** One network a law, one after another; null when the spline itself is the law. */
  readonly weights: Float64Array | null;
  readonly posterior: LawPosterior | null;
  /** Separation from which on each law is 0; undefined where they have no end. [laws] */
  readonly ends?: Float64Array | undefined;
}

/** How sure the records make us of a law. */
export interface LawPosterior extends Pick<Posterior, "factor" | "variance"> {
  /** About the coefficients; of all unknowns, those of the basis first. Undefined where no rollouts were compared with records. */
  readonly likelihood?: Likelihood;
}

/** How a training ended. */
export interface Ending {
  readonly optimizer: string;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly iterations: number;
  readonly reachedTarget: boolean;
  readonly stopped: TrainResult["stopped"];
  readonly retreats?: readonly Retreat[];
}

/** What was learned as the result of a training: back to the data's units, zero of energy, record. */
export function resultOf(
  task: Task,
  understanding: Understanding,
  learned: Learned,
): TrainResult<MclnnModel | SplineModel> {
  const { log, units } = task;
  const { dynamics, data, cover } = understanding.hypothesis;
  const { ending, findings, bodyNoise } = learned;
  const { length } = units;
  const area = length * length;
  const noise = learned.noise === null ? null : learned.noise * length;
  const common = {
    trainLoss: ending.trainLoss * area,
    validationLoss: ending.validationLoss === null ? null : ending.validationLoss * area,
    iterations: ending.iterations,
    reachedTarget: ending.reachedTarget,
    integrator: dynamics.integrator,
    dt: stepLength(data.times, dynamics) * units.time,
  };
  const { startStates } = understanding;
  const record: TrainingRecord = {
    seed: task.options.seed,
    optimizer: ending.optimizer,
    until: task.until * area,
    ...common,
    stride: dynamics.substeps,
    startStates,
    trajectories: data.trajectories,
    records: data.records,
    particles: data.particles,
    data: task.set.provenance,
    ...(noise !== null && { noise }),
    ...(findings.length > 0 && { findings: findings.map(({ kind }) => kind) }),
    ...learned.record,
  };
  const { terms: beside = [] } = learned;
  const terms = [
    ...beside,
    ...task.held.map(
      ({ spec, coefficients }): FoundTerm => ({
        spec,
        coefficients: Float64Array.from(coefficients),
        covariance: null,
        likelihood: null,
      }),
    ),
  ];
  const { basis, coefficients, separations } = learned.law;
  const model = modelOf(task, learned.law, record);
  const rated = withRates(terms, model.potential.pair, { separations: separations[0], units });
  return {
    ...common,
    startStates,
    // Training is asked for species only by who expects a model of them.
    model: withTerms(
      task.bonds === null
        ? (model as MclnnModel | SplineModel)
        : withBonds(model as MclnnModel | SplineModel, task.bonds),
      rated,
    ),
    bonds: understanding.charges === undefined ? task.bonds : null,
    charges: understanding.charges ?? null,
    lawError: lawErrorOf(model),
    networkError: coefficients && networkErrorOf(model, basis, coefficients, units),
    ...termResults(task, learned, { terms, rated }),
    trainSeconds: log.seconds(),
    stopped: ending.stopped,
    retreats: ending.retreats ?? [],
    substeps: dynamics.substeps,
    dtSource: dynamics.source,
    noise,
    ...(cover !== "intervals" && { origin: originOf(task, understanding, learned) }),
    ...(bodyNoise !== undefined && { bodyNoise: bodyNoise.map((sigma) => sigma * length) }),
    cutoff: learned.cutoff === undefined ? null : inLength(learned.cutoff, length),
    findings: [...(understanding.seen ?? []), ...findings],
    masses: massesIn(understanding, units),
    history: log.history,
    milestones: log.milestones,
  };
}

const massesIn = ({ masses }: Understanding, { mass: unit }: Units): TrainResult["masses"] =>
  masses?.map((each) => ({ ...each, mass: each.mass * unit })) ?? null;

const inLength = (
  { value, sd }: NonNullable<Learned["cutoff"]>,
  length: number,
): NonNullable<TrainResult["cutoff"]> => ({
  value: value * length,
  sd: sd === null ? null : sd * length,
});

/** What another training of the same law may begin with. */
function originOf(
  { units: { length, time } }: Task,
  { hypothesis, law, exactFit }: Understanding,
  { resume, ending: { trainLoss } }: Learned,
): NonNullable<TrainResult["origin"]> {
  const { steps, cells, shape, dynamics } = hypothesis;
  return {
    steps,
    tangentSubsteps: dynamics.tangentSubsteps,
    cells,
    kinks: (shape?.kinks ?? []).map((kink) => ({
      ...kink,
      at: kink.at * length,
      width: kink.width * length,
    })),
    prior: resume?.prior ?? null,
    startStates:
      resume === undefined || resume.starts === null
        ? null
        : {
            positions: resume.starts.positions.map((x) => x * length),
            velocities: resume.starts.velocities.map((v) => (v * length) / time),
          },
    loss: length * length * (law?.fit.loss ?? exactFit?.loss ?? trainLoss),
  };
}

/** The terms of the law with their constants, the pair law among them, and what was looked for beside them. */
function termResults(
  { set, onOffer, held }: Task,
  { evidence = null }: Learned,
  { terms, rated }: { readonly terms: readonly FoundTerm[]; readonly rated: readonly LawTerm[] },
): Required<Pick<TrainResult, "terms" | "notSeen">> {
  const found = new Map(evidence?.found.map(({ spec, gain }) => [spec, gain]));
  return {
    terms: [
      { name: "pair", status: "told", gain: null, constants: [] },
      ...rated.map((term, k): TermResult => {
        const { spec } = terms[k];
        const gain = found.get(spec) ?? null;
        // What the path through the records asked for is found, whether or not its evidence has been weighed beside a law.
        const isTold = onOffer === null || held.some((each) => each.spec === spec);
        const status = isTold ? "told" : "found";
        return { name: term.spec.name, status, gain, constants: constantsOf(term, set) };
      }),
      ...(evidence?.hints ?? []).map(
        ({ gain, ...term }): TermResult => ({
          ...{ name: term.spec.name, status: "hint", gain },
          constants: constantsOf(term, set),
        }),
      ),
    ],
    notSeen: evidence?.notSeen ?? [],
  };
}

/** The model of the laws of all pairs of species, or of the one law there is. */
export function modelOf(
  task: Task,
  learned: LearnedLaw,
  record: TrainingRecord,
): MclnnModel | SplineModel | SpeciesModel {
  const { species } = task;
  const laws = lawBlocks(learned.basis).map((block, law) =>
    lawModel(task, learned, { ...block, law }, record),
  );
  if (species === null) return laws[0];
  const pairs = laws.map((model, law) => ({ species: species[law], model }));
  return createSpeciesModel({ laws: pairs, record });
}

/** The model of one law. */
function lawModel(
  { options, units }: Task,
  { separations, coefficients, weights, posterior, ends }: LearnedLaw,
  { basis, first, law }: { basis: SplineBasis; first: number; law: number },
  record: TrainingRecord,
): MclnnModel | SplineModel {
  const { length, slope } = units;
  const knots = basis.clusters.map((cluster) => cluster.knots.map((r) => r * length));
  const mean = coefficients?.slice(first, first + basis.size).map((c) => c * slope);
  const factor = posterior && marginalFactor(posterior.factor, first, basis.size);
  const whole = posterior?.likelihood;
  const likelihood = whole === undefined ? null : marginalLikelihood(whole, first, basis.size);
  const end = ends?.[law];
  const common = {
    coupling: options.coupling,
    ...(end !== undefined && { cutoff: end * length }),
    separations: separationRecord(
      length === 1 ? separations[law] : separations[law].map((r) => r * length),
      basis.clusters.map(({ from, to }) => [from * length, to * length]),
    ),
    record,
    ...(mean !== undefined &&
      posterior !== null &&
      factor !== null && {
        uncertainty: {
          knots,
          coefficients: mean,
          factor: factor.map((x) => (x * length) / slope),
          variance: posterior.variance * length * length,
          ...(likelihood !== null && {
            likelihood: {
              metric: likelihood.metric.map((x) => (x * length * length) / (slope * slope)),
              gradient: likelihood.gradient.map((x) => (x * length * length) / slope),
            },
          }),
        },
      }),
  };
  if (weights === null)
    return createSplineModel({ knots, coefficients: mean as Float64Array, ...common });
  const { hidden } = options;
  const network = new EnergyNetwork(hidden);
  const ownWeights = weights.slice(law * network.size, (law + 1) * network.size);
  // No trajectory knows the constant of V: it is set so that V is 0 at the largest separation seen.
  network.evaluate(ownWeights, end ?? (separations[law].at(-1) as number));
  ownWeights[network.size - 1] = ownWeights[network.size - 1] - network.energy;
  return createMclnnModel({ hidden, weights: toDataUnits(ownWeights, hidden, units), ...common });
}

/** A network of r in training units as one of r in the data's: first weights over length, last layer times energy. */
export function toDataUnits(
  weights: Float64Array,
  hidden: readonly number[],
  { length, energy }: Pick<Units, "length" | "energy">,
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
