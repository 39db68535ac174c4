import { train } from "@mclnn/learning";
import { createSplineModel, type MclnnModel, type SplineModel } from "@mclnn/models";
import { failedOutcome } from "./cell.ts";
import { type ReferenceData, referenceData, setSeparations } from "./reference-data.ts";
import { lawSystemByName } from "./systems/catalogue.ts";
import type { LawSystem } from "./systems/law-system.ts";

/** Shares of separations at which V' errs by less than one and two error bars. */
export type Shares = readonly [one: number, two: number];

/** Coverage of a law's error bars at the separations of the data, and evenly over their range. */
export interface LawCoverage {
  readonly data: Shares;
  readonly range: Shares;
}

/** One draw of noise on the trajectories of a system, velocities unknown. */
export interface CoverageTask {
  readonly system: string;
  /** In mean separations. */
  readonly noise: number;
  readonly trajectories: number;
  /** Of the noise. */
  readonly seed: number;
}

/** What the error bars of that draw were worth. */
export interface CoverageResult {
  readonly task: CoverageTask;
  readonly spline?: LawCoverage;
  readonly mclnn?: LawCoverage;
  /** Noise found over the root mean square of the noise drawn. */
  readonly noiseRatio?: number;
  readonly failed?: string;
}

/** Systems whose error bars are counted: the paper's, and four more. */
export const COVERAGE_SYSTEMS = [
  "linear-spring",
  "quartic-spring",
  "gravity",
  "yukawa",
  "morse",
  "soft-core",
  "gaussian-well",
] as const;

export const COVERAGE_NOISE = 1e-3;
export const COVERAGE_TRAJECTORIES = 10;
export const COVERAGE_SEEDS = 200;

/** Separations at the data that are looked at, at most, and points over each range. */
const POINTS = 2000;
const RANGE_POINTS = 200;

/** Coverage over all laws together; undefined where a law has no error bars. */
export function coverageOf(
  { laws }: LawSystem,
  clean: ReferenceData["clean"],
  models: readonly (MclnnModel | SplineModel)[],
): LawCoverage | undefined {
  const errors = { data: [] as number[], range: [] as number[] };
  for (const [law, { pair, species }] of laws.entries()) {
    const { slopeDeviation, ...model } = models[law];
    if (slopeDeviation === undefined) return undefined;
    const inBars = (r: number): number =>
      Math.abs(model.pair.slope(r) - pair.slope(r)) / slopeDeviation(r);
    for (const r of thin(setSeparations(clean, species), POINTS)) errors.data.push(inBars(r));
    for (const [from, to] of model.separations.ranges)
      for (let k = 0; k < RANGE_POINTS; k++)
        errors.range.push(inBars(from + ((to - from) * k) / (RANGE_POINTS - 1)));
  }
  return { data: sharesOf(errors.data), range: sharesOf(errors.range) };
}

/** Shares of errors, in error bars, within one and two. */
function sharesOf(errors: readonly number[]): Shares {
  const within = (bars: number) => errors.filter((error) => error <= bars).length / errors.length;
  return [within(1), within(2)];
}

/** In order, and so many at most, the smallest and the largest with them. */
export function thin(values: Float64Array, most: number): Float64Array {
  const sorted = values.slice().sort();
  if (sorted.length <= most) return sorted;
  return Float64Array.from(
    { length: most },
    (_, k) => sorted[Math.round((k * (sorted.length - 1)) / (most - 1))],
  );
}

/** Integrator and steps that a training found for a system, once in a process: later draws of noise are told. */
const known = new Map<string, { readonly integrator: string; readonly substeps: number }>();

/** Trains on one draw of noise and counts. The spline is the posterior mean that the network was fitted to. */
export async function runCoverage(task: CoverageTask): Promise<CoverageResult> {
  const { system, noise, trajectories, seed } = task;
  const lawSystem = lawSystemByName(system);
  const watched = { trajectories, noise, velocities: "unknown" } as const;
  const trained = async (noiseSeed: number, options: Parameters<typeof train>[1]) => {
    const data = referenceData(lawSystem, { ...watched, seed: noiseSeed });
    const { coupling } = lawSystem;
    return { ...data, result: await train(data.watched, { ...options, coupling, seed }) };
  };
  try {
    let dynamics = known.get(system);
    if (dynamics === undefined) {
      const { integrator, substeps } = (await trained(1, { model: "spline" })).result;
      dynamics = { integrator, substeps };
      known.set(system, dynamics);
    }
    const { result, clean, drawn } = await trained(seed, { model: "mclnn", ...dynamics });
    const network = result.model as MclnnModel;
    const { uncertainty, separations, coupling, record } = network;
    if (uncertainty === undefined || result.noise === null)
      return { task, failed: "no error bars" };
    const { knots, coefficients } = uncertainty;
    const spline = createSplineModel({
      knots,
      coefficients,
      coupling,
      separations,
      uncertainty,
      record,
    });
    const [ofSpline, ofNetwork] = [spline, network].map((model) =>
      coverageOf(lawSystem, clean, [model]),
    );
    return {
      task,
      ...(ofSpline === undefined ? {} : { spline: ofSpline }),
      ...(ofNetwork === undefined ? {} : { mclnn: ofNetwork }),
      noiseRatio: result.noise / drawn,
    };
  } catch (error) {
    const { failed } = failedOutcome(error, 0);
    return { task, failed: `${failed.code}: ${failed.message}` };
  }
}
