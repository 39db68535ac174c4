import type { Force, PairPotential, Potential } from "@mclnn/physics";
import { type TermSpec, termForce } from "@mclnn/physics/terms";

/** Forces that no pair law can hold, small ones beside it: what findings are to find. */

/** A term of the catalogue as a force. @param coefficients - in the order of the term */
export const term = (spec: TermSpec, ...coefficients: readonly number[]): Force =>
  termForce({ spec, coefficients });

/** Calls `add` with the difference, the separation and the offsets of each pair. */
function pairForce(
  name: string,
  force: (d: readonly number[], r: number) => readonly number[],
): Force {
  return {
    name,
    reads: "positions",
    conserves: { energy: false, linearMomentum: true, angularMomentum: false },
    addForces({ masses, dimension }, q, out) {
      for (let i = 0; i < masses.length; i++)
        for (let j = i + 1; j < masses.length; j++) {
          const d = Array.from(
            { length: dimension },
            (_, c) => q[i * dimension + c] - q[j * dimension + c],
          );
          const f = force(d, Math.hypot(...d));
          for (let c = 0; c < dimension; c++) {
            const [a, b] = [i * dimension + c, j * dimension + c];
            out[a] = out[a] + f[c];
            out[b] = out[b] - f[c];
          }
        }
    },
  };
}

/** A force across the line between two particles, in the x-y plane, that fades like 1 / (1 + r^2). */
export const swirl = (strength: number): Force =>
  pairForce("swirl", ([x = 0, y = 0, ...z], r) => {
    const f = strength / (1 + r * r) / r;
    return [-y * f, x * f, ...z.map(() => 0)];
  });

/** The law itself, stronger along x by this share. */
export const anisotropic = (pair: PairPotential, share: number): Force =>
  pairForce("anisotropic", (d, r) => {
    const f = (-share * pair.slope(r) * (d[0] / r) ** 2) / r;
    return d.map((x) => x * f);
  });

/** Axilrod-Teller energy of every three particles, softened at one length. */
export function threeBody(strength: number): Potential {
  const energy = (q: Float64Array, dimension: number, n: number): number => {
    let sum = 0;
    const square = (a: number, b: number): number => {
      let s = 0.25;
      for (let c = 0; c < dimension; c++) s += (q[a * dimension + c] - q[b * dimension + c]) ** 2;
      return s;
    };
    for (let a = 0; a < n; a++)
      for (let b = a + 1; b < n; b++)
        for (let d = b + 1; d < n; d++) {
          const [x, y, z] = [square(a, b), square(b, d), square(a, d)];
          const cosines = ((x + y - z) * (y + z - x) * (z + x - y)) / (8 * x * y * z);
          sum += (strength * (1 + 3 * cosines)) / (x * y * z) ** 1.5;
        }
    return sum;
  };
  return {
    name: "axilrod-teller",
    reads: "positions",
    conserves: { energy: true, linearMomentum: true, angularMomentum: true },
    energy: ({ masses, dimension }, q) => energy(q, dimension, masses.length),
    addForces({ masses, dimension }, q, out) {
      const h = 1e-5;
      const at = q.slice();
      for (let k = 0; k < q.length; k++) {
        const x = q[k];
        at[k] = x + h;
        const above = energy(at, dimension, masses.length);
        at[k] = x - h;
        const below = energy(at, dimension, masses.length);
        at[k] = x;
        out[k] = out[k] - (above - below) / (2 * h);
      }
    },
  };
}
