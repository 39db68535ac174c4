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
  readonly pairs: number;
  /** Components of a configuration: 3 x particles. */
  readonly components: number;
  /** Substeps a record, and their length. */
  readonly stride: number;
  readonly dt: number;
  /** [trajectories x records x components] */
  readonly positions: Float64Array;
  /** Velocities at record 0. [trajectories x components] */
  readonly startVelocities: Float64Array;
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

/** Prepares trajectories with given start velocities for training. */
export function createTrainingData(
  set: TrajectorySet,
  { dt, stride, coupling }: { dt: number; stride: number; coupling: Coupling },
): TrainingData {
  const { trajectories, records, particles, dimension, masses, velocities } = set;
  if (particles < 2)
    throw new MclnnError("a pair law needs pairs", {
      code: "too-few-particles",
      argument: "data",
      expected: "at least 2 particles",
      got: `${particles}`,
    });
  if (velocities === undefined)
    throw new MclnnError("the trajectories have no velocities", {
      code: "missing-velocities",
      argument: "velocities",
      expected: "velocities at the start of every trajectory",
      got: "positions only",
      mend: "Add a `velocities` array of the shape of `positions` to the file.",
    });
  if (coupling === "charge-product" && set.charges === undefined)
    throw new MclnnError("charges are needed for this coupling", {
      code: "missing-charges",
      argument: "coupling",
      expected: "data with charges, or coupling none or mass-product",
      got: "charge-product without charges",
    });
  const components = 3 * particles;
  const frames = trajectories * records;
  const positions = new Float64Array(frames * components);
  const startVelocities = new Float64Array(trajectories * components);
  for (let frame = 0; frame < frames; frame++)
    for (let i = 0; i < particles; i++)
      for (let c = 0; c < dimension; c++)
        positions[frame * components + 3 * i + c] = set.positions[
          (frame * particles + i) * dimension + c
        ] as number;
  for (let t = 0; t < trajectories; t++)
    for (let i = 0; i < particles; i++)
      for (let c = 0; c < dimension; c++)
        startVelocities[t * components + 3 * i + c] = velocities[
          (t * records * particles + i) * dimension + c
        ] as number;
  const pairs = (particles * (particles - 1)) / 2;
  const pairI = new Int32Array(pairs);
  const pairJ = new Int32Array(pairs);
  const scaleI = new Float64Array(pairs);
  const scaleJ = new Float64Array(pairs);
  for (let i = 0, p = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++, p++) {
      const mi = masses[i] as number;
      const mj = masses[j] as number;
      const weight =
        coupling === "none"
          ? 1
          : coupling === "mass-product"
            ? mi * mj
            : ((set.charges as Float64Array)[i] as number) *
              ((set.charges as Float64Array)[j] as number);
      pairI[p] = 3 * i;
      pairJ[p] = 3 * j;
      scaleI[p] = weight / mi;
      scaleJ[p] = weight / mj;
    }
  return {
    trajectories,
    records,
    particles,
    pairs,
    components,
    stride,
    dt,
    positions,
    startVelocities,
    pairI,
    pairJ,
    scaleI,
    scaleJ,
    residuals: trajectories * (records - 1) * particles * dimension,
  };
}

/** All separations at the records, sorted. [trajectories x records x pairs] */
export function sortedSeparations(data: TrainingData): Float64Array {
  const { trajectories, records, pairs, components, positions, pairI, pairJ } = data;
  const out = new Float64Array(trajectories * records * pairs);
  for (let frame = 0, k = 0; frame < trajectories * records; frame++) {
    const o = frame * components;
    for (let p = 0; p < pairs; p++, k++) {
      const i = o + (pairI[p] as number);
      const j = o + (pairJ[p] as number);
      const x = (positions[i] as number) - (positions[j] as number);
      const y = (positions[i + 1] as number) - (positions[j + 1] as number);
      const z = (positions[i + 2] as number) - (positions[j + 2] as number);
      out[k] = Math.sqrt(x * x + y * y + z * z);
    }
  }
  return out.sort();
}
