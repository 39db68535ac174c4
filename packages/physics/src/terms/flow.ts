import { portableLog, portablePower } from "../portable/index.ts";
import { checkDimension, inertiaOf, scalarConstant } from "./shared.ts";
import type { TermKind, TermSpec } from "./term.ts";

export interface FlowSpec extends TermSpec {
  /** u and p that are looked for from here. Default: 0. */
  readonly wind?: readonly number[];
  readonly power?: number;
}

/** The power stays between these, and changes by so much in a step at most. */
const POWERS = { least: -0.5, most: 3, step: 0.5 };

/**
 * Drag in a medium that flows: a_i = -gamma |z|^p z with z = v_i - u, or that over m_i where it is a force; p = 0 where drag is linear, 1 where it is
 * quadratic. Coefficients: gamma, then how far u and p are from where they are looked for.
 */
export const flow: TermKind<FlowSpec> = {
  name: "flow",
  summary: "drag in a medium that flows, a = -gamma |v - u|^p (v - u)",
  family: "drag",
  rung: 4,
  options: { wind: "numbers?", power: "finite?" },
  reads: "positions-and-velocities",
  conserves: { energy: false, linearMomentum: false, angularMomentum: false },
  // Drag at rest is asked for, and takes most of what this one does.
  finding: null,
  about(spec, c) {
    const { wind, power = 0 } = spec;
    const end = c.length - 1;
    const u = Array.from(c.slice(1, end), (x, a) => (wind?.[a] ?? 0) + x);
    return {
      spec: { ...spec, wind: u, power: power + c[end] },
      coefficients: c.map((x, k) => (k === 0 ? x : 0)),
    };
  },
  create(spec, bodies) {
    const { masses, dimension } = bodies;
    const { wind = [0, 0, 0].slice(0, dimension), power: begin = 0 } = spec;
    checkDimension("a medium that flows", "spec.wind", wind, dimension);
    const inertia = inertiaOf(spec, bodies);
    const z = new Float64Array(3);
    /** z, |z|^p and |z|. */
    const look = (v: Float64Array, c: Float64Array, i: number): readonly [number, number] => {
      let square = 0;
      for (let a = 0; a < dimension; a++) {
        z[a] = v[3 * i + a] - wind[a] - c[1 + a];
        square += z[a] * z[a];
      }
      const speed = Math.sqrt(square);
      return [speed > 0 ? portablePower(speed, begin + c[1 + dimension]) : 0, speed];
    };
    return {
      size: 2 + dimension,
      accelerate({ velocities }, c, out) {
        for (let i = 0; i < masses.length; i++) {
          const [f] = look(velocities, c, i);
          for (let a = 0; a < dimension; a++) out[3 * i + a] -= (c[0] * f * z[a]) / inertia[i];
        }
      },
      linearise({ velocities }, c, into) {
        const power = begin + c[1 + dimension];
        for (let i = 0; i < masses.length; i++) {
          const [f, speed] = look(velocities, c, i);
          if (speed === 0) continue;
          for (let a = 0; a < dimension; a++) {
            const row = 3 * i + a;
            into.source(row, 0, (-f * z[a]) / inertia[i]);
            if (c[0] === 0) continue;
            into.source(row, 1 + dimension, (-c[0] * f * portableLog(speed) * z[a]) / inertia[i]);
            for (let b = 0; b < dimension; b++) {
              const x =
                (-c[0] * f * ((a === b ? 1 : 0) + (power * z[a] * z[b]) / (speed * speed))) /
                inertia[i];
              into.damping(row, 3 * i + b, x);
              into.source(row, 1 + b, -x);
            }
          }
        }
      },
      moved: (c, step) =>
        c.map((x, k) => {
          if (k < 1 + dimension) return x + step[k];
          const { least, most, step: far } = POWERS;
          const power = begin + x + Math.min(far, Math.max(-far, step[k]));
          return Math.min(most, Math.max(least, power)) - begin;
        }),
      coefficients: ([gamma, ...rest]) => [
        gamma,
        ...rest.map((x, k) => x - (k < dimension ? wind[k] : begin)),
      ],
      constants(c) {
        const unit = (row: number): number[] => Array.from(c, (_, k) => (k === row ? 1 : 0));
        const u = Array.from({ length: dimension }, (_, a) => 1 + a);
        return [
          scalarConstant("gamma", c),
          { name: "u", value: u.map((k) => wind[k - 1] + c[k]), gradient: u.map(unit) },
          { name: "p", value: begin + c[1 + dimension], gradient: [unit(1 + dimension)] },
        ];
      },
    };
  },
};
