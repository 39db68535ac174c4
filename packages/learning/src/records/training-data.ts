import { checkTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { COUPLINGS, checkArgument, type Requirement } from "@mclnn/physics/arguments";
import type { TermAt } from "@mclnn/physics/terms";
import { numbersFor, type Threads } from "../threads/threads.ts";
import type { Meter } from "./meter.ts";
import { sortSeparations } from "./sort-separations.ts";
import type { Units } from "./units.ts";

/**
 * Trajectories in the layout that the fused loops read: three components a particle (the third is 0 in two dimensions),
 * pairs enumerated once, forces scaled to accelerations by two factors a pair.
 */
export interface TrainingData {
  readonly trajectories: number;
  /** Records a trajectory, the start included. */
  readonly records: number;
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly pairs: number;
  /** Components of a configuration: 3 x particles. */
  readonly components: number;
  /** Times of the records, from 0. [records] */
  readonly times: Float64Array;
  /** Of each trajectory the time of its first record, for terms. Default: 0. [trajectories] */
  readonly begins?: Float64Array;
  /** [trajectories x records x components] */
  readonly positions: Float64Array;
  /** Velocities at the records, where they were recorded. [trajectories x records x components] */
  readonly velocities: Float64Array | null;
  /** Velocities at record 0. [trajectories x components] */
  readonly startVelocities: Float64Array;
  /**
   * Weight of each particle's residuals at each record, 0 where it was not observed; null where all weigh 1.
   * [trajectories x records x particles]
   */
  readonly weights: Float64Array | null;
  /** What each particle's observations weigh, where their noise differs; null where all weigh 1. [particles] */
  readonly bodyWeights: Float64Array | null;
  /** Of the particles, in training units. */
  readonly masses: Float64Array;
  /** Charges and kinds of the particles, where there are any, for terms. */
  readonly charges?: Float64Array;
  readonly species?: Int32Array;
  /** Number of different pair laws, and which one each pair obeys. */
  readonly laws: number;
  readonly pairLaw: Int32Array;
  /** Offset of each pair's first and second particle. [pairs] */
  readonly pairI: Int32Array;
  readonly pairJ: Int32Array;
  /** Pair weight over mass of the first and second particle. [pairs] */
  readonly scaleI: Float64Array;
  readonly scaleJ: Float64Array;
  /** Whether pairs are weighted with the product of their masses. */
  readonly massWeighted: boolean;
  /** Components observed after the start, which the mean in the loss counts, and at the start. [trajectories] */
  readonly residualCounts: Int32Array;
  readonly startCounts: Int32Array;
  /** Sum of `residualCounts`; trajectories x (records - 1) x particles x dimension where nothing is missing. */
  readonly residuals: number;
  /** What acts beside the law that is learned, with coefficients in the data's units. Default: nothing. */
  readonly held?: readonly TermAt[];
  /** What training units are in the data's, for terms. Default: the same. */
  readonly units?: Pick<Units, "length" | "time" | "mass" | "charge"> | undefined;
  /** Who passes over the trajectories are divided among; null for the thread at hand. */
  readonly threads: Threads | null;
  /** Told now and then in the middle of a long pass over the trajectories. */
  readonly watch?: () => void;
  /** Told what passes cost; without it there is no bound. */
  readonly meter?: Meter | undefined;
}

/** What {@link createTrainingData} makes, as far as losses rely on it. */
export const TRAINING_DATA: Requirement = {
  trajectories: "count",
  records: "count",
  particles: "count",
  components: "count",
  pairs: "index",
  laws: "count",
  residuals: "count",
  times: "floats",
  positions: "floats",
  startVelocities: "floats",
  pairLaw: "numbers",
  pairI: "numbers",
  pairJ: "numbers",
  scaleI: "floats",
  scaleJ: "floats",
};

/**
 * Prepares trajectories for training.
 *
 * Positions that were not observed are filled in from those around them, so that there is a path to look forces up along; their weight
 * is 0, and nothing is compared with them.
 *
 * @param options - `needVelocities`: refuse data without complete start states; else those are only a place to begin. Default true;
 * `separateSpecies`: one law a pair of species. Default false: one law for all pairs
 * @throws MclnnError `bad-argument`, `bad-shape`, `not-finite` and the like; `too-few-particles`, `missing-velocities`, `missing-start`, `missing-charges`
 */
export function createTrainingData(set: TrajectorySet, options: DataOptions): TrainingData {
  checkTrajectorySet("set", set);
  checkArgument("options", options, {
    coupling: COUPLINGS.slice(0, -1),
    needVelocities: "flag?",
    separateSpecies: "flag?",
    watch: "function?",
  });
  return arrange(set, options);
}

/** How trajectories are prepared. */
export interface DataOptions {
  coupling: Coupling;
  needVelocities?: boolean;
  separateSpecies?: boolean;
  threads?: Threads | null | undefined;
  watch?: () => void;
  meter?: Meter | undefined;
  /** What acts beside the law that is learned, and what training units are in the data's. */
  held?: readonly TermAt[];
  units?: TrainingData["units"];
}

/** The same of trajectories that have been looked at. */
export function arrange(
  set: TrajectorySet,
  {
    coupling,
    needVelocities = true,
    separateSpecies = false,
    threads = null,
    watch,
    meter,
    held,
    units,
  }: DataOptions,
): TrainingData {
  const { trajectories, records, particles, dimension, masses, times, velocities, observed } = set;
  if (particles < 2)
    throw new MclnnError("a pair law needs pairs", {
      code: "too-few-particles",
      argument: "data",
      expected: "at least 2 particles",
      got: `${particles}`,
    });
  if (velocities === undefined && needVelocities)
    throw new MclnnError("the trajectories have no velocities", {
      code: "missing-velocities",
      argument: "velocities",
      expected: "velocities at the start of every trajectory",
      got: "positions only",
      mend: "Add a `velocities` array of the shape of `positions`, or train with velocities unknown.",
    });
  const components = 3 * particles;
  const frames = trajectories * records;
  const weights = observed === undefined ? null : Float64Array.from(observed, (x) => (x ? 1 : 0));
  const inThree = (values: Float64Array): Float64Array =>
    pad(values, dimension, numbersFor(threads, frames * components));
  const positions = inThree(set.positions);
  const padded = velocities === undefined ? null : inThree(velocities);
  const shape = { trajectories, records, particles, times };
  if (weights !== null) {
    if (needVelocities) checkStarts(weights, shape);
    fillGaps(positions, weights, shape);
  }
  // A path through positions and velocities needs every one of them.
  const complete = weights === null ? padded : null;
  const startVelocities = new Float64Array(trajectories * components);
  for (let t = 0; t < trajectories && padded !== null; t++)
    for (let c = 0; c < components; c++) {
      const v = padded[t * records * components + c];
      startVelocities[t * components + c] = Number.isNaN(v) ? 0 : v;
    }
  const counts = observedComponents(weights, shape, dimension);
  const laws = separateSpecies ? speciesPairs(set.species) : [];
  const table = pairTable(masses, pairWeights(set, coupling));
  return {
    trajectories,
    records,
    particles,
    dimension,
    components,
    times: times.map((t) => t - times[0]),
    ...(times[0] !== 0 && { begins: Float64Array.from(counts.startCounts, () => times[0]) }),
    positions,
    velocities: complete,
    startVelocities,
    weights,
    ...{ bodyWeights: null, masses: masses.slice() },
    ...(set.charges !== undefined && { charges: set.charges }),
    ...(set.species !== undefined && { species: set.species }),
    laws: Math.max(1, laws.length),
    massWeighted: coupling === "mass-product",
    ...table,
    ...(laws.length > 1 ? { pairLaw: lawOfPairs(set.species as Int32Array, laws) } : {}),
    ...counts,
    residuals: counts.residualCounts.reduce((sum, n) => sum + n, 0),
    threads,
    ...(watch !== undefined && { watch }),
    ...(held !== undefined && { held }),
    units,
    meter,
  };
}

/** Pairs of species that can meet, in order: one of each kind, or two where there are two particles of it. @throws MclnnError `bad-argument`, `not-finite` */
export function speciesPairs(species: Int32Array | undefined): (readonly [number, number])[] {
  checkArgument("species", species, "numbers?");
  const kinds = [...new Set(species ?? [])].sort((a, b) => a - b);
  const count = (kind: number): number =>
    Array.from(species ?? []).filter((s) => s === kind).length;
  return kinds.flatMap((a, i) =>
    kinds
      .slice(i)
      .filter((b) => a !== b || count(a) > 1)
      .map((b) => [a, b] as const),
  );
}

function lawOfPairs(species: Int32Array, laws: readonly (readonly [number, number])[]): Int32Array {
  const out: number[] = [];
  for (let i = 0; i < species.length; i++)
    for (let j = i + 1; j < species.length; j++) {
      const [a, b] = [species[i], species[j]].sort((x, y) => x - y);
      out.push(laws.findIndex(([x, y]) => x === a && y === b));
    }
  return Int32Array.from(out);
}

interface Shape {
  readonly trajectories: number;
  readonly records: number;
  readonly particles: number;
  readonly times: Float64Array;
}

function checkStarts(weights: Float64Array, { trajectories, records, particles }: Shape): void {
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      if (weights[t * records * particles + i] === 0)
        throw new MclnnError("a start state is not complete", {
          code: "missing-start",
          argument: "observed",
          expected: "every particle observed in record 0 of every trajectory",
          got: `particle ${i} of trajectory ${t} missing there`,
          mend: "Train with velocities unknown: start states are then found from all records.",
        });
}

/** Components of each trajectory that were observed, after the start and at it. */
function observedComponents(
  weights: Float64Array | null,
  { trajectories, records, particles }: Shape,
  dimension: number,
): Pick<TrainingData, "residualCounts" | "startCounts"> {
  const residualCounts = new Int32Array(trajectories);
  const startCounts = new Int32Array(trajectories);
  for (let t = 0; t < trajectories; t++)
    for (let k = 0; k < records * particles; k++) {
      const counts = k < particles ? startCounts : residualCounts;
      if (weights === null || weights[t * records * particles + k] > 0)
        counts[t] = counts[t] + dimension;
    }
  return { residualCounts, startCounts };
}

/** Records that a gap is filled from. */
const FILL_FROM = 6;

/** Fills positions that were not observed: by the polynomial through the nearest observations of the same particle, or the last one after its end. */
function fillGaps(
  positions: Float64Array,
  weights: Float64Array,
  { trajectories, records, particles, times }: Shape,
): void {
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++) {
      const at = (k: number): number => (t * records + k) * particles + i;
      const seen: number[] = [];
      for (let k = 0; k < records; k++) if (weights[at(k)] > 0) seen.push(k);
      if (seen.length < 2)
        throw new MclnnError(`particle ${i} is hardly seen in trajectory ${t}`, {
          code: "start-not-determined",
          argument: "observed",
          expected: "every particle observed in at least 2 records of each trajectory",
          got: `${seen.length}`,
          mend: `Leave trajectory ${t} out, or the particle if it takes no part.`,
        });
      const last = seen[seen.length - 1];
      for (let k = 0; k < records; k++) {
        if (weights[at(k)] > 0) continue;
        const near =
          k > last
            ? [last]
            : seen
                .toSorted((a, b) => Math.abs(a - k) - Math.abs(b - k) || a - b)
                .slice(0, k < seen[0] ? 3 : FILL_FROM);
        for (let c = 0; c < 3; c++) {
          let sum = 0;
          for (const a of near) {
            let w = 1;
            for (const b of near) if (b !== a) w *= (times[k] - times[b]) / (times[a] - times[b]);
            sum += w * positions[3 * at(a) + c];
          }
          positions[3 * at(k) + c] = sum;
        }
      }
    }
}

