import { type CurveSpec, KNOTS_FROM_0 } from "./curve.ts";
import { KineticCurve, knotsFrom0 } from "./kinetic-curve.ts";
import { inertiaOf, productOf } from "./shared.ts";
import type { TermKind } from "./term.ts";

/**
 * A mass that goes by the distance from the origin: m_i (1 + B(|q_i|)), or m_i + B where it is a force. B = 0 from the last knot on: the mass is that far out.
 * What is felt of it is a force, -d(B v)/dt + grad B |v|^2 / 2.
 */
export const kineticPlace: TermKind<CurveSpec> = {
  name: "kinetic-place",
  summary:
    "mass by the distance from the origin, m a = F - m d(B(|q|) v)/dt + m grad B(|q|) |v|^2 / 2",
  family: "kinetic",
  rung: 0,
  options: { knots: KNOTS_FROM_0 },
  reads: "positions-and-velocities",
  conserves: { energy: true, linearMomentum: false, angularMomentum: true },
  // Its trace goes by accelerations, which tests beside a fit do not look up: it is chosen along the path, or told.
  finding: null,
  specs: ({ radii }) => [{ name: "kinetic-place", knots: knotsFrom0(radii) }],
  curve: () => ({ name: "B", of: "|q|", square: true, level: "end" }),
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const inertia = inertiaOf(spec, bodies);
    const curve = new KineticCurve(spec, "end");
    return {
      size: curve.size,
      accelerate({ positions: q, velocities: v, accelerations: a }, c, out) {
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const { value, slope } = curve.at(productOf(q, q, o), c);
          const [square, outward] = [productOf(v, v, o), 2 * productOf(q, v, o)];
          for (let k = o; k < o + dimension; k++)
            out[k] +=
              (slope * (square * q[k] - outward * v[k]) - value * (a?.[k] ?? 0)) / inertia[i];
        }
      },
      linearise({ positions: q, velocities: v, accelerations: a }, c, into) {
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const { slope } = curve.at(productOf(q, q, o), c);
          const bend = curve.bend(c);
          const [square, outward] = [productOf(v, v, o), 2 * productOf(q, v, o)];
          for (let row = o; row < o + dimension; row++) {
            const acceleration = a?.[row] ?? 0;
            const push = square * q[row] - outward * v[row];
            curve.source(into, row, -acceleration / inertia[i], push / inertia[i]);
            for (let column = o; column < o + dimension; column++) {
              const same = row === column ? 1 : 0;
              const stiff =
                2 * (bend * push - slope * acceleration) * q[column] +
                slope * (square * same - 2 * v[row] * v[column]);
              const damp = slope * (2 * (q[row] * v[column] - v[row] * q[column]) - outward * same);
              if (stiff !== 0) into.stiffness(row, column, stiff / inertia[i]);
              if (damp !== 0) into.damping(row, column, damp / inertia[i]);
            }
          }
        }
      },
      inertia({ positions: q }, c, out) {
        for (let i = 0; i < masses.length; i++) {
          const { value } = curve.at(productOf(q, q, 3 * i), c);
          for (let a = 0; a < dimension; a++) out[9 * i + 4 * a] += value / inertia[i];
        }
      },
      momenta({ positions: q, velocities: v }, c, out) {
        let energy = 0;
        for (let i = 0; i < masses.length; i++) {
          const o = 3 * i;
          const mass = (masses[i] / inertia[i]) * curve.at(productOf(q, q, o), c).value;
          for (let k = o; k < o + dimension; k++) out[k] += mass * v[k];
          energy += 0.5 * mass * productOf(v, v, o);
        }
        return energy;
      },
      energy: () => 0,
      constants: () => [],
    };
  },
};
