import type { Bodies, LookAtBodies, NearSum, PairLaws, Space } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import { coincidence, forceError, impulseError } from "../forces/pair-errors.ts";
import type { PairPotential } from "../pair-potential.ts";
import { NeighbourList } from "./list.ts";
import { integral, type RadialTable, radialTable } from "./radial-table.ts";

/**
 * Sums over pairs nearer than the cutoffs of their laws, by a neighbour list and tables of the laws in r^2.
 *
 * @throws MclnnError `bad-cutoff` for laws without a cutoff, or with one that is longer than the space allows
 */
export function nearSum(pairLaws: PairLaws, look: LookAtBodies, space: Space): NearSum {
  const { laws } = pairLaws;
  const tables = laws.map((law) => radialTable(law, cutoffOf(law, space)));
  const farthest = Math.max(...laws.map(({ cutoff }) => cutoff as number));
  let list: NeighbourList | null = null;
  let sums = new Float64Array(0);
  const upToDate = ({ masses, dimension }: Bodies, positions: Float64Array): NeighbourList => {
    if (list?.particles !== masses.length)
      list = new NeighbourList(space, { particles: masses.length, dimension, cutoff: farthest });
    list.update(positions);
    return list;
  };
  return {
    energy(bodies, positions) {
      const kinds = look(pairLaws, bodies);
      return energyOf(upToDate(bodies, positions), { pairLaws, tables, kinds, bodies });
    },
    push(bodies, positions, out, time, grid) {
      const kinds = look(pairLaws, bodies);
      const near = upToDate(bodies, positions);
      if (sums.length < 3 * near.slots) sums = new Float64Array(3 * near.slots + 300);
      sums.fill(0);
      pushNear(near, { pairLaws, tables, kinds, bodies }, sums, time, grid);
      const { owners, slots } = near;
      const { dimension } = bodies;
      for (let a = 0; a < slots; a++)
        for (let c = 0; c < dimension; c++) {
          const to = owners[a] * dimension + c;
          out[to] = out[to] + sums[3 * a + c];
        }
    },
  };
}

function cutoffOf({ name, cutoff }: PairPotential, { reach }: Space): number {
  if (cutoff !== undefined && cutoff > 0 && cutoff <= reach) return cutoff;
  const endless = cutoff === undefined || !(cutoff > 0);
  throw new MclnnError(
    endless
      ? `${name} has no cutoff, and cannot be summed over near pairs`
      : `the cutoff of ${name} is longer than half the box`,
    {
      code: "bad-cutoff",
      argument: "cutoff",
      expected: Number.isFinite(reach)
        ? `a cutoff up to ${reach}, half the least width of the box`
        : "a cutoff above 0",
      got: endless ? "none" : String(cutoff),
      mend: endless
        ? "withCutoff(pair, { cutoff }) ends a law."
        : "Within half the box each particle is met once. Take a larger box, or a shorter cutoff.",
    },
  );
}

/** What holds between two slots. */
interface Between {
  readonly pairLaws: PairLaws;
  readonly tables: readonly RadialTable[];
  readonly kinds: Int32Array | null;
  readonly bodies: Bodies;
}

/** Index of the law of two particles. */
function lawOf({ pairLaws: { lookup }, kinds, bodies }: Between, i: number, j: number): number {
  if (kinds === null || lookup === undefined) return 0;
  const { table, width } = lookup;
  const law = kinds[i] < 0 || kinds[j] < 0 ? -1 : table[kinds[i] * width + kinds[j]];
  if (law < 0) throw lookup.missing(bodies, i, j);
  return law;
}

