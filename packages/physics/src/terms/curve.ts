import { described } from "../arguments/described.ts";
import type { Requirement } from "../arguments/requirement.ts";
import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import { inertiaOf } from "./shared.ts";
import { Spline } from "./spline.ts";
import type { TermCurve, TermFormula, TermSpec } from "./term.ts";

/** A term with a curve, whose knots are part of what it is. */
export interface CurveSpec extends TermSpec {
  /** Increasing, in the data's units. */
  readonly knots: readonly number[];
}

/** What specs of curves are looked at for. */
export const KNOTS: Requirement = (argument, value) => {
  const knots: unknown = Array.isArray(value) ? value : [];
  const increase = (x: unknown, k: number, all: unknown[]): boolean =>
    Number.isFinite(x) && (k === 0 || (x as number) > (all[k - 1] as number));
  if (Array.isArray(knots) && knots.length > 1 && knots.every(increase)) return;
  throw new MclnnError("a curve cannot be made of these knots", {
    code: "bad-option",
    argument,
    expected: "two or more increasing numbers",
    got: described(value),
  });
};

/** The same from 0 on. */
export const KNOTS_FROM_0: Requirement = (argument, value) => {
  KNOTS(argument, value);
  const [first] = value as readonly number[];
  if (first === 0) return;
  throw new MclnnError("a curve of lengths cannot be made of these knots", {
    code: "bad-option",
    argument,
    expected: "two or more increasing numbers, the first of them 0",
    got: described(value),
  });
};

/** Coefficients of a curve. */
export const splineSize = ({ knots, level }: Pick<TermCurve, "knots" | "level">): number =>
  knots.length + (level === undefined ? 2 : level === "begin" ? 1 : 0);

/** Which coefficient of its spline is a curve's first. */
export const levelFrom = (level: TermCurve["level"]): number => (level === "begin" ? 1 : 0);

/** What a curve of one number of a particle's state does: that number, its gradient, which way the curve pushes, and how that changes. */
export interface Push {
  x: number;
  /** dx / d state. [3] */
  readonly gradient: Float64Array;
  /** Acceleration a unit of the curve. [3] */
  readonly along: Float64Array;
  /** d along / d state, row by row. [3 x 3] */
  readonly turn: Float64Array;
}

export const emptyPush = (): Push => ({
  x: 0,
  gradient: new Float64Array(3),
  along: new Float64Array(3),
  turn: new Float64Array(9),
});

/** Accelerations of each particle by a curve of its own position or velocity. */
export interface BodyCurve {
  readonly state: "positions" | "velocities";
  /** Where distances are from; what is added to it follows the curve's coefficients. [dimension] */
  readonly centre?: readonly number[];
  /** Says what the curve does in a state. @param s - the state, from the centre on. [3] */
  look(s: Float64Array, push: Push): void;
}

/** The formula of such accelerations, or of forces, which masses divide. */
export function bodyCurve(
  spec: CurveSpec,
  bodies: Bodies,
  { state, centre, look }: BodyCurve,
): Pick<TermFormula, "size" | "accelerate" | "linearise"> {
  const { masses, dimension } = bodies;
  const inertia = inertiaOf(spec, bodies);
  const spline = new Spline(spec.knots);
  const { size, values } = spline;
  const push = emptyPush();
  const { gradient, along, turn } = push;
  const own = new Float64Array(3);
  const at = (all: Float64Array, c: Float64Array, i: number): void => {
    for (let a = 0; a < dimension; a++)
      own[a] = all[3 * i + a] - (centre === undefined ? 0 : centre[a] + c[size + a]);
    look(own, push);
    spline.at(push.x);
  };
  return {
    size: size + (centre === undefined ? 0 : dimension),
    accelerate(frame, c, out) {
      for (let i = 0; i < masses.length; i++) {
        at(frame[state], c, i);
        const f = spline.value(c) / inertia[i];
        for (let a = 0; a < dimension; a++) out[3 * i + a] += f * along[a];
      }
    },
    linearise(frame, c, into) {
      for (let i = 0; i < masses.length; i++) {
        at(frame[state], c, i);
        const { first } = spline;
        const [f, slope] = [spline.value(c), spline.slope(c)];
        for (let a = 0; a < dimension; a++) {
          const row = 3 * i + a;
          if (along[a] !== 0)
            for (let k = 0; k < 4; k++)
              into.source(row, first + k, (values[k] * along[a]) / inertia[i]);
          for (let b = 0; b < dimension; b++) {
            const x = (slope * along[a] * gradient[b] + f * turn[3 * a + b]) / inertia[i];
            if (x === 0) continue;
            if (state === "velocities") into.damping(row, 3 * i + b, x);
            else into.stiffness(row, 3 * i + b, x);
            if (centre !== undefined) into.source(row, size + b, -x);
          }
        }
      }
    },
  };
}
