import {
  addPositionNoise,
  addVelocityNoise,
  createRandom,
  dropVelocities,
  type TrajectorySet,
  trajectorySet,
} from "@mclnn/datasets";
import { dormandPrince, rollout } from "@mclnn/integrators";
import { type TermResult, train, trainSpecies } from "@mclnn/learning";
import { createSystem, pairwise, sumOfForces, type Trajectory } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { reportCurve } from "@mclnn/physics/terms";
import { processorSeconds } from "../../numbers.ts";
import { setSeparations } from "../reference-data.ts";
import { type Mixture, PAIR, pairSlope, type Truth } from "./mixtures.ts";

/** How a mixture is watched. */
export interface Watching {
  readonly trajectories: number;
  readonly records: number;
  /** Standard deviation of positions and of velocities where they are given. */
  readonly noise: number;
  readonly velocities: "given" | "unknown";
}

/** One draw of starts and noise. */
export interface MixtureTask extends Watching {
  readonly mixture: string;
  readonly seed: number;
}

/** A learned curve beside the true one, where the middle 98 % of the data are. */
export interface CurveOutcome {
  readonly name: string;
  /** Mean error over the mean of the curve. */
  readonly error: number;
  /** Shares of places within one and two standard deviations; null without bars. */
  readonly within: readonly [number, number] | null;
}

export interface MixtureOutcome {
  readonly task: MixtureTask;
  /** Terms found beside the pair law, in order of their names; hints are none. */
  readonly found: readonly string[];
  /** Findings that remain. */
  readonly findings: readonly string[];
  /** Whether what was found is what acts. */
  readonly right: boolean;
  readonly constants: readonly { name: string; error: number; sd: number | null }[];
  readonly curves: readonly CurveOutcome[];
  readonly seconds: number;
  readonly failed?: string;
}

const SPACING = 0.1;
/** Two that begin nearer than this throw each other out. */
const NEAREST = 0.55;
const SPEED = 0.7;
const POINTS = 400;

/** Makes the records of a draw by a method that no fit uses. */
export function mixtureRecords(mixture: Mixture, task: MixtureTask): TrajectorySet {
  const { particles, dimension, within, species, terms } = mixture;
  const masses = mixture.masses ?? new Array<number>(particles).fill(1);
  const pair = pairwise(parseFormula(PAIR));
  const system = createSystem({
    ...{ masses, dimension, ...(species && { species }) },
    potential: terms.length === 0 ? pair : sumOfForces(pair, ...terms.map(({ force }) => force)),
  });
  const random = createRandom(task.seed);
  const start = (): Float64Array => {
    for (;;) {
      const x = Float64Array.from(
        { length: particles * dimension },
        () => within * (2 * random.uniform() - 1),
      );
      const set = { trajectories: 1, records: 1, particles, dimension, positions: x };
      if (setSeparations(set as unknown as TrajectorySet).every((r) => r > NEAREST)) return x;
    }
  };
  const runs = Array.from({ length: task.trajectories }, (): Trajectory => {
    const positions = start();
    const velocities = positions.map(() => SPEED * random.normal());
    return rollout(
      system,
      { time: 0, positions, velocities },
      {
        ...{ dt: SPACING, stride: 1, records: task.records },
        integrator: dormandPrince({ relativeTolerance: 1e-12, absoluteTolerance: 1e-13 }),
      },
    );
  });
  const set: TrajectorySet = { ...trajectorySet(runs), provenance: {} };
  const { noise: sigma, seed, velocities } = task;
  const noisy =
    sigma === 0
      ? set
      : addVelocityNoise(addPositionNoise(set, { sigma, seed }), { sigma, seed: seed + 1 });
  return { ...(velocities === "given" ? noisy : dropVelocities(noisy)), provenance: {} };
}

