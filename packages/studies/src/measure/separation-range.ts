import { separations } from "@mclnn/physics";

/**
 * Nearest and farthest separations in some positions; infinity and 0 where no pair counts. What was not observed (NaN) is passed over.
 *
 * @param positions - [frames x N x dimension]
 * @param counts - which pairs do (default: all)
 */
export function separationRange(
  positions: Float64Array,
  { particles, dimension }: { particles: number; dimension: 2 | 3 },
  counts: (i: number, j: number) => boolean = () => true,
): readonly [number, number] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++)
      if (counts(i, j)) pairs.push([i * dimension, j * dimension]);
  const size = particles * dimension;
  let nearest = Number.POSITIVE_INFINITY;
  let farthest = 0;
  for (let offset = 0; offset + size <= positions.length; offset += size)
    for (const [i, j] of pairs) {
      let square = 0;
      for (let c = offset; c < offset + dimension; c++) {
        const x = (positions[c + i] as number) - (positions[c + j] as number);
        square += x * x;
      }
      const r = Math.sqrt(square);
      if (r < nearest) nearest = r;
      if (r > farthest) farthest = r;
    }
  return [nearest, farthest];
}

/** Separations of all pairs in all configurations, one after the other. @param positions - [frames x N x dimension] */
export function allSeparations(
  positions: Float64Array,
  { particles, dimension }: { particles: number; dimension: 2 | 3 },
): Float64Array {
  const size = particles * dimension;
  const pairs = (particles * (particles - 1)) / 2;
  const frames = positions.length / size;
  const out = new Float64Array(frames * pairs);
  for (let frame = 0; frame < frames; frame++)
    separations(
      positions.subarray(frame * size, (frame + 1) * size),
      { particles, dimension },
      out.subarray(frame * pairs, (frame + 1) * pairs),
    );
  return out;
}
