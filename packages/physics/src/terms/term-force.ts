import { described } from "../arguments/described.ts";
import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Force, Inertia } from "../force.ts";
import type { Frame, TermAt, TermFormula, TermKind } from "./term.ts";

type TermIn = (dimension: 2 | 3) => TermAt;

/** Kept beside the forces, so that a copy of one with another `addForces` has none. */
const termsOfForces: WeakMap<Force, TermIn> = /* @__PURE__ */ new WeakMap();

/**
 * The term that a force is nothing but, as plain data; null for any other. Of a sum ask its parts.
 *
 * @throws MclnnError `bad-dimension` for a force that there is none of in that dimension
 */
export function termOf(force: Force, dimension: 2 | 3): TermAt | null {
  return termsOfForces.get(force)?.(dimension) ?? null;
}

/** A term made for some bodies, with room for a frame of theirs in three components a particle. */
interface Made extends Pick<Bodies, "masses" | "dimension"> {
  readonly charges: Bodies["charges"] | undefined;
  readonly formula: TermFormula;
  readonly c: Float64Array;
  readonly frame: { time: number } & Frame;
  readonly accelerations: Float64Array;
}

/**
 * A kind of term at given coefficients as a force.
 *
 * @param at - what the term is in a dimension
 * @param facts - of the force, where they are not the kind's
 * @throws MclnnError when used, what `at` and the kind throw, `bad-shape`, `missing-velocities`, `time-dependent-force` where no time is told
 */
export function forceOfKind(kind: TermKind, at: TermIn, facts: Partial<Force> = {}): Force {
  const { reads, conserves } = kind;
  const { name = kind.name } = facts;
  let made: Made | null = null;
  /** Systems are used again and again. */
  const of = (bodies: Bodies): Made => {
    const { masses, charges, dimension } = bodies;
    if (made?.masses !== masses || made.charges !== charges || made.dimension !== dimension)
      made = make(kind, at(dimension), bodies);
    return made;
  };
  const force: Force = {
    name,
    reads,
    conserves,
    ...(conserves.energy && {
      energy(bodies: Bodies, positions: Float64Array): number {
        const { formula, frame, c } = of(bodies);
        spread(positions, bodies, frame.positions);
        return formula.energy?.(frame, c) ?? 0;
      },
    }),
    ...(kind.family === "kinetic" && { inertia: inertiaOf(of) }),
    addForces(bodies, positions, out, velocities, time) {
      const { masses, dimension } = bodies;
      const { formula, frame, c, accelerations: a } = of(bodies);
      spread(positions, bodies, frame.positions);
      if (reads.includes("velocities")) spread(given(name, velocities), bodies, frame.velocities);
      if (reads.includes("time")) frame.time = timeOf(name, time);
      a.fill(0);
      formula.accelerate(frame, c, a);
      for (let i = 0; i < masses.length; i++)
        for (let k = 0; k < dimension; k++) out[i * dimension + k] += masses[i] * a[3 * i + k];
    },
    ...facts,
  };
  termsOfForces.set(force, at);
  return force;
}

/** What a kind of term makes of the inertia of bodies. */
function inertiaOf(of: (bodies: Bodies) => Made): Inertia {
  const placed = (bodies: Bodies, positions: Float64Array, velocities: Float64Array): Made => {
    const made = of(bodies);
    spread(positions, bodies, made.frame.positions);
    spread(velocities, bodies, made.frame.velocities);
    return made;
  };
  return {
    addMasses(bodies, positions, velocities, out) {
      const { formula, frame, c } = placed(bodies, positions, velocities);
      formula.inertia?.(frame, c, out);
    },
    addMomenta(bodies, positions, velocities, out) {
      const { masses, dimension } = bodies;
      const { formula, frame, c, accelerations: p } = placed(bodies, positions, velocities);
      p.fill(0);
      const energy = formula.momenta?.(frame, c, p) ?? 0;
      for (let i = 0; i < masses.length; i++)
        for (let k = 0; k < dimension; k++) out[i * dimension + k] += p[3 * i + k];
      return energy;
    },
  };
}

function make(kind: TermKind, { spec, coefficients }: TermAt, bodies: Bodies): Made {
  const { masses, charges, dimension } = bodies;
  const formula = kind.create(spec, bodies);
  const c = Float64Array.from(coefficients);
  if (c.length !== formula.size || !c.every(Number.isFinite))
    throw new MclnnError(`coefficients of ${spec.name} cannot be used`, {
      code: "bad-shape",
      argument: "coefficients",
      expected: `${formula.size} finite numbers`,
      got: described(Array.from(c)),
    });
  const vector = (): Float64Array => new Float64Array(3 * masses.length);
  const frame = { trajectory: 0, time: 0, positions: vector(), velocities: vector() };
  return { masses, charges, dimension, formula, c, frame, accelerations: vector() };
}

function given(force: string, velocities: Float64Array | undefined): Float64Array {
  if (velocities !== undefined) return velocities;
  throw new MclnnError(`${force} needs velocities`, {
    code: "missing-velocities",
    argument: "velocities",
    expected: "a velocity for every particle",
    got: "none",
  });
}

function timeOf(force: string, time: number | undefined): number {
  if (time !== undefined) return time;
  throw new MclnnError(`${force} needs the time`, {
    code: "time-dependent-force",
    argument: "time",
    expected: "the time at which forces act",
    got: "none",
  });
}

/** Into three components a particle. */
function spread(from: Float64Array, { masses, dimension }: Bodies, to: Float64Array): void {
  for (let i = 0; i < masses.length; i++)
    for (let k = 0; k < dimension; k++) to[3 * i + k] = from[i * dimension + k];
}