/** Vectors of `dimension` components as vectors of three. @param out - zeros, filled */
function pad(values: Float64Array, dimension: 2 | 3, out: Float64Array): Float64Array {
  if (dimension === 3) {
    out.set(values);
    return out;
  }
  for (let k = 0; 3 * k < out.length; k++) {
    out[3 * k] = values[2 * k];
    out[3 * k + 1] = values[2 * k + 1];
  }
  return out;
}

/** What multiplies the law's energy for particles i and j. */
function pairWeights(set: TrajectorySet, coupling: Coupling): (i: number, j: number) => number {
  if (coupling === "none") return () => 1;
  const factors = coupling === "mass-product" ? set.masses : set.charges;
  if (factors === undefined)
    throw new MclnnError("charges are needed for this coupling", {
      code: "missing-charges",
      argument: "coupling",
      expected: "data with charges, or coupling none or mass-product",
      got: "charge-product without charges",
    });
  return (i, j) => factors[i] * factors[j];
}

/** Pairs i < j, row by row, and the factors from law to acceleration. */
export function pairTable(
  masses: Float64Array,
  weight: (i: number, j: number) => number,
): Pick<TrainingData, "pairs" | "pairI" | "pairJ" | "pairLaw" | "scaleI" | "scaleJ"> {
  const particles = masses.length;
  const pairs = (particles * (particles - 1)) / 2;
  const pairI = new Int32Array(pairs);
  const pairJ = new Int32Array(pairs);
  const pairLaw = new Int32Array(pairs);
  const scaleI = new Float64Array(pairs);
  const scaleJ = new Float64Array(pairs);
  for (let i = 0, p = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++, p++) {
      const w = weight(i, j);
      pairI[p] = 3 * i;
      pairJ[p] = 3 * j;
      scaleI[p] = w / masses[i];
      scaleJ[p] = w / masses[j];
    }
  return { pairs, pairI, pairJ, pairLaw, scaleI, scaleJ };
}

