import { type AccelerationPoints, createRandom } from "@mclnn/datasets";
import type { Potential } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import type { TfjsLagrangianEnergy } from "../src/index.ts";

/** A motion that MCLNN cannot represent: its Lagrangian, and its accelerations by hand. */
export interface Motion {
  readonly lagrangian: TfjsLagrangianEnergy;
  readonly acceleration: (
    q: readonly [number, number],
    v: readonly [number, number],
  ) => [number, number];
}

/** Two rods of length 1 with masses 1 at their ends in gravity 1; coordinates are the angles from the vertical. */
export const doublePendulum: Motion = {
  lagrangian: (q, v) => {
    const [a, b] = tf.split(q, 2, 1) as [tf.Tensor, tf.Tensor];
    const [u, w] = tf.split(v, 2, 1) as [tf.Tensor, tf.Tensor];
    const kinetic = tf.addN([
      tf.square(u),
      tf.mul(0.5, tf.square(w)),
      tf.mul(tf.mul(u, w), tf.cos(tf.sub(a, b))),
    ]);
    return tf.reshape(tf.addN([kinetic, tf.mul(2, tf.cos(a)), tf.cos(b)]), [-1]);
  },
  acceleration: ([a, b], [u, w]) => {
    const [c, s] = [Math.cos(a - b), Math.sin(a - b)];
    const f = -w * w * s - 2 * Math.sin(a);
    const g = u * u * s - Math.sin(b);
    return [(f - c * g) / (2 - c * c), (2 * g - c * f) / (2 - c * c)];
  },
};

/** Strength of the field, along z. */
export const FIELD = 1.5;

/** A charge in a uniform magnetic field: it goes round at the frequency of the field, by a force at right angles to its velocity. */
export const magnetic: Motion = {
  lagrangian: (q, v) => {
    const [x, y] = tf.split(q, 2, 1) as [tf.Tensor, tf.Tensor];
    const [u, w] = tf.split(v, 2, 1) as [tf.Tensor, tf.Tensor];
    const potential = tf.mul(FIELD / 2, tf.sub(tf.mul(x, w), tf.mul(y, u)));
    const kinetic = tf.mul(0.5, tf.add(tf.square(u), tf.square(w)));
    return tf.reshape(tf.add(kinetic, potential), [-1]);
  },
  acceleration: (_, [u, w]) => [FIELD * w, -FIELD * u],
};

/** Accelerations of a motion at random states within `reach` of 0. */
export function randomPoints(
  { acceleration }: Motion,
  points: number,
  reach: number,
  seed: number,
): AccelerationPoints {
  const random = createRandom(seed);
  const draw = (): Float64Array =>
    Float64Array.from({ length: 2 * points }, () => reach * (2 * random.uniform() - 1));
  const [positions, velocities] = [draw(), draw()];
  const accelerations = new Float64Array(2 * points);
  for (let k = 0; k < 2 * points; k += 2) {
    const at = (x: Float64Array): [number, number] => [x[k] as number, x[k + 1] as number];
    accelerations.set(acceleration(at(positions), at(velocities)), k);
  }
  return {
    points,
    particles: 1,
    dimension: 2,
    masses: Float64Array.of(1),
    positions,
    velocities,
    accelerations,
  };
}

/** The same motion for the integrators. */
export function exactPotential({ acceleration }: Motion): Potential {
  return {
    name: "exact",
    reads: "positions-and-velocities",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    energy: () => 0,
    addForces(_, q, out, v = new Float64Array(2)) {
      const [a, b] = acceleration(
        [q[0] as number, q[1] as number],
        [v[0] as number, v[1] as number],
      );
      out[0] = (out[0] as number) + a;
      out[1] = (out[1] as number) + b;
    },
  };
}
