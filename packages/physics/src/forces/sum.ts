import { checkForce } from "../arguments/mechanics.ts";
import type { Force, Inertia, Potential } from "../force.ts";

/** By velocities, and by time. */
const READS = [
  ["positions", "positions-and-time"],
  ["positions-and-velocities", "positions-velocities-and-time"],
] as const;

/**
 * Sum of forces: pair laws, external fields, drag and whatever else. Conserves what all of them conserve, and has an energy when all of them
 * have one.
 *
 * @throws MclnnError `bad-potential` for a part that is no force
 */
export function sumOfForces(...parts: readonly Potential[]): Potential;
export function sumOfForces(...parts: readonly Force[]): Force;
export function sumOfForces(...parts: readonly Force[]): Force {
  parts.forEach((part, k) => {
    checkForce(`parts[${k}]`, part);
  });
  const all = (keeps: (conserves: Force["conserves"]) => boolean): boolean =>
    parts.every(({ conserves }) => conserves !== undefined && keeps(conserves));
  const some = (what: string): boolean => parts.some(({ reads }) => reads?.includes(what));
  const inertias = parts.flatMap(({ inertia }) => (inertia === undefined ? [] : [inertia]));
  let sum: Force = {
    name: parts.map((p) => p.name).join(" + ") || "nothing",
    reads: READS[some("velocities") ? 1 : 0][some("time") ? 1 : 0],
    conserves: {
      energy: all(({ energy }) => energy),
      linearMomentum: all(({ linearMomentum }) => linearMomentum),
      angularMomentum: all(({ angularMomentum }) => angularMomentum),
    },
    ...(inertias.length > 0 && { inertia: sumOfInertias(inertias) }),
    addForces(bodies, positions, out, velocities, time) {
      for (const part of parts) part.addForces(bodies, positions, out, velocities, time);
    },
  };
  if (parts.every(hasEnergy))
    sum = {
      ...sum,
      energy(bodies, positions) {
        let total = 0;
        for (const part of parts) total += part.energy(bodies, positions);
        return total;
      },
    };
  partsOfSums.set(sum, parts.flatMap(partsOf));
  return sum;
}

const sumOfInertias = (parts: readonly Inertia[]): Inertia => ({
  addMasses(bodies, positions, velocities, out) {
    for (const part of parts) part.addMasses(bodies, positions, velocities, out);
  },
  addMomenta: (bodies, positions, velocities, out) =>
    parts.reduce((sum, part) => sum + part.addMomenta(bodies, positions, velocities, out), 0),
});

/** Kept beside the sums, so that a copy of one with another `addForces` has none. */
const partsOfSums: WeakMap<Force, readonly Force[]> = /* @__PURE__ */ new WeakMap();

/** The forces that a sum is made of, none of them a sum; of any other force, itself. */
export function partsOf(force: Force): readonly Force[] {
  return partsOfSums.get(force) ?? [force];
}

function hasEnergy(force: Force): force is Potential {
  return force.energy !== undefined;
}
