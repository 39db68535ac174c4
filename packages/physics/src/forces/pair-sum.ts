import { checkPair } from "../arguments/mechanics.ts";
import {
  type Bodies,
  chargesOf,
  type LawLookup,
  type NearSum,
  type PairLaws,
  type Space,
} from "../bodies.ts";
import type { Potential } from "../force.ts";
import type { PairPotential } from "../pair-potential.ts";
import { coincidence, forceError, impulseError } from "./pair-errors.ts";

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
  const sum: PairLaws = { laws, lookup, weights: laws.map(() => null) };
  let near: NearSum | null = null;
  let space: Space | undefined;
  /** The same sum over near pairs, in a space that finds them; null where all pairs are looked at. */
  const nearIn = (bodies: Bodies): NearSum | null => {
    if (bodies.space !== space) {
      space = bodies.space;
      near = space === undefined ? null : space.sumOf(sum, look);
    }
    return near;
  };
  return {
    reads: "positions",
    conserves: { energy: true, linearMomentum: true, angularMomentum: true },
    energy: (bodies, positions) =>
      nearIn(bodies)?.energy(bodies, positions) ?? energyOf(sum, bodies, positions),
    addForces(bodies, positions, out) {
      const some = nearIn(bodies);
      if (some === null) push(sum, bodies, positions, out, 0, 0);
      else some.push(bodies, positions, out, 0, 0);
    },
    addImpulses(bodies, positions, time, grid, out) {
      const some = nearIn(bodies);
      if (some === null) push(sum, bodies, positions, out, time, grid);
      else some.push(bodies, positions, out, time, grid);
    },
  };
}

/** Weighs the bodies; their kinds, null where one law holds between all. */
function look({ laws, lookup, weights }: PairLaws, bodies: Bodies): Int32Array | null {
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

function energyOf(sum: PairLaws, bodies: Bodies, positions: Float64Array): number {
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
  sum: PairLaws,
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
        throw forceError(pair, i, j, { r, slope });
      }
      let fx = f * x;
      let fy = f * y;
      let fz = f * z;
      if (onGrid) {
        fx = fx * time + rounder - rounder;
        fy = fy * time + rounder - rounder;
        fz = fz * time + rounder - rounder;
        if (!(Math.abs(fx) <= most && Math.abs(fy) <= most && Math.abs(fz) <= most))
          throw impulseError(pair, i, j, { r, slope, most });
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
