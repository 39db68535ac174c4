import type { TrajectorySet } from "../trajectory-set.ts";

/** Particles that are compared with all others. */
const COMPARED = 500;

/**
 * How many rows of the second record stand nearest to the place of another row of the first, of how many: where rows have no ids, many mean that they are
 * not the same particles in each frame.
 */
export function strangersInRows(
  set: Pick<TrajectorySet, "records" | "particles" | "dimension" | "positions" | "box">,
): { strangers: number; compared: number } {
  const { records, particles, dimension, positions, box } = set;
  if (records < 2 || particles < 4) return { strangers: 0, compared: 0 };
  const compared = Math.min(particles, COMPARED);
  const size = particles * dimension;
  const sides = [0, 1, 2].map((d) => box?.[4 * d] ?? Number.POSITIVE_INFINITY);
  const distance = (i: number, j: number): number => {
    let sum = 0;
    for (let d = 0; d < dimension; d++) {
      const apart =
        (positions[size + i * dimension + d] as number) - (positions[j * dimension + d] as number);
      const side = sides[d] as number;
      const near =
        side < Number.POSITIVE_INFINITY ? apart - side * Math.round(apart / side) : apart;
      sum += near * near;
    }
    return sum;
  };
  let strangers = 0;
  for (let i = 0; i < compared; i++) {
    const own = distance(i, i);
    for (let j = 0; j < particles; j++)
      if (distance(i, j) < own) {
        strangers++;
        break;
      }
  }
  return { strangers, compared };
}

/** Jumps of less are those of particles that are quick. */
const QUICK = 8;

/** How often a coordinate changes by more than half the span of all from one record to the next, where hardly any other changes by an eighth of that. */
export function jumpsIn(
  set: Pick<TrajectorySet, "records" | "particles" | "dimension" | "positions">,
): number {
  const { records, particles, dimension, positions } = set;
  const size = particles * dimension;
  let jumps = 0;
  let usual = 0;
  for (let d = 0; d < dimension; d++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = d; at < positions.length; at += dimension) {
      const x = positions[at] as number;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    const half = (high - low) / 2;
    for (let at = size + d; at < records * size; at += dimension) {
      const move = Math.abs((positions[at] as number) - (positions[at - size] as number));
      if (move > half) jumps++;
      else if (move > half / QUICK) usual++;
    }
  }
  return usual > 0.05 * records * size ? 0 : jumps;
}
