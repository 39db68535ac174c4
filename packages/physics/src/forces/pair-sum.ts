import { checkPair } from "../arguments/mechanics.ts";
import type { Bodies } from "../bodies.ts";
import { chargesOf } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Potential } from "../force.ts";
import type { PairPotential } from "../pair-potential.ts";

/** Which of several laws holds between two particles. */
export interface LawLookup {
  /** [kinds x kinds] index of the law of two kinds, below 0 where there is none. */
  readonly table: Int32Array;
  /** Kind of each particle, below 0 where no law knows it. [N] */
  kinds(bodies: Bodies): Int32Array;
  /** What to throw for a pair without a law. */
  missing(bodies: Bodies, i: number, j: number): MclnnError;
}

/**
 * Sum over pairs i < j of w_ij V(|q_i - q_j|), with one law for all of them, or each pair's own by `lookup`.
 *
 * @throws MclnnError `bad-potential` for a law that cannot be used
 */
export function pairSum(
  laws: readonly PairPotential[],
  lookup?: LawLookup,
): Pick<Potential, "reads" | "conserves" | "energy" | "addForces" | "addImpulses"> {
  laws.forEach((law, k) => {
    checkPair(laws.length === 1 ? "pair" : `laws[${k}].pair`, law);
  });
  const first = laws[0] as PairPotential;
  const table = lookup?.table ?? new Int32Array(0);
  const width = Math.sqrt(table.length);
  const couplings = laws.map(({ coupling = "none" }) => coupling);
  /** Factors whose product is the weight of a pair, null where all weigh 1. */
  const weigh = (law: number, bodies: Bodies): Float64Array | null => {
    const coupling = couplings[law];
    if (coupling === "none") return null;
    return coupling === "mass-product"
      ? bodies.masses
      : chargesOf((laws[law] as PairPotential).name, bodies);
  };
  const weights: (Float64Array | null)[] = laws.map(() => null);
  return {
    reads: "positions",
    conserves: { energy: true, linearMomentum: true, angularMomentum: true },
    energy(bodies, positions) {
      const { dimension, masses } = bodies;
      const kinds = lookup === undefined ? null : lookup.kinds(bodies);
      if (kinds !== null) for (let k = 0; k < laws.length; k++) weights[k] = weigh(k, bodies);
      let pair = first;
      let w = weigh(0, bodies);
      // Stryker disable next-line ConditionalExpression: in two dimensions the third component is 0, and adds nothing
      const flat = dimension === 2;
      let sum = 0;
      for (let i = 0; i < masses.length; i++)
        for (let j = i + 1; j < masses.length; j++) {
          if (kinds !== null) {
            const row = kinds[i] as number;
            const column = kinds[j] as number;
            const law = row < 0 || column < 0 ? -1 : (table[row * width + column] as number);
            if (law < 0) throw (lookup as LawLookup).missing(bodies, i, j);
            pair = laws[law] as PairPotential;
            w = weights[law] as Float64Array | null;
          }
          const a = i * dimension;
          const b = j * dimension;
          const x = (positions[a] as number) - (positions[b] as number);
          const y = (positions[a + 1] as number) - (positions[b + 1] as number);
          const z = flat ? 0 : (positions[a + 2] as number) - (positions[b + 2] as number);
          const r = Math.sqrt(x * x + y * y + z * z);
          const v = pair.energy(r);
          // Stryker disable next-line ConditionalExpression: only at one point is an energy not finite
          if (r === 0 && !Number.isFinite(v)) throw coincidence(pair, i, j);
          sum += w === null ? v : (w[i] as number) * (w[j] as number) * v;
        }
      return sum;
    },
    addForces: (bodies, positions, out) => push(bodies, positions, out, 0, 0),
    addImpulses: (bodies, positions, time, grid, out) => push(bodies, positions, out, time, grid),
  };

  /** Adds forces, or with a grid each pair's impulse over `time`, rounded once. */
  function push(
    bodies: Bodies,
    positions: Float64Array,
    out: Float64Array,
    time: number,
    grid: number,
  ): void {
    const { dimension, masses } = bodies;
    const onGrid = grid > 0;
    // Adding and subtracting it rounds to multiples of the grid, halves to even, alike for both signs.
    const rounder = 1.5 * 2 ** 52 * grid;
    // So that the sums of all N particles, in any order, stay below 2^52 grids, where they are exact.
    const most = (2 ** 51 * grid) / masses.length;
    const kinds = lookup === undefined ? null : lookup.kinds(bodies);
    if (kinds !== null) for (let k = 0; k < laws.length; k++) weights[k] = weigh(k, bodies);
    let pair = first;
    let w = weigh(0, bodies);
    const flat = dimension === 2;
    for (let i = 0; i < masses.length; i++)
      for (let j = i + 1; j < masses.length; j++) {
        if (kinds !== null) {
          const row = kinds[i] as number;
          const column = kinds[j] as number;
          const law = row < 0 || column < 0 ? -1 : (table[row * width + column] as number);
          if (law < 0) throw (lookup as LawLookup).missing(bodies, i, j);
          pair = laws[law] as PairPotential;
          w = weights[law] as Float64Array | null;
        }
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
        let fx = f * x;
        let fy = f * y;
        let fz = f * z;
        if (onGrid) {
          fx = fx * time + rounder - rounder;
          fy = fy * time + rounder - rounder;
          fz = fz * time + rounder - rounder;
          if (!(Math.abs(fx) <= most && Math.abs(fy) <= most && Math.abs(fz) <= most))
            throw impulseError(pair, i, j, r, slope, most);
        }
        out[a] = (out[a] as number) - fx;
        out[a + 1] = (out[a + 1] as number) - fy;
        out[b] = (out[b] as number) + fx;
        out[b + 1] = (out[b + 1] as number) + fy;
        if (flat) continue;
        out[a + 2] = (out[a + 2] as number) - fz;
        out[b + 2] = (out[b + 2] as number) + fz;
      }
  }
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

function impulseError(
  pair: PairPotential,
  i: number,
  j: number,
  r: number,
  slope: number,
  most: number,
): MclnnError {
  return new MclnnError(
    `the impulse of ${pair.name} between particles ${i} and ${j} leaves the grid`,
    {
      code: "grid-range",
      argument: "grid",
      expected: `components of at most ${most}`,
      got: `slope ${slope} at separation ${r}`,
      mend: "Choose a coarser grid or a smaller time step.",
      kind: "failure",
    },
  );
}