/** Learns a draw with every term on offer, and holds what came of it beside the truth. */
export async function learnMixture(mixture: Mixture, task: MixtureTask): Promise<MixtureOutcome> {
  const set = mixtureRecords(mixture, task);
  const began = processorSeconds();
  try {
    const learn = set.species === undefined ? train : trainSpecies;
    const result = await learn(set, { model: "spline" });
    const seconds = processorSeconds() - began;
    const beside = (result.terms ?? []).filter(({ name }) => name !== "pair");
    const found = beside.flatMap(({ name, status }) => (status === "found" ? [name] : [])).sort();
    const right =
      found.join() ===
      mixture.terms
        .map(({ name }) => name)
        .sort()
        .join();
    const { model } = result;
    const learned = (truth: Truth) => model.terms?.find(({ spec }) => spec.name === truth.name);
    return {
      ...{ task, found, right, seconds },
      findings: result.findings.map(({ kind }) => kind),
      constants: right ? mixture.terms.flatMap((truth) => constantsOf(truth, beside)) : [],
      curves: [
        ...("pair" in model && right ? [pairOutcome(model, set)] : []),
        ...mixture.terms.flatMap((truth) => {
          const term = learned(truth);
          if (truth.curve === undefined || term === undefined || !right) return [];
          return [curveOutcome(truth as Curved, term, set)];
        }),
      ],
    };
  } catch (error) {
    return {
      ...{ task, found: [], findings: [], right: false, constants: [], curves: [] },
      ...{ seconds: processorSeconds() - began, failed: (error as Error).message },
    };
  }
}

function constantsOf(
  { name, constants = [] }: Truth,
  found: readonly TermResult[],
): MixtureOutcome["constants"] {
  const own = found.find((term) => term.name === name)?.constants ?? [];
  const [values, sds] = [own.flatMap(({ value }) => value), own.flatMap(({ sd }) => sd)];
  return constants.map((truth, k) => ({ name, error: values[k] - truth, sd: sds[k] ?? null }));
}

type Curved = Truth & Required<Pick<Truth, "curve">>;

function curveOutcome(
  { name, curve }: Curved,
  term: { spec: Parameters<typeof reportCurve>[0]["spec"]; coefficients: ArrayLike<number> } & {
    readonly covariance?: ArrayLike<number> | null;
  },
  set: TrajectorySet,
): CurveOutcome {
  const [from, to] = middle(name === "general-drag" ? speeds(set) : setSeparations(set));
  const covariance = term.covariance ?? null;
  const { x, value, sd } = reportCurve(term, covariance, { points: POINTS, from, to });
  return compared(name, x, curve, (k) => [value[k], covariance === null ? null : sd[k]]);
}

function pairOutcome(
  model: { potential: unknown; slopeDeviation?(r: number): number } & {
    readonly pair: { slope(r: number): number };
  },
  set: TrajectorySet,
): CurveOutcome {
  const [from, to] = middle(setSeparations(set));
  const x = Float64Array.from(
    { length: POINTS },
    (_, k) => from + ((to - from) * k) / (POINTS - 1),
  );
  return compared("pair", x, pairSlope, (k) => [
    model.pair.slope(x[k]),
    model.slopeDeviation?.(x[k]) ?? null,
  ]);
}

function compared(
  name: string,
  x: Float64Array,
  truth: (x: number) => number,
  at: (k: number) => readonly [number, number | null],
): CurveOutcome {
  let [error, scale, one, two, barred] = [0, 0, 0, 0, true];
  x.forEach((place, k) => {
    const [value, sd] = at(k);
    const off = Math.abs(value - truth(place));
    error += off;
    scale += Math.abs(truth(place));
    if (sd === null) barred = false;
    else {
      one += off <= sd ? 1 : 0;
      two += off <= 2 * sd ? 1 : 0;
    }
  });
  return {
    ...{ name, error: error / scale },
    within: barred ? [one / x.length, two / x.length] : null,
  };
}

function middle(values: Float64Array): readonly [number, number] {
  const sorted = values.slice().sort();
  return [sorted[Math.floor(0.01 * sorted.length)], sorted[Math.floor(0.99 * sorted.length)]];
}

/** From differences of positions where velocities are not given. */
function speeds({ positions, particles, dimension, records, times }: TrajectorySet): Float64Array {
  const size = particles * dimension;
  const out: number[] = [];
  for (let at = 0; at + size < positions.length; at += dimension) {
    const record = Math.floor(at / size) % records;
    if (record + 1 === records) continue;
    let square = 0;
    for (let c = 0; c < dimension; c++)
      square += (positions[at + size + c] - positions[at + c]) ** 2;
    out.push(Math.sqrt(square) / (times[record + 1] - times[record]));
  }
  return Float64Array.from(out);
}
