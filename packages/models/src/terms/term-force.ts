import { type Bodies, MclnnError, type Potential } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
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
 * @throws MclnnError `unknown-term`, `not-finite`; when used, `bad-shape` for another number of coefficients than the term has
 */
export function termForce({ spec, coefficients }: TermAt): Potential {
  const { name, reads, conserves } = termByName(spec.name);
  const c = Float64Array.from(coefficients);
  let made: Made | null = null;
  /** Masses and dimension alone decide; systems are used again and again. */
  const of = (bodies: Bodies): Made => {
    if (made?.bodies !== bodies) made = make(spec, c, bodies);
    return made;
  };
  return {
    name,
    dependsOn: reads === "positions" ? "positions" : "positions-and-velocities",
    conserves,
    energy(bodies, positions) {
      const { term, frame } = of(bodies);
      spread(positions, bodies.dimension, frame.positions);
      return term.energy?.(frame, c) ?? 0;
    },
    addForces(bodies, positions, out, velocities) {
      const { masses, dimension } = bodies;
      const { term, frame, accelerations: a } = of(bodies);
      spread(positions, dimension, frame.positions);
      if (velocities !== undefined) spread(velocities, dimension, frame.velocities);
      a.fill(0);
      term.accelerate(frame, c, a);
      for (let i = 0; i < masses.length; i++)
        for (let k = 0; k < dimension; k++) out[i * dimension + k] += masses[i] * a[3 * i + k];
    },
  };
}

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
