import { type CurveSpec, KNOTS_FROM_0 } from "./curve.ts";
import { KineticCurve, knotsFrom0 } from "./kinetic-curve.ts";
import { inertiaOf, productOf } from "./shared.ts";
import type { TermKind } from "./term.ts";

/**
 * Momentum that is not m v: p_i = m_i (1 + B(|v_i|)) v_i, or (m_i + B) v_i where it is a force. B(0) = 0: the mass is that of bodies at rest. What is felt of it
 * is a force, -d(B v)/dt.
 */
export const kineticSpeed: TermKind<CurveSpec> = {
  name: "kinetic-speed",
  summary: "kinetic energy that is another function of the speed, m a = F - m d(B(|v|) v)/dt",
  family: "kinetic",
  rung: 0,
  options: { knots: KNOTS_FROM_0 },
  reads: "positions-and-velocities",
  conserves: { energy: true, linearMomentum: true, angularMomentum: true },
  // Its trace goes by accelerations, which tests beside a fit do not look up: it is chosen along the path, or told.
  finding: null,
  // Few bodies are slow, and what is smooth goes by the square.
  specs: ({ speeds }) => [
    { name: "kinetic-speed", knots: knotsFrom0(speeds.map((s) => s * s)).map(Math.sqrt) },
  ],
  curve: () => ({ name: "B", of: "|v|", square: true, level: "begin" }),
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const curve = new KineticCurve(spec, "begin");
    return {
      size: curve.size,
      accelerate({ velocities: v, accelerations: a }, c, out) {
        if (a === undefined) return;
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const { value, slope } = curve.at(productOf(v, v, o), c);
          const faster = 2 * slope * productOf(v, a, o);
          for (let k = o; k < o + dimension; k++)
            out[k] -= (value * a[k] + faster * v[k]) / inertia[i];
        }
      },
      linearise({ velocities: v, accelerations: a }, c, into) {
        if (a === undefined) return;
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const { slope } = curve.at(productOf(v, v, o), c);
          const bend = curve.bend(c);
          const power = productOf(v, a, o);
          for (let row = o; row < o + dimension; row++) {
            curve.source(into, row, -a[row] / inertia[i], (-2 * power * v[row]) / inertia[i]);
            for (let column = o; column < o + dimension; column++) {
              const x =
                2 * slope * (a[row] * v[column] + v[row] * a[column]) +
                4 * bend * power * v[row] * v[column] +
                (row === column ? 2 * slope * power : 0);
              if (x !== 0) into.damping(row, column, -x / inertia[i]);
            }
          }
        }
      },
      inertia({ velocities: v }, c, out) {
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const { value, slope } = curve.at(productOf(v, v, o), c);
          for (let a = 0; a < dimension; a++)
            for (let b = 0; b < dimension; b++)
              out[3 * (o + a) + b] +=
                ((a === b ? value : 0) + 2 * slope * v[o + a] * v[o + b]) / inertia[i];
        }
      },
      momenta({ velocities: v }, c, out) {
        let energy = 0;
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const mass = masses[i] / inertia[i];
          const square = productOf(v, v, o);
          const { value } = curve.at(square, c);
          for (let k = o; k < o + dimension; k++) out[k] += mass * value * v[k];
          energy += mass * (value * square - curve.moment(square, c));
        }
        return energy;
      },
      energy: () => 0,
      constants: () => [],
    };
  },
};
