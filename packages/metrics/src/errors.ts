import { MclnnError, type ParticleSystem, type Trajectory } from "@mclnn/physics";
import { lengths, observableSeries } from "./series.ts";

/** Absolute errors at every record of a run against the true run of the same start. [records] */
export interface ErrorSeries {
  readonly times: Float64Array;
  readonly lagrangian: Float64Array;
  readonly hamiltonian: Float64Array;
  /** |P - P_true| */
  readonly linearMomentum: Float64Array;
  /** |Lang - Lang_true| */
  readonly angularMomentum: Float64Array;
  /** Mean over the particles of the distance to the true place. */
  readonly position: Float64Array;
}

/**
 * Errors of a run (4.1.3), energies of both runs by the potential of `system`, the true one.
 *
 * Only the records that both runs have are compared.
 *
 * @throws MclnnError `missing-velocities`, `bad-shape`, `different-times`
 */
export function errorSeries(
  system: ParticleSystem,
  trajectory: Trajectory,
  truth: Trajectory,
): ErrorSeries {
  const records = Math.min(trajectory.times.length, truth.times.length);
  const run = cut(trajectory, records);
  const reference = cut(truth, records);
  for (let k = 0; k < records; k++) {
    const t = run.times[k] as number;
    const expected = reference.times[k] as number;
    if (!(Math.abs(t - expected) <= 1e-9 * Math.max(1, Math.abs(expected))))
      throw new MclnnError("the runs were recorded at different times", {
        code: "different-times",
        argument: "trajectory",
        expected: `time ${expected} at record ${k}`,
        got: `${t}`,
        mend: "Roll both out with the same dt and stride.",
      });
  }
  const a = observableSeries(system, run);
  const b = observableSeries(system, reference);
  const axes = a.angularMomentum.length / records;
  return {
    times: run.times,
    lagrangian: distance(a.lagrangian, b.lagrangian, 1),
    hamiltonian: distance(a.hamiltonian, b.hamiltonian, 1),
    linearMomentum: distance(a.linearMomentum, b.linearMomentum, system.dimension),
    angularMomentum: distance(a.angularMomentum, b.angularMomentum, axes),
    position: positionErrors(run, reference),
  };
}

/** Mean over the particles of |q_i - q_i,true| at each record. @returns [records] */
export function positionErrors(trajectory: Trajectory, truth: Trajectory): Float64Array {
  const { particles, dimension } = trajectory;
  const n = Math.min(trajectory.positions.length, truth.positions.length);
  const each = distance(
    trajectory.positions.subarray(0, n),
    truth.positions.subarray(0, n),
    dimension,
  );
  const out = new Float64Array(each.length / particles);
  for (let k = 0; k < out.length; k++) {
    let sum = 0;
    for (let i = 0; i < particles; i++) sum += each[k * particles + i] as number;
    out[k] = sum / particles;
  }
  return out;
}

function distance(a: Float64Array, b: Float64Array, components: number): Float64Array {
  return lengths(
    a.map((x, k) => x - (b[k] as number)),
    components,
  );
}

function cut(trajectory: Trajectory, records: number): Trajectory {
  const { particles, dimension, times, positions, velocities } = trajectory;
  const size = records * particles * dimension;
  return {
    particles,
    dimension,
    times: times.subarray(0, records),
    positions: positions.subarray(0, size),
    ...(velocities === undefined ? {} : { velocities: velocities.subarray(0, size) }),
  };
}

/** Mean and largest value of an error series; null where there is none. */
export interface ErrorSummary {
  readonly mae: number | null;
  readonly max: number | null;
}

/** Mean absolute error and largest absolute error of a series. Not finite values make both null. */
export function summarise(errors: Float64Array): ErrorSummary {
  let sum = 0;
  let max = 0;
  for (const e of errors) {
    const x = Math.abs(e);
    sum += x;
    if (!(x <= max)) max = x;
  }
  return errors.length > 0 && Number.isFinite(sum)
    ? { mae: sum / errors.length, max }
    : { mae: null, max: null };
}

/**
 * Geometric mean of relative errors |a - b| / (|a| + |b|) along a run, the field's convention.
 *
 * Exactly equal records count as `floor`, 2^-53 by default, since the logarithm of 0 does not exist.
 *
 * @param components - of the vectors compared, 1 for energies
 * @see Finzi, Wang, Wilson, NeurIPS 2020; Thangamuthu et al., NeurIPS 2022
 */
export function geometricMeanRelativeError(
  values: Float64Array,
  truth: Float64Array,
  { components = 1, floor = 2 ** -53 }: { components?: number; floor?: number } = {},
): number {
  const n = Math.min(values.length, truth.length);
  const a = values.subarray(0, n);
  const b = truth.subarray(0, n);
  const difference = distance(a, b, components);
  const sizeA = lengths(a, components);
  const sizeB = lengths(b, components);
  let sum = 0;
  difference.forEach((d, k) => {
    const size = (sizeA[k] as number) + (sizeB[k] as number);
    sum += Math.log(Math.max(size > 0 ? d / size : 0, floor));
  });
  return Math.exp(sum / difference.length);
}

/** First time at which an error exceeds a bound; null when it never does. */
export function validTime(times: Float64Array, errors: Float64Array, bound: number): number | null {
  for (let k = 0; k < errors.length; k++)
    if (!((errors[k] as number) <= bound)) return times[k] as number;
  return null;
}
