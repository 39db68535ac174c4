import { selectTrajectories, spaceOfSet, type TrajectorySet, trajectoryOf } from "@mclnn/datasets";
import type { Model } from "@mclnn/models";
import {
  createSystem,
  type Force,
  MclnnError,
  type ParticleSystem,
  stateAt,
  type Trajectory,
} from "@mclnn/physics";
import { openSpace } from "@mclnn/physics/space";
import type { Observable } from "../data/series.ts";
import { measureRun, observablesOf, type RunMeasures } from "../measure/measure.ts";
import { type Run, runFrom } from "../measure/run.ts";

/** One trajectory of the data, and the model's run from its start. */
export interface EvaluatedRun extends RunMeasures {
  readonly run: Run;
  readonly truth: Trajectory;
  /** Observables of the data, energies by the law of `system`. */
  readonly truthValues: Readonly<Record<Observable, Float64Array>>;
}

/** Time step and steps a record with which a model is rolled out along some data. */
export interface RecordedSteps {
  readonly dt: number;
  readonly stride: number;
  /** In words. */
  readonly source: string;
}

/**
 * The time step of a rollout along data: as asked, else as the data's provenance says, else as the model was trained.
 *
 * @throws MclnnError `too-few-records`, `uneven-times`, `bad-time-step`
 */
export function stepsAlong(
  { times, records, provenance }: TrajectorySet,
  model: Model,
  asked: number | undefined,
): RecordedSteps {
  if (records < 2)
    throw new MclnnError("there is nothing to compare with", {
      code: "too-few-records",
      argument: "--data",
      expected: "at least 2 records a trajectory",
      got: String(records),
      missing: 2 - records,
      addRecords: 2 - records,
    });
  const spacing = ((times[records - 1] as number) - (times[0] as number)) / (records - 1);
  for (let k = 1; k < records; k++) {
    const step = (times[k] as number) - (times[k - 1] as number);
    if (!(Math.abs(step - spacing) <= 1e-6 * spacing))
      throw new MclnnError("records are not equally spaced in time", {
        code: "uneven-times",
        argument: "--data",
        expected: `steps of ${spacing}`,
        got: `a step of ${step} before record ${k}`,
        mend: "Resample the trajectories to equal intervals.",
      });
  }
  const made = typeof provenance.dt === "number" ? provenance.dt : undefined;
  const dt = asked ?? made ?? model.record.dt;
  const stride = Math.round(spacing / dt);
  if (!(dt > 0) || stride < 1 || Math.abs(stride * dt - spacing) > 1e-6 * spacing)
    throw new MclnnError("the time step does not fit the record spacing", {
      code: "bad-time-step",
      argument: "--dt",
      expected: `a dt of which the record spacing ${spacing} is a whole multiple`,
      got: String(dt),
      mend: `Try --dt ${Number((spacing / 10).toPrecision(12))}.`,
    });
  return {
    dt,
    stride,
    source:
      asked !== undefined
        ? "as asked"
        : made !== undefined
          ? "as the data's provenance says"
          : "as the model was trained with",
  };
}

/** The particles of some data, or of a start, in a potential. */
export function particlesOf(
  {
    masses,
    dimension,
    charges,
    species,
    ...where
  }: Pick<
    TrajectorySet,
    "masses" | "dimension" | "charges" | "species" | "box" | "origin" | "periodic"
  >,
  potential: Force,
): ParticleSystem {
  const space =
    spaceOfSet(where) ?? (hasEnds(potential) && masses.length > MANY ? openSpace : undefined);
  return createSystem({
    masses,
    dimension,
    potential,
    ...(charges === undefined ? {} : { charges }),
    ...(species === undefined ? {} : { species }),
    space,
  });
}

/** From so many particles on laws that end are summed over near pairs. */
const MANY = 100;

/** Whether all laws of a potential have a cutoff. */
function hasEnds({ pair, pairs }: Force): boolean {
  const laws = pairs?.map((each) => each.pair) ?? (pair === undefined ? [] : [pair]);
  return laws.length > 0 && laws.every(({ cutoff }) => cutoff !== undefined);
}

/** The trajectories of which every particle's start was observed: a rollout can begin there. @throws MclnnError `missing-start` where there are none */
export function withWholeStarts(set: TrajectorySet): TrajectorySet {
  const { observed, trajectories, records, particles } = set;
  if (observed === undefined) return set;
  const whole: number[] = [];
  for (let t = 0; t < trajectories; t++) {
    const start = t * records * particles;
    if (observed.subarray(start, start + particles).every((seen) => seen === 1)) whole.push(t);
  }
  if (whole.length === 0)
    throw new MclnnError("no trajectory has a start to roll out from", {
      code: "missing-start",
      argument: "--data",
      expected: "a trajectory whose first record has every particle",
      got: `none of ${trajectories}`,
    });
  return whole.length === trajectories ? set : selectTrajectories(set, whole);
}

/** Rolls the model out from the start of every trajectory and measures it. @param system - with the law that energies are told by */
export function rolloutsAlong(
  set: TrajectorySet,
  system: ParticleSystem,
  own: ParticleSystem,
  { dt, stride }: RecordedSteps,
): EvaluatedRun[] {
  if (set.velocities === undefined)
    throw new MclnnError("the trajectories have no velocities", {
      code: "missing-velocities",
      argument: "--data",
      expected: "velocities, at the start of every trajectory and for its momenta",
      got: "positions only",
    });
  return Array.from({ length: set.trajectories }, (_, t) => {
    const truth = trajectoryOf(set, t);
    const run = runFrom(own, stateAt(truth, 0), {
      dt,
      stride,
      records: set.records,
      provenance: { dt, stride, integrator: "velocity-verlet" },
    });
    // What was not observed cannot be compared with.
    const whole = wholeRecords(set, t);
    const seen = whole === null ? truth : atRecords(truth, whole);
    const compared =
      whole === null ? run : { ...run, trajectory: atRecords(run.trajectory, whole) };
    return {
      truth: seen,
      truthValues: observablesOf(system, seen),
      run,
      ...measureRun(system, own, compared, seen),
    };
  });
}

/** Records of a trajectory in which every particle was observed; null where nothing is missing. */
function wholeRecords(
  { observed, records, particles }: TrajectorySet,
  trajectory: number,
): readonly number[] | null {
  if (observed === undefined) return null;
  return Array.from({ length: records }, (_, k) => k).filter((k) => {
    const first = (trajectory * records + k) * particles;
    return observed.subarray(first, first + particles).every((seen) => seen === 1);
  });
}

/** Some records of a trajectory, as far as it goes. */
function atRecords<T extends Trajectory>(trajectory: T, records: readonly number[]): T {
  const { times, positions, velocities } = trajectory;
  const some = records.filter((k) => k < times.length);
  const size = positions.length / times.length;
  const pick = (from: Float64Array): Float64Array => {
    const out = new Float64Array(some.length * size);
    some.forEach((k, n) => {
      out.set(from.subarray(k * size, (k + 1) * size), n * size);
    });
    return out;
  };
  return {
    ...trajectory,
    times: Float64Array.from(some, (k) => times[k] as number),
    positions: pick(positions),
    ...(velocities === undefined ? {} : { velocities: pick(velocities) }),
  };
}
