import type { Potential } from "../potential.ts";

/** Harmonic trap: V = sum k |q_i - centre|^2 / 2. Keeps angular momentum about its centre only. @param centre - default the origin */
export function harmonicTrap({
  stiffness = 1,
  centre = [],
}: {
  stiffness?: number;
  centre?: readonly number[];
} = {}): Potential {
  return {
    name: "harmonic-trap",
    dependsOn: "positions",
    conserves: { linearMomentum: false, angularMomentum: centre.every((c) => c === 0) },
    energy({ masses, dimension }, positions) {
      let sum = 0;
      for (let k = 0; k < masses.length * dimension; k++) {
        const x = (positions[k] as number) - (centre[k % dimension] ?? 0);
        sum += 0.5 * stiffness * x * x;
      }
      return sum;
    },
    addForces({ masses, dimension }, positions, out) {
      for (let k = 0; k < masses.length * dimension; k++)
        out[k] =
          (out[k] as number) -
          stiffness * ((positions[k] as number) - (centre[k % dimension] ?? 0));
    },
  };
}
