import type { RecordCheck } from "./check.ts";

/** Jumps by which a box shows, at least. */
const LEAST = 3;
/** Jumps go over more than this share of what an axis spans; everything else moves less than that share between records. */
const JUMP = 0.6;
const MOVES = 0.35;
/** Jumps are of one length but for so many times what others move. */
const ALIKE = 4;

/** Positions that jump by one length, from edge to edge: a periodic box, wrapped. */
export const wrapped: RecordCheck = ({ positions, records, particles, dimension }) => {
  const size = particles * dimension;
  const found: string[] = [];
  for (let axis = 0; axis < dimension; axis++) {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let o = axis; o < positions.length; o += dimension) {
      least = Math.min(least, Number.isNaN(positions[o]) ? least : positions[o]);
      most = Math.max(most, Number.isNaN(positions[o]) ? most : positions[o]);
    }
    const span = most - least;
    let [jumps, sum, squares, moves, count, farthest] = [0, 0, 0, 0, 0, 0];
    for (let o = size + axis; o < positions.length; o += dimension) {
      if (Math.floor(o / size) % records === 0) continue;
      const d = Math.abs(positions[o] - positions[o - size]);
      if (d > JUMP * span) {
        jumps++;
        sum += d;
        squares += d * d;
      } else if (d >= 0) {
        moves += d * d;
        count++;
        farthest = Math.max(farthest, d);
      }
    }
    if (jumps < LEAST || farthest > MOVES * span) continue;
    const length = sum / jumps;
    const spread = Math.sqrt(Math.max(0, squares / jumps - length * length));
    if (spread > ALIKE * Math.sqrt(moves / Math.max(1, count))) continue;
    found.push(`${jumps} times by ${length.toPrecision(3)} along axis ${axis}`);
  }
  if (found.length === 0) return null;
  return {
    unusable: true,
    finding: {
      kind: "periodic-box",
      text: `positions jump from edge to edge, always by one length: ${found.join(", ")}. They seem to be wrapped into a periodic box`,
      sigmas: 0,
      share: null,
      try: "Laws in periodic boxes are not learned yet: give particles that do not feel each other across the edges of a box, unwrapped.",
    },
  };
};
