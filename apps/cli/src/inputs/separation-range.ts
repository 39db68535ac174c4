import { separations } from "@mclnn/physics";

/**
 * Nearest and farthest separations in some positions; infinity and 0 where no pair counts.
 *
 * @param positions - [frames x N x dimension]
 * @param counts - which pairs do (default: all)
 */
export function separationRange(
  positions: Float64Array,
  { particles, dimension }: { particles: number; dimension: 2 | 3 },
  counts: (i: number, j: number) => boolean = () => true,
): readonly [number, number] {
  const counted: boolean[] = [];
  for (let i = 0; i < particles; i++)
    for (let j = i + 1; j < particles; j++) counted.push(counts(i, j));
  const size = particles * dimension;
  let nearest = Number.POSITIVE_INFINITY;
  let farthest = 0;
  let out: Float64Array | undefined;
  for (let offset = 0; offset + size <= positions.length; offset += size) {
    out = separations(positions.subarray(offset, offset + size), { particles, dimension }, out);
    for (let p = 0; p < out.length; p++) {
      if (counted[p] !== true) continue;
      const r = out[p] as number;
      if (r < nearest) nearest = r;
      if (r > farthest) farthest = r;
    }
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
