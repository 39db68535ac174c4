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
  /** Number of kinds. */
  readonly width: number;
  /** Kind of each particle, below 0 where no law knows it. [N] */
  kinds(bodies: Bodies): Int32Array;
  /** What to throw for a pair without a law. */
  missing(bodies: Bodies, i: number, j: number): MclnnError;
}

/** Laws, and the factors whose product is the weight of a pair, null where all weigh 1. */
interface Laws {
  readonly laws: readonly PairPotential[];
  readonly lookup: LawLookup | undefined;
  /** Of the bodies at hand. [laws] */
  readonly weights: (Float64Array | null)[];
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
  const sum: Laws = { laws, lookup, weights: laws.map(() => null) };
  return {
    reads: "positions",
    conserves: { energy: true, linearMomentum: true, angularMomentum: true },
    energy: (bodies, positions) => energyOf(sum, bodies, positions),
    addForces: (bodies, positions, out) => push(sum, bodies, positions, out, 0, 0),
    addImpulses: (bodies, positions, time, grid, out) =>
      push(sum, bodies, positions, out, time, grid),
  };
}

/** Weighs the bodies; their kinds, null where one law holds between all. */
function look({ laws, lookup, weights }: Laws, bodies: Bodies): Int32Array | null {
  const kinds = lookup === undefined ? null : lookup.kinds(bodies);
  for (let k = 0; k < laws.length; k++) {
    const { coupling = "none", name } = laws[k];
    if (coupling !== "none")
      weights[k] = coupling === "mass-product" ? bodies.masses : chargesOf(name, bodies);
  }
  return kinds;
}

/** The law between two particles. */
function lawOf(lookup: LawLookup, kinds: Int32Array, bodies: Bodies, i: number, j: number): number {
  const { table, width } = lookup;
  const row = kinds[i];
  const column = kinds[j];
  const law = row < 0 || column < 0 ? -1 : table[row * width + column];
  if (law < 0) throw lookup.missing(bodies, i, j);
  return law;
}

function energyOf(sum: Laws, bodies: Bodies, positions: Float64Array): number {
  const { laws, weights } = sum;
  const { dimension, masses } = bodies;
  const kinds = look(sum, bodies);
  let pair = laws[0];
  let w = weights[0];
  // Stryker disable next-line ConditionalExpression: in two dimensions the third component is 0, and adds nothing
  const flat = dimension === 2;
  let total = 0;
  for (let i = 0; i < masses.length; i++)
    for (let j = i + 1; j < masses.length; j++) {
      if (kinds !== null) {
        const law = lawOf(sum.lookup as LawLookup, kinds, bodies, i, j);
        pair = laws[law];
        w = weights[law];
      }
      const a = i * dimension;
      const b = j * dimension;
      const x = positions[a] - positions[b];
      const y = positions[a + 1] - positions[b + 1];
      const z = flat ? 0 : positions[a + 2] - positions[b + 2];
      const r = Math.sqrt(x * x + y * y + z * z);
      const v = pair.energy(r);
      // Stryker disable next-line ConditionalExpression: only at one point is an energy not finite
      if (r === 0 && !Number.isFinite(v)) throw coincidence(pair, i, j);
      total += w === null ? v : w[i] * w[j] * v;
    }
  return total;
}

/** Adds forces, or with a grid each pair's impulse over `time`, rounded once. */
function push(
  sum: Laws,
  bodies: Bodies,
  positions: Float64Array,
  out: Float64Array,
  time: number,
  grid: number,
): void {
  const { laws, weights } = sum;
  const { dimension, masses } = bodies;
  const onGrid = grid > 0;
  // Adding and subtracting it rounds to multiples of the grid, halves to even, alike for both signs.
  const rounder = 1.5 * 2 ** 52 * grid;
  // So that the sums of all N particles, in any order, stay below 2^52 grids, where they are exact.
  const most = (2 ** 51 * grid) / masses.length;
  const kinds = look(sum, bodies);
  let pair = laws[0];
  let w = weights[0];
  const flat = dimension === 2;
  for (let i = 0; i < masses.length; i++)
    for (let j = i + 1; j < masses.length; j++) {
      if (kinds !== null) {
        const law = lawOf(sum.lookup as LawLookup, kinds, bodies, i, j);
        pair = laws[law];
        w = weights[law];
      }
      const a = i * dimension;
      const b = j * dimension;
      const x = positions[a] - positions[b];
      const y = positions[a + 1] - positions[b + 1];
      const z = flat ? 0 : positions[a + 2] - positions[b + 2];
      const r = Math.sqrt(x * x + y * y + z * z);
      const slope = pair.slope(r);
      let f = slope / r;
      if (w !== null) f *= w[i] * w[j];
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
      out[a] = out[a] - fx;
      out[a + 1] = out[a + 1] - fy;
      out[b] = out[b] + fx;
      out[b + 1] = out[b + 1] + fy;
      if (flat) continue;
      out[a + 2] = out[a + 2] - fz;
      out[b + 2] = out[b + 2] + fz;
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
