import { MclnnError, type ParticleSystem, type Trajectory } from "@mclnn/physics";
import { checkArgument, checkSystem, checkTrajectory, described } from "@mclnn/physics/arguments";
import { portableExp, portableLog } from "@mclnn/physics/portable";
import { lengthsOf, observableSeries } from "./series.ts";

/** Absolute errors at every record of a run against the true run of the same start. [records] */
export interface ErrorSeries {
  readonly times: Float64Array;
  /** |T - T_true| */
  readonly kineticEnergy: Float64Array;
  /** |V - V_true| */
  readonly potentialEnergy: Float64Array;
  /** |L - L_true|, L = T - V */
  readonly lagrangian: Float64Array;
  /** |H - H_true|, H = T + V */
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
  checkSystem(system);
  checkTrajectory("trajectory", trajectory);
  checkTrajectory("truth", truth);
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
    kineticEnergy: distance(a.kineticEnergy, b.kineticEnergy, 1),
    potentialEnergy: distance(a.potentialEnergy, b.potentialEnergy, 1),
    lagrangian: distance(a.lagrangian, b.lagrangian, 1),
    hamiltonian: distance(a.hamiltonian, b.hamiltonian, 1),
    linearMomentum: distance(a.linearMomentum, b.linearMomentum, system.dimension),
    angularMomentum: distance(a.angularMomentum, b.angularMomentum, axes),
    position: positionErrors(run, reference),
  };
}

/**
 * Mean over the particles of |q_i - q_i,true| at each record that both have.
 *
 * @returns [records]
 * @throws MclnnError `bad-shape` for other particles or another dimension
 */
export function positionErrors(trajectory: Trajectory, truth: Trajectory): Float64Array {
  checkTrajectory("trajectory", trajectory);
  checkTrajectory("truth", truth);
  const { particles, dimension } = trajectory;
  if (particles !== truth.particles || dimension !== truth.dimension)
    throw new MclnnError("the runs are of different particles", {
      code: "bad-shape",
      argument: "trajectory",
      expected: `${truth.particles} particles in ${truth.dimension} dimensions`,
      got: `${particles} in ${dimension}`,
    });
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
  return lengthsOf(
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
  checkArgument("errors", errors, "list");
  let sum = 0;
  let max = 0;
  for (let k = 0; k < errors.length; k++) {
    const e = errors[k] as number;
    const x = Math.abs(e);
    sum += x;
    // Stryker disable next-line EqualityOperator: an error as large as the largest yet changes nothing
    if (!(x <= max)) max = x;
  }
  return errors.length > 0 && Number.isFinite(sum)
    ? { mae: sum / errors.length, max }
    : { mae: null, max: null };
}

/**
 * Geometric mean of relative errors |a - b| / (|a| + |b|) along a run, the field's convention.
 *
 * It says how many digits a run keeps, not how far it is off: use {@link summarise} for that. Exactly equal records count as `floor`, 2^-53 by
 * default, since the logarithm of 0 does not exist.
 *
 * @param values - [records x components]
 * @param truth - [records x components]
 * @param options - `components`: of the vectors compared, 1 for energies
 * @returns null where there is no record, or one that is not finite
 * @throws MclnnError `bad-shape`, `bad-option`
 * @see Finzi, Wang, Wilson, NeurIPS 2020, arXiv:2010.13581; Thangamuthu et al., NeurIPS 2022, arXiv:2211.05520
 */
export function geometricMeanRelativeError(
  values: Float64Array,
  truth: Float64Array,
  options: { components?: number; floor?: number } = {},
): number | null {
  checkArgument("values", values, "float64");
  checkArgument("truth", truth, "float64");
  checkArgument("options", options, { floor: "positive?" });
  checkArgument("options", options, { components: "count?" }, { code: "bad-shape" });
  const { components = 1, floor = 2 ** -53 } = options;
  if (floor > 1)
    throw new MclnnError("floor cannot be used", {
      code: "bad-option",
      argument: "floor",
      expected: "a number above 0, at most 1",
      got: String(floor),
    });
  const n = Math.min(values.length, truth.length);
  if (n % components !== 0)
    throw new MclnnError("series do not hold whole vectors", {
      code: "bad-shape",
      argument: "components",
      expected: `a divisor of ${n}`,
      got: String(components),
    });
  const a = values.subarray(0, n);
  const b = truth.subarray(0, n);
  const difference = distance(a, b, components);
  const sizeA = lengthsOf(a, components);
  const sizeB = lengthsOf(b, components);
  let sum = 0;
  for (let k = 0; k < difference.length; k++) {
    const size = (sizeA[k] as number) + (sizeB[k] as number);
    if (!Number.isFinite(size)) return null;
    sum += portableLog(Math.max(size > 0 ? (difference[k] as number) / size : 0, floor));
  }
  return difference.length === 0 ? null : portableExp(sum / difference.length);
}

/**
 * First time at which an error exceeds a bound, or is no number; null when it never does.
 *
 * @param times - [records]
 * @param errors - [records]
 * @throws MclnnError `bad-shape`, `bad-option`
 */
export function validTime(times: Float64Array, errors: Float64Array, bound: number): number | null {
  checkArgument("times", times, "numbers");
  checkArgument("errors", errors, "list");
  if (!(typeof bound === "number" && bound >= 0))
    throw new MclnnError("the bound of a valid time cannot be used", {
      code: "bad-option",
      argument: "bound",
      expected: "a number from 0",
      got: described(bound),
    });
  if (times.length !== errors.length)
    throw new MclnnError("errors do not fit their times", {
      code: "bad-shape",
      argument: "errors",
      expected: `${times.length} errors`,
      got: `${errors.length}`,
    });
  for (let k = 0; k < errors.length; k++)
    if (!((errors[k] as number) <= bound)) return times[k] as number;
  return null;
}
