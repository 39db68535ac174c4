import { type Integrator, rolloutIterator, velocityVerlet } from "@mclnn/integrators";
import { accelerations, type ParticleSystem, type State } from "@mclnn/physics";
import { checkArgument, checkLength, checkSystem, room } from "@mclnn/physics/arguments";
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
 * @throws MclnnError `bad-option`, `out-of-memory`, and what a rollout throws
 */
export function accelerationPoints(
  system: ParticleSystem,
  options: {
    start: State;
    points: number;
    first?: number;
    dt?: number;
    stride?: number;
    integrator?: Integrator;
  },
): AccelerationPoints {
  checkSystem(system);
  checkArgument("options", options, { points: "count", first: "index?" });
  const { start, points, first = 0, dt = 0.01, stride = 10, integrator = velocityVerlet } = options;
  const { masses, dimension } = system;
  const size = masses.length * dimension;
  const out = {
    points,
    particles: masses.length,
    dimension,
    masses: Float64Array.from(masses),
    positions: room("points", points * size),
    velocities: room("points", points * size),
    accelerations: room("points", points * size),
  };
  const a = new Float64Array(size);
  let k = -first;
  for (const { time, positions, velocities } of rolloutIterator(system, start, {
    dt,
    stride,
    integrator,
  })) {
    if (k >= 0) {
      out.positions.set(positions, k * size);
      out.velocities.set(velocities, k * size);
      out.accelerations.set(accelerations(system, positions, a, velocities, time), k * size);
    }
    if (++k === points) break;
  }
  return out;
}

/**
 * Refuses what are no acceleration points.
 *
 * @param argument - what to call them
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-dimension`, `bad-mass`, `bad-shape`, `not-finite`
 */
export function checkAccelerationPoints(argument: string, given: AccelerationPoints): void {
  const shape = {
    points: "count",
    particles: "count",
    dimension: "dimension",
    masses: "masses",
    positions: "floats",
    velocities: "floats",
    accelerations: "floats",
  } as const;
  checkArgument(argument, given, shape, { mend: "accelerationPoints() makes it." });
  checkArgument(`${argument}.masses`, given.masses, "float64");
  const { points, particles, dimension } = given;
  checkLength(`${argument}.masses`, given.masses, [particles, "particles"]);
  for (const key of ["positions", "velocities", "accelerations"] as const)
    checkLength(
      `${argument}.${key}`,
      given[key],
      [points, "points"],
      [particles, "particles"],
      [dimension],
    );
}

/**
 * Acceleration points as trajectories of one step from rest: what a model of trajectories can learn of them, no more and no less.
 *
 * Record 0 is the configuration, at rest; record 1 what one step of velocity Verlet makes of it, q + a dt^2 / 2. A mean squared position error of the
 * second record is (dt^2 / 2)^2 times that of the accelerations.
 *
 * @param options - `dt`: the step. Default 0.01
 * @throws MclnnError `bad-option`, and what {@link checkAccelerationPoints} throws
 */
export function oneStepTrajectories(
  points: AccelerationPoints,
  options: { dt?: number } = {},
): TrajectorySet {
  checkAccelerationPoints("points", points);
  checkArgument("options", options, { dt: "positive?" });
  const { dt = 0.01 } = options;
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
