import { MclnnError } from "./errors.ts";
import type { PairPotential } from "./pair-potential.ts";
import type { Potential } from "./potential.ts";
import type { Bodies } from "./system.ts";

/**
 * Lifts a pair potential to a potential of N particles: V = sum over pairs i < j of w_ij V(|q_i - q_j|), w_ij by the coupling.
 *
 * Forces are central, equal and opposite, so linear and angular momentum are conserved.
 * The loop over pairs allocates nothing; where several kinds of pair potential are in use, the engine boxes r and V' (32 short-lived bytes a pair).
 *
 * @throws MclnnError when forces are asked for: `zero-separation` for coincident particles of a potential singular there, `not-finite-force`
 * where V' is not finite, `missing-charges` for charge-product without charges
 */
export function pairwise(pair: PairPotential): Potential {
  const { coupling = "none" } = pair;
  const factors = (bodies: Bodies): Float64Array | null => {
    if (coupling === "none") return null;
    if (coupling === "mass-product") return bodies.masses;
    if (bodies.charges !== undefined) return bodies.charges;
    throw new MclnnError(`${pair.name} needs charges`, {
      code: "missing-charges",
      argument: "charges",
      expected: "a charge for every particle",
      got: "none",
    });
  };
  return {
    name: pair.name,
    pair,
    dependsOn: "positions",
    conserves: { linearMomentum: true, angularMomentum: true },
    energy(bodies, positions) {
      const { dimension, masses } = bodies;
      const w = factors(bodies);
      const flat = dimension === 2;
      let sum = 0;
      for (let i = 0; i < masses.length; i++)
        for (let j = i + 1; j < masses.length; j++) {
          const a = i * dimension;
          const b = j * dimension;
          const x = (positions[a] as number) - (positions[b] as number);
          const y = (positions[a + 1] as number) - (positions[b + 1] as number);
          const z = flat ? 0 : (positions[a + 2] as number) - (positions[b + 2] as number);
          const v = pair.energy(Math.sqrt(x * x + y * y + z * z));
          sum += w === null ? v : (w[i] as number) * (w[j] as number) * v;
        }
      return sum;
    },
    addForces(bodies, positions, out) {
      const { dimension, masses } = bodies;
      const w = factors(bodies);
      const flat = dimension === 2;
      for (let i = 0; i < masses.length; i++)
        for (let j = i + 1; j < masses.length; j++) {
          const a = i * dimension;
          const b = j * dimension;
          const x = (positions[a] as number) - (positions[b] as number);
          const y = (positions[a + 1] as number) - (positions[b + 1] as number);
          const z = flat ? 0 : (positions[a + 2] as number) - (positions[b + 2] as number);
          const r = Math.sqrt(x * x + y * y + z * z);
          const slope = pair.slope(r);
          let f = slope / r;
          if (w !== null) f *= (w[i] as number) * (w[j] as number);
          if (f - f !== 0) {
            // At one point the direction is undefined; a force that vanishes there needs none.
            if (r === 0 && slope === 0) continue;
            throw forceError(pair, i, j, r, slope);
          }
          const fx = f * x;
          const fy = f * y;
          out[a] = (out[a] as number) - fx;
          out[a + 1] = (out[a + 1] as number) - fy;
          out[b] = (out[b] as number) + fx;
          out[b + 1] = (out[b + 1] as number) + fy;
          if (flat) continue;
          const fz = f * z;
          out[a + 2] = (out[a + 2] as number) - fz;
          out[b + 2] = (out[b + 2] as number) + fz;
        }
    },
  };
}

function forceError(
  pair: PairPotential,
  i: number,
  j: number,
  r: number,
  slope: number,
): MclnnError {
  const coincident = r === 0;
  return new MclnnError(`the force of ${pair.name} between particles ${i} and ${j} is not finite`, {
    code: coincident ? "zero-separation" : "not-finite-force",
    argument: "positions",
    expected: coincident ? "a separation above 0" : "finite positions and a finite slope",
    got: coincident ? "two particles at one point" : `slope ${slope} at separation ${r}`,
    mend: coincident ? "Move one of the particles." : "Try a smaller time step.",
    kind: coincident ? "input" : "failure",
  });
}
