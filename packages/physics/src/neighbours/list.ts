import type { Space } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import { pairsByCells } from "./cells.ts";

export interface NeighbourListOptions {
  readonly particles: number;
  readonly dimension: 2 | 3;
  /** Pairs up to this separation are wanted. */
  readonly cutoff: number;
  /** The list holds pairs up to cutoff + skin, so that it stays good until a particle has moved by half of it. Default 0.12 cutoffs. */
  readonly skin?: number;
}

/**
 * Half a neighbour list: each pair once. Particles lie in slots in the order of the cells they are in, so that near ones are near in memory;
 * images of particles beyond the walls of a box have slots of their own after them. So between two slots there is nothing but a difference.
 *
 * The order of the pairs depends on the positions it was made for alone.
 */
export class NeighbourList {
  readonly space: Space;
  readonly cutoff: number;
  readonly particles: number;
  /** Slots: particles first, images after them. */
  slots = 0;
  /** Of the slots; of all, as they are now. [3 x slots or more] */
  positions: Float64Array = new Float64Array(0);
  /** Which particle is in a slot. [slots or more] */
  owners: Int32Array = new Int32Array(0);
  /** The second slots of pairs whose first is slot a: `seconds[starts[a]]` to `seconds[starts[a + 1] - 1]`. [particles + 1] */
  starts: Int32Array = new Int32Array(1);
  seconds: Int32Array = new Int32Array(0);
  /** Most pairs that any particle has. */
  most = 0;
  /** How often it was made anew. */
  rebuilds = 0;
  /** Place of a slot less its particle's. [3 x slots or more] */
  private offsets: Float64Array = new Float64Array(0);
  /** Positions that it was made for. [particles x dimension] */
  private readonly madeFor: Float64Array;
  private readonly dimension: 2 | 3;
  private readonly skin: number;

  constructor(
    space: Space,
    { particles, dimension, cutoff, skin = 0.12 * cutoff }: NeighbourListOptions,
  ) {
    this.space = space;
    this.cutoff = cutoff;
    this.particles = particles;
    this.dimension = dimension;
    this.skin = skin;
    this.madeFor = new Float64Array(particles * dimension).fill(Number.NaN);
  }

  /**
   * Brings it up to date.
   *
   * @param positions - [particles x dimension]
   * @returns whether it was made anew
   * @throws MclnnError `not-finite-force` (failure) for positions that are no numbers
   */
  update(positions: Float64Array): boolean {
    const stale = this.isStale(positions);
    if (stale) this.rebuild(positions);
    const { slots, owners, offsets, dimension, positions: at } = this;
    for (let a = 0; a < slots; a++) {
      const from = owners[a] * dimension;
      const to = 3 * a;
      at[to] = positions[from] + offsets[to];
      at[to + 1] = positions[from + 1] + offsets[to + 1];
      at[to + 2] = dimension === 3 ? positions[from + 2] + offsets[to + 2] : 0;
    }
    return stale;
  }

  private isStale(positions: Float64Array): boolean {
    const { madeFor, dimension, skin } = this;
    const far = (skin * skin) / 4;
    for (let k = 0; k < madeFor.length; k += dimension) {
      const x = positions[k] - madeFor[k];
      const y = positions[k + 1] - madeFor[k + 1];
      const z = dimension === 3 ? positions[k + 2] - madeFor[k + 2] : 0;
      // What is no number is stale.
      if (!(x * x + y * y + z * z <= far)) return true;
    }
    return false;
  }

  private rebuild(positions: Float64Array): void {
    const bad = positions.findIndex((x) => !Number.isFinite(x));
    if (bad >= 0)
      throw new MclnnError(
        `particle ${Math.floor(bad / this.dimension)} is nowhere that neighbours could be looked for`,
        {
          code: "not-finite-force",
          argument: "positions",
          expected: "finite positions",
          got: String(positions[bad]),
          mend: "Try a smaller time step.",
          kind: "failure",
        },
      );
    this.madeFor.set(positions);
    const made = pairsByCells(
      this.space,
      { positions, particles: this.particles, dimension: this.dimension },
      this.cutoff + this.skin,
      this.seconds,
    );
    this.slots = made.owners.length;
    this.owners = made.owners;
    this.offsets = made.offsets;
    this.positions = made.positions;
    this.starts = made.starts;
    this.seconds = made.seconds;
    this.rebuilds++;
    const counts = new Int32Array(this.particles);
    for (let a = 0; a < this.particles; a++)
      for (let p = made.starts[a]; p < made.starts[a + 1]; p++) {
        counts[made.owners[a]]++;
        counts[made.owners[made.seconds[p]]]++;
      }
    this.most = counts.reduce((most, count) => Math.max(most, count), 0);
  }
}
