// Forces beside a pair law, written down here from their equations: none is made by the terms that are to be learned.
import type { Force } from "@mclnn/physics";

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a.reduce((sum, x, k) => sum + x * b[k], 0);

/** A force on each body by itself. @param of - force at a place, a velocity and a time, of a body of so much mass */
export function onBodies(of: (x: Vector, v: Vector, time: number, mass: number) => Vector): Force {
  return force((bodies, { place, moves, add, time }) => {
    bodies.masses.forEach((mass, i) => {
      add(i, of(place(i), moves(i), time, mass), 1);
    });
  });
}

/** What two bodies do to each other. */
export interface Pair {
  /** Unit vector from the second to the first. */
  readonly u: Vector;
  readonly r: number;
  /** Velocity of the first less that of the second. */
  readonly dv: Vector;
  readonly time: number;
  readonly species: readonly [number, number];
}

/** A force between each two. @param of - on the first of them @param back - what the second gets of it: -1, or 1 for one that knows no reaction */
export function betweenPairs(of: (pair: Pair) => Vector, back: -1 | 1 = -1): Force {
  return force(({ masses, species }, { place, moves, add, time }) => {
    for (let i = 0; i < masses.length; i++)
      for (let j = i + 1; j < masses.length; j++) {
        const d = place(i).map((x, k) => x - place(j)[k]);
        const r = Math.sqrt(dot(d, d));
        const f = of({
          u: d.map((x) => x / r),
          dv: moves(i).map((x, k) => x - moves(j)[k]),
          species: [species?.[i] ?? 0, species?.[j] ?? 0],
          ...{ r, time },
        });
        add(i, f, 1);
        add(j, f, back);
      }
  });
}

/** Energy `strength` g(r) g(r') (cos - `cosine`)^2 of each body with two others, g = exp(-(r / `width`)^2), after Stillinger and Weber (1985). */
export function stillingerWeber(strength: number, cosine: number, width: number): Force {
  const g = (r: number): number => Math.exp(-((r / width) ** 2));
  const slope = (r: number): number => ((-2 * r) / width ** 2) * g(r);
  return force(({ masses }, { place, add }) => {
    for (let i = 0; i < masses.length; i++)
      for (let j = 0; j < masses.length; j++)
        for (let k = j + 1; k < masses.length; k++) {
          if (i === j || i === k) continue;
          const [a, b] = [j, k].map((to) => place(to).map((x, c) => x - place(i)[c]));
          const [ra, rb] = [a, b].map((d) => Math.sqrt(dot(d, d)));
          const cos = dot(a, b) / (ra * rb);
          const off = cos - cosine;
          const turning = 2 * strength * g(ra) * g(rb) * off;
          const along = strength * off * off;
          const pull = (d: Vector, r: number, e: Vector, other: number): Vector =>
            d.map(
              (x, c) =>
                (-along * slope(r) * g(other) * x) / r -
                turning * (e[c] / (r * other) - (cos * x) / r ** 2),
            );
          const [fa, fb] = [pull(a, ra, b, rb), pull(b, rb, a, ra)];
          add(j, fa, 1);
          add(k, fb, 1);
          add(i, fa, -1);
          add(i, fb, -1);
        }
  });
}

interface Scene {
  readonly place: (body: number) => Vector;
  readonly moves: (body: number) => Vector;
  readonly time: number;
  readonly add: (body: number, force: Vector, times: number) => void;
}

function force(act: (bodies: Parameters<Force["addForces"]>[0], scene: Scene) => void): Force {
  return {
    name: "beside",
    reads: "positions-velocities-and-time",
    conserves: { energy: false, linearMomentum: false, angularMomentum: false },
    addForces(bodies, positions, out, velocities = new Float64Array(positions.length), time = 0) {
      const { dimension } = bodies;
      const of = (all: Float64Array) => (body: number) =>
        Array.from(all.subarray(dimension * body, dimension * (body + 1)));
      const add: Scene["add"] = (body, f, times) => {
        for (let k = 0; k < dimension; k++) out[dimension * body + k] += times * f[k];
      };
      act(bodies, { place: of(positions), moves: of(velocities), time, add });
    },
  };
}
