import type { TrajectorySet } from "@mclnn/datasets";
import { type Coupling, MclnnError } from "@mclnn/physics";

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
  /** [trajectories x records x components] */
  readonly positions: Float64Array;
  /** Velocities at the records, where they were recorded. [trajectories x records x components] */
  readonly velocities: Float64Array | null;
  /** Velocities at record 0. [trajectories x components] */
  readonly startVelocities: Float64Array;
  /** Number of different pair laws, and which one each pair obeys. */
  readonly laws: number;
  readonly pairLaw: Int32Array;
  /** Offset of each pair's first and second particle. [pairs] */
  readonly pairI: Int32Array;
  readonly pairJ: Int32Array;
  /** Pair weight over mass of the first and second particle. [pairs] */
  readonly scaleI: Float64Array;
  readonly scaleJ: Float64Array;
  /** Residuals that the mean in the loss counts: trajectories x (records - 1) x particles x dimension. */
  readonly residuals: number;
}

/** Where the time step of the rollout came from. */
export type TimeStepSource = "option" | "provenance" | "tenth-of-record-spacing";

/** Time step and substeps a record for a trajectory set. */
export function chooseTimeStep(
  set: TrajectorySet,
  dt?: number,
): { dt: number; stride: number; source: TimeStepSource } {
  const spacing = recordSpacing(set);
  const made = set.provenance.dt;
  const source: TimeStepSource =
    dt !== undefined
      ? "option"
      : typeof made === "number"
        ? "provenance"
        : "tenth-of-record-spacing";
  const step = dt ?? (typeof made === "number" ? made : spacing / 10);
  const stride = Math.round(spacing / step);
  if (!(step > 0) || stride < 1 || Math.abs(stride * step - spacing) > 1e-6 * spacing)
    throw new MclnnError("the time step does not fit the record spacing", {
      code: "bad-time-step",
      argument: "dt",
      expected: `a positive dt of which the record spacing ${spacing} is a whole multiple`,
      got: `${step} (${source})`,
      mend: `Try --dt ${spacing / 10}.`,
    });
  // A dt that was named is used as it is: data made with 0.01 are rolled out with exactly 0.01.
  return { dt: step, stride, source };
}

function recordSpacing(set: TrajectorySet): number {
  const { times, records } = set;
  if (records < 2)
    throw new MclnnError("there is nothing to learn from", {
      code: "too-few-records",
      argument: "data",
      expected: "at least 2 records a trajectory",
      got: `${records}`,
    });
  const span = (times[records - 1] as number) - (times[0] as number);
  const spacing = span / (records - 1);
  for (let k = 1; k < records; k++) {
    const step = (times[k] as number) - (times[k - 1] as number);
    if (!(Math.abs(step - spacing) <= 1e-6 * spacing))
      throw new MclnnError("records are not equally spaced in time", {
        code: "uneven-times",
        argument: "times",
        expected: `steps of ${spacing}`,
        got: `a step of ${step} before record ${k}`,
        mend: "Resample the trajectories to equal intervals.",
      });
  }
  return spacing;
}

/**
 * Prepares trajectories for training.
 *
 * @param needVelocities - refuse data without velocities; else start velocities are 0 there and must be found. Default true
 */
export function createTrainingData(
  set: TrajectorySet,
  { coupling, needVelocities = true }: { coupling: Coupling; needVelocities?: boolean },
): TrainingData {
  const { trajectories, records, particles, dimension, masses, times, velocities } = set;
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
  const positions = pad(set.positions, trajectories * records * particles, dimension);
  const startVelocities = new Float64Array(trajectories * components);
  const paddedVelocities =
    velocities === undefined
      ? null
      : pad(velocities, trajectories * records * particles, dimension);
  for (let t = 0; t < trajectories && paddedVelocities !== null; t++) {
    const first = t * records * components;
    startVelocities.set(paddedVelocities.subarray(first, first + components), t * components);
  }
  return {
    trajectories,
    records,
    particles,
    dimension,
    components,
    times: times.map((t) => t - (times[0] as number)),
    positions,
    velocities: paddedVelocities,
    startVelocities,
    laws: 1,
    ...pairTable(masses, pairWeights(set, coupling)),
    residuals: trajectories * (records - 1) * particles * dimension,
  };
}

/** Vectors of `dimension` components as vectors of three. */
function pad(values: Float64Array, vectors: number, dimension: 2 | 3): Float64Array {
  if (dimension === 3) return values.slice();
  const out = new Float64Array(3 * vectors);
  for (let k = 0; k < vectors; k++) {
    out[3 * k] = values[2 * k] as number;
    out[3 * k + 1] = values[2 * k + 1] as number;
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
  return (i, j) => (factors[i] as number) * (factors[j] as number);
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
      scaleI[p] = w / (masses[i] as number);
      scaleJ[p] = w / (masses[j] as number);
    }
  return { pairs, pairI, pairJ, pairLaw, scaleI, scaleJ };
}

/** All separations at the records, sorted, one array a law. */
export function sortedSeparations(data: TrainingData): Float64Array[] {
  const { trajectories, records, pairs, components, positions, pairI, pairJ, pairLaw } = data;
  const frames = trajectories * records;
  const sizes = new Int32Array(data.laws);
  for (const law of pairLaw) sizes[law] = (sizes[law] as number) + 1;
  const out = Array.from(sizes, (n) => new Float64Array(n * frames));
  const filled = new Int32Array(data.laws);
  for (let frame = 0; frame < frames; frame++) {
    const o = frame * components;
    for (let p = 0; p < pairs; p++) {
      const i = o + (pairI[p] as number);
      const j = o + (pairJ[p] as number);
      const x = (positions[i] as number) - (positions[j] as number);
      const y = (positions[i + 1] as number) - (positions[j + 1] as number);
      const z = (positions[i + 2] as number) - (positions[j + 2] as number);
      const law = pairLaw[p] as number;
      const k = filled[law] as number;
      (out[law] as Float64Array)[k] = Math.sqrt(x * x + y * y + z * z);
      filled[law] = k + 1;
    }
  }
  return out.map((s) => s.sort());
}
