import type { TrajectorySet } from "@mclnn/datasets";

/**
 * Separations in all records, of all pairs or of those of two species, the lower one first.
 */
export function setSeparations(
  { trajectories, records, particles, dimension, positions, species }: TrajectorySet,
  pair?: readonly [number, number],
): Float64Array {
  const out: number[] = [];
  for (let row = 0; row < trajectories * records; row++)
    for (let i = 0; i < particles; i++)
      for (let j = i + 1; j < particles; j++) {
        const [s = 0, t = 0] = [species?.[i] ?? 0, species?.[j] ?? 0].sort((a, b) => a - b);
        if (pair !== undefined && (pair[0] !== s || pair[1] !== t)) continue;
        let square = 0;
        for (let c = 0; c < dimension; c++) {
          const d =
            positions[(row * particles + i) * dimension + c] -
            positions[(row * particles + j) * dimension + c];
          square += d * d;
        }
        out.push(Math.sqrt(square));
      }
  return Float64Array.from(out);
}
