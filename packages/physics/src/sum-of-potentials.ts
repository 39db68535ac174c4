import { checkPotential } from "./arguments/mechanics.ts";
import type { Potential } from "./potential.ts";

/**
 * Sum of potentials: pair laws, external fields and whatever else. Conserves what all of them conserve.
 *
 * @throws MclnnError `bad-potential` for a part that is no potential
 */
export function sumOfPotentials(...parts: readonly Potential[]): Potential {
  parts.forEach((part, k) => {
    checkPotential(`parts[${k}]`, part);
  });
  return {
    name: parts.map((p) => p.name).join(" + ") || "nothing",
    dependsOn: parts.some((p) => p.dependsOn === "positions-and-velocities")
      ? "positions-and-velocities"
      : "positions",
    conserves: {
      linearMomentum: parts.every((p) => p.conserves?.linearMomentum === true),
      angularMomentum: parts.every((p) => p.conserves?.angularMomentum === true),
    },
    energy(bodies, positions) {
      let sum = 0;
      for (const part of parts) sum += part.energy(bodies, positions);
      return sum;
    },
    addForces(bodies, positions, out, velocities) {
      for (const part of parts) part.addForces(bodies, positions, out, velocities);
    },
  };
}
