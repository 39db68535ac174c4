import { type Integrator, rolloutIterator, velocityVerlet } from "@mclnn/integrators";
import { accelerations, MclnnError, type ParticleSystem, type State } from "@mclnn/physics";
import type { TrajectorySet } from "./trajectory-set.ts";

/** Samples (q, v, a) for models that learn from accelerations. Arrays are [points x N x dimension]. */
export interface AccelerationPoints {
  readonly points: number;
  readonly particles: number;
  readonly dimension: 2 | 3;
  readonly masses: Float64Array;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly accelerations: Float64Array;
}

/**
 * Accelerations along one run: what the paper trains its baseline on (4.1.4).
 *
 * @param options - `points`: number of records taken; `first`: records left out at the beginning. Default 0
 */
export function accelerationPoints(
  system: ParticleSystem,
  {
    start,
    points,
    first = 0,
    dt = 0.01,
    stride = 10,
    integrator = velocityVerlet,
  }: {
    start: State;
    points: number;
    first?: number;
    dt?: number;
    stride?: number;
    integrator?: Integrator;
  },
): AccelerationPoints {
  for (const [argument, value, least] of [
    ["points", points, 1],
    ["first", first, 0],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new MclnnError(`${argument} cannot be used`, {
        code: "bad-option",
        argument,
        expected: `a whole number from ${least}`,
        got: String(value),
      });
  const { masses, dimension } = system;
  const size = masses.length * dimension;
  const out = {
    points,
    particles: masses.length,
    dimension,
    masses: masses.slice(),
    positions: new Float64Array(points * size),
    velocities: new Float64Array(points * size),
    accelerations: new Float64Array(points * size),
  };
  const a = new Float64Array(size);
  let k = -first;
  for (const { positions, velocities } of rolloutIterator(system, start, {
    dt,
    stride,
    integrator,
  })) {
    if (k >= 0) {
      out.positions.set(positions, k * size);
      out.velocities.set(velocities, k * size);
      out.accelerations.set(accelerations(system, positions, a, velocities), k * size);
    }
    if (++k === points) break;
  }
  return out;
}

/**
 * Acceleration points as trajectories of one step from rest: what a model of trajectories can learn of them, no more and no less.
 *
 * Record 0 is the configuration, at rest; record 1 what one step of velocity Verlet makes of it, q + a dt^2 / 2. A mean squared position error of the
 * second record is (dt^2 / 2)^2 times that of the accelerations.
 *
 * @param dt - the step. Default 0.01
 * @throws MclnnError `bad-option`
 */
export function oneStepTrajectories(
  points: AccelerationPoints,
  { dt = 0.01 }: { dt?: number } = {},
): TrajectorySet {
  if (!(dt > 0) || !Number.isFinite(dt))
    throw new MclnnError("dt cannot be used", {
      code: "bad-option",
      argument: "dt",
      expected: "a positive number",
      got: String(dt),
    });
  const { particles, dimension, masses, accelerations: a } = points;
  const size = particles * dimension;
  const positions = new Float64Array(points.points * 2 * size);
  for (let p = 0; p < points.points; p++)
    for (let c = 0; c < size; c++) {
      const q = points.positions[p * size + c] as number;
      positions[2 * p * size + c] = q;
      positions[(2 * p + 1) * size + c] = q + 0.5 * dt * dt * (a[p * size + c] as number);
    }
  return {
    trajectories: points.points,
    records: 2,
    particles,
    dimension,
    masses: masses.slice(),
    times: Float64Array.of(0, dt),
    positions,
    velocities: new Float64Array(positions.length),
    provenance: { made: "one-step", integrator: "velocity-verlet", dt, stride: 1 },
  };
}
