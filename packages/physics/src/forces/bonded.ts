import { checkPair } from "../arguments/mechanics.ts";
import { checkArgument } from "../arguments/requirement.ts";
import { MclnnError } from "../errors.ts";
import type { Potential } from "../force.ts";
import type { PairPotential } from "../pair-potential.ts";

/** Two particles that feel each other, and how strongly. */
export type Bond = readonly [first: number, second: number, weight: number];

/**
 * A pair potential between some particles only: V = sum over bonds of w_ij V(|q_i - q_j|).
 *
 * @param bonds - each pair once, particles counted from 0
 * @throws MclnnError `bad-potential`, `bad-option`; when used, `bad-option` for fewer particles than the bonds name, `not-finite-force`
 */
export function bonded(pair: PairPotential, bonds: readonly Bond[]): Potential {
  checkPair("pair", pair);
  const own = checkedBonds(bonds);
  const most = own.reduce((k, [i, j]) => Math.max(k, i, j), -1);
  const check = (particles: number): void => {
    if (most >= particles)
      refuse("bonds", `particles from 0 to ${particles - 1}`, `particle ${most}`);
  };
  const weightOf = pair.coupling;
  if (weightOf !== undefined && weightOf !== "none")
    refuse("pair", "a potential without coupling: bonds have weights", weightOf);
  return {
    name: pair.name,
    reads: "positions",
    conserves: { energy: true, linearMomentum: true, angularMomentum: true },
    energy({ masses, dimension }, q) {
      check(masses.length);
      let sum = 0;
      for (const [i, j, w] of own) {
        sum += w * pair.energy(separation(q, dimension, i, j));
      }
      return sum;
    },
    addForces({ masses, dimension }, q, out) {
      check(masses.length);
      for (const [i, j, w] of own) {
        const r = separation(q, dimension, i, j);
        const slope = pair.slope(r);
        if (r === 0 && slope === 0) continue;
        const f = (w * slope) / r;
        if (!Number.isFinite(f))
          throw new MclnnError(`the force between particles ${i} and ${j} is not finite`, {
            code: "not-finite-force",
            argument: "positions",
            expected: "a separation at which V' is finite",
            got: `r = ${r}, V' = ${slope}`,
            kind: "failure",
          });
        for (let a = 0; a < dimension; a++) {
          const x = f * (q[i * dimension + a] - q[j * dimension + a]);
          out[i * dimension + a] -= x;
          out[j * dimension + a] += x;
        }
      }
    },
  };
}

function separation(q: Float64Array, dimension: number, i: number, j: number): number {
  let square = 0;
  for (let a = 0; a < dimension; a++) {
    const x = q[i * dimension + a] - q[j * dimension + a];
    square += x * x;
  }
  return Math.sqrt(square);
}

/** Bonds that can be used: two different particles each, no pair twice, finite weights. @throws MclnnError `bad-option` */
export function checkedBonds(bonds: readonly Bond[]): readonly Bond[] {
  checkArgument("bonds", bonds, "list");
  const seen = new Set<string>();
  bonds.forEach((bond, k) => {
    const [i, j, w] = (Array.isArray(bond) ? bond : []) as readonly number[] as Bond;
    const argument = `bonds[${k}]`;
    const isIndex = (x: unknown): boolean => Number.isInteger(x) && (x as number) >= 0;
    if (!isIndex(i) || !isIndex(j) || i === j || !Number.isFinite(w))
      refuse(
        argument,
        "two different particles, counted from 0, and a finite weight",
        JSON.stringify(bond) ?? "nothing",
      );
    const key = `${Math.min(i, j)} ${Math.max(i, j)}`;
    if (seen.has(key)) refuse(argument, "every pair once", `${key} twice`);
    seen.add(key);
  });
  return bonds.map(([i, j, w]) => [i, j, w] as const);
}

function refuse(argument: string, expected: string, got: string): never {
  throw new MclnnError("bonds cannot be used", { code: "bad-option", argument, expected, got });
}
