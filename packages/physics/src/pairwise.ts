import { MclnnError } from "./errors.ts";
import type { Coupling, PairPotential } from "./pair-potential.ts";
import type { Potential } from "./potential.ts";
import type { Bodies } from "./system.ts";

const COUPLINGS: readonly Coupling[] = ["none", "mass-product", "charge-product"];

/**
 * Lifts a pair potential to a potential of N particles: V = sum over pairs i < j of w_ij V(|q_i - q_j|), w_ij by the coupling.
 *
 * Forces are central, equal and opposite, so linear and angular momentum are conserved.
 * The loop over pairs allocates nothing; where several kinds of pair potential are in use, the engine boxes r and V' (32 short-lived bytes a pair).
 *
 * @throws MclnnError `bad-potential` for a pair potential without slope or with an unknown coupling; when energy or forces are asked for:
 * `zero-separation` for coincident particles of a potential singular there, `missing-charges` for charge-product without charges, and
 * `not-finite-force` where V' is not finite
 */
export function pairwise(pair: PairPotential): Potential {
  const { coupling = "none" } = pair;
  const refuse = (argument: string, expected: string, got: string, mend: string): never => {
    throw new MclnnError(`the pair potential ${pair.name} cannot be used`, {
      code: "bad-potential",
      argument,
      expected,
      got,
      mend,
    });
  };
  for (const key of ["energy", "slope"] as const)
    if (typeof pair[key] !== "function")
      refuse(key, "a function", typeof pair[key], "definePairPotential() computes the slope of V.");
  if (!COUPLINGS.includes(coupling))
    refuse("coupling", COUPLINGS.join(", "), String(coupling), "Leave it out for none.");
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
          const r = Math.sqrt(x * x + y * y + z * z);
          const v = pair.energy(r);
          if (r === 0 && !Number.isFinite(v)) throw coincidence(pair, i, j);
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
  if (r === 0) return coincidence(pair, i, j);
  return new MclnnError(`the force of ${pair.name} between particles ${i} and ${j} is not finite`, {
    code: "not-finite-force",
    argument: "positions",
    expected: "finite positions and a finite slope",
    got: `slope ${slope} at separation ${r}`,
    mend: "Try a smaller time step.",
    kind: "failure",
  });
}

function coincidence({ name }: PairPotential, i: number, j: number): MclnnError {
  return new MclnnError(`${name} cannot be evaluated between particles ${i} and ${j}`, {
    code: "zero-separation",
    argument: "positions",
    expected: "a separation above 0",
    got: "two particles at one point",
    mend: "Move one of the particles.",
  });
}
