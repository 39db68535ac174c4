import { described } from "../arguments/described.ts";
import { MclnnError } from "../errors.ts";
import type { Force } from "../forces/force.ts";
import type { Bodies } from "../system.ts";
import { createTerm, termByName } from "./catalogue.ts";
import type { Frame, Term, TermSpec } from "./term.ts";

/** A term at given coefficients, as model files keep it. */
export interface TermAt {
  readonly spec: TermSpec;
  /** [size of the term] */
  readonly coefficients: ArrayLike<number>;
}

/** A term made for some bodies, with room for a frame of theirs in three components a particle. */
interface Made {
  readonly bodies: Bodies;
  readonly term: Term;
  readonly frame: Frame;
  readonly accelerations: Float64Array;
}

/**
 * A term at given coefficients as a force that can be simulated.
 *
 * @throws MclnnError `unknown-term`, `time-dependent-force`; when used, `bad-shape` for another number of coefficients than the term has,
 * `missing-velocities`
 */
export function termForce({ spec, coefficients }: TermAt): Force {
  const { name, reads, conserves } = termByName(spec.name);
  if (reads === "positions-velocities-and-time")
    throw refusal(name, "time-dependent-force", "a force of positions and velocities", reads);
  const c = Float64Array.from(coefficients);
  let made: Made | null = null;
  /** Masses and dimension alone decide; systems are used again and again. */
  const of = (bodies: Bodies): Made => {
    if (made?.bodies !== bodies) made = make(spec, c, bodies);
    return made;
  };
  return {
    name,
    reads,
    conserves,
    ...(conserves.energy && {
      energy(bodies: Bodies, positions: Float64Array): number {
        const { term, frame } = of(bodies);
        spread(positions, bodies.dimension, frame.positions);
        return term.energy?.(frame, c) ?? 0;
      },
    }),
    addForces(bodies, positions, out, velocities) {
      const { masses, dimension } = bodies;
      const { term, frame, accelerations: a } = of(bodies);
      spread(positions, dimension, frame.positions);
      if (velocities !== undefined) spread(velocities, dimension, frame.velocities);
      else if (reads !== "positions")
        throw refusal(name, "missing-velocities", "a velocity for every particle", "none");
      a.fill(0);
      term.accelerate(frame, c, a);
      for (let i = 0; i < masses.length; i++)
        for (let k = 0; k < dimension; k++) out[i * dimension + k] += masses[i] * a[3 * i + k];
    },
  };
}

const refusal = (name: string, code: string, expected: string, got: string): MclnnError =>
  new MclnnError(`${name} cannot be a force like this`, { code, argument: name, expected, got });

function make(spec: TermSpec, c: Float64Array, bodies: Bodies): Made {
  const term = createTerm(spec, bodies);
  if (c.length !== term.size || !c.every(Number.isFinite))
    throw new MclnnError(`coefficients of ${spec.name} cannot be used`, {
      code: "bad-shape",
      argument: "coefficients",
      expected: `${term.size} finite numbers`,
      got: described(Array.from(c)),
    });
  const size = 3 * bodies.masses.length;
  return {
    bodies,
    term,
    frame: {
      trajectory: 0,
      time: 0,
      positions: new Float64Array(size),
      velocities: new Float64Array(size),
    },
    accelerations: new Float64Array(size),
  };
}

/** Into three components a particle. */
function spread(from: Float64Array, dimension: number, to: Float64Array): void {
  if (dimension === 3) to.set(from);
  else
    for (let i = 0, k = 0; k < from.length; i += 3, k += 2) {
      to[i] = from[k];
      to[i + 1] = from[k + 1];
    }
}