function energyOf(near: NeighbourList, between: Between): number {
  const { positions, owners, starts, seconds, particles } = near;
  const { tables, kinds } = between;
  const { laws, weights } = between.pairLaws;
  let law = 0;
  let total = 0;
  for (let a = 0; a < particles; a++)
    for (let p = starts[a]; p < starts[a + 1]; p++) {
      const b = seconds[p];
      const x = positions[3 * a] - positions[3 * b];
      const y = positions[3 * a + 1] - positions[3 * b + 1];
      const z = positions[3 * a + 2] - positions[3 * b + 2];
      const s = x * x + y * y + z * z;
      const i = owners[a];
      const j = owners[b];
      if (kinds !== null) law = lawOf(between, i, j);
      const { forces, energies, perSquare, end, from } = tables[law];
      if (s >= end) continue;
      const w = weights[law];
      let v: number;
      if (s < from) {
        v = laws[law].energy(Math.sqrt(s));
        if (s === 0 && !Number.isFinite(v)) throw coincidence(laws[law], i, j);
      } else {
        const u = s * perSquare;
        const cell = u | 0;
        v = energies[cell] - (0.5 / perSquare) * integral(forces, 4 * cell, u - cell);
      }
      total += w === null ? v : w[i] * w[j] * v;
    }
  return total;
}

/** Adds forces to slots, or with a grid each pair's impulse over `time`, rounded once. @param sums - [3 x slots] */
function pushNear(
  near: NeighbourList,
  between: Between,
  sums: Float64Array,
  time: number,
  grid: number,
): void {
  const { positions, owners, starts, seconds, particles } = near;
  const { tables, kinds } = between;
  const { weights } = between.pairLaws;
  const rounder = 1.5 * 2 ** 52 * grid;
  const onGrid = grid > 0;
  // So that the sums of all that one particle meets, in any order, stay below 2^52 grids, where they are exact.
  const most = (2 ** 51 * grid) / Math.max(1, near.most);
  let law = 0;
  let table = tables[0];
  let w = weights[0];
  let { forces, perSquare, end, from } = table;
  for (let a = 0; a < particles; a++) {
    const ax = positions[3 * a];
    const ay = positions[3 * a + 1];
    const az = positions[3 * a + 2];
    let sx = 0;
    let sy = 0;
    let sz = 0;
    const last = starts[a + 1];
    for (let p = starts[a]; p < last; p++) {
      const b = seconds[p];
      const o = 3 * b;
      const x = ax - positions[o];
      const y = ay - positions[o + 1];
      const z = az - positions[o + 2];
      const s = x * x + y * y + z * z;
      if (kinds !== null) {
        law = lawOf(between, owners[a], owners[b]);
        table = tables[law];
        w = weights[law];
        forces = table.forces;
        perSquare = table.perSquare;
        end = table.end;
        from = table.from;
      }
      if (s >= end) continue;
      let f: number;
      if (s >= from) {
        const u = s * perSquare;
        const cell = u | 0;
        const t = u - cell;
        const k = cell << 2;
        f = forces[k] + t * (forces[k + 1] + t * (forces[k + 2] + t * forces[k + 3]));
      } else f = byLaw(between, law, { i: owners[a], j: owners[b], square: s });
      if (w !== null) f *= w[owners[a]] * w[owners[b]];
      let fx = f * x;
      let fy = f * y;
      let fz = f * z;
      if (onGrid) {
        fx = fx * time + rounder - rounder;
        fy = fy * time + rounder - rounder;
        fz = fz * time + rounder - rounder;
        if (!(Math.abs(fx) <= most && Math.abs(fy) <= most && Math.abs(fz) <= most))
          throw impulseError(between.pairLaws.laws[law], owners[a], owners[b], {
            ...{ r: Math.sqrt(s), slope: -f * Math.sqrt(s), most },
          });
      }
      sx += fx;
      sy += fy;
      sz += fz;
      sums[o] -= fx;
      sums[o + 1] -= fy;
      sums[o + 2] -= fz;
    }
    sums[3 * a] += sx;
    sums[3 * a + 1] += sy;
    sums[3 * a + 2] += sz;
  }
}

/** -V'(r) / r of the law itself. */
function byLaw(
  { pairLaws: { laws } }: Between,
  law: number,
  { i, j, square }: { i: number; j: number; square: number },
): number {
  const pair = laws[law];
  const r = Math.sqrt(square);
  const slope = pair.slope(r);
  const f = -slope / r;
  if (f - f === 0) return f;
  if (r === 0 && slope === 0) return 0;
  throw forceError(pair, i, j, { r, slope });
}