/** All separations that were observed, sorted, one array a law. */
export function sortedSeparations(data: TrainingData): Float64Array[] {
  const { trajectories, records, pairs, components, positions, weights } = data;
  const { pairI, pairJ, pairLaw } = data;
  const frames = trajectories * records;
  const out = roomForSeparations(data, frames);
  const filled = new Int32Array(data.laws);
  for (let frame = 0; frame < frames; frame++) {
    const o = frame * components;
    for (let p = 0; p < pairs; p++) {
      const i = o + pairI[p];
      const j = o + pairJ[p];
      if (weights !== null && !(weights[i / 3] > 0 && weights[j / 3] > 0)) continue;
      const x = positions[i] - positions[j];
      const y = positions[i + 1] - positions[j + 1];
      const z = positions[i + 2] - positions[j + 2];
      const law = pairLaw[p];
      const k = filled[law];
      out[law][k] = Math.sqrt(x * x + y * y + z * z);
      filled[law] = k + 1;
    }
  }
  return out.map((s, law) => sortSeparations(s.subarray(0, filled[law])));
}

/** Room for the separations of so many configurations, one array a law. */
export function roomForSeparations(
  { laws, pairLaw }: TrainingData,
  configurations: number,
): Float64Array[] {
  const sizes = new Int32Array(laws);
  for (const law of pairLaw) sizes[law] = sizes[law] + 1;
  return Array.from(sizes, (n) => new Float64Array(n * configurations));
}
