/** Up to so many particles all pairs are compared; sorting costs more. */
const FEW = 48;

/**
 * Two particles at one point, or null: sorted by position, coincident ones are neighbours, so that a file with a million particles is
 * checked in a second. Particles with a component that is not a number coincide with none.
 *
 * @param positions - particle-major; those of this configuration begin at `first`
 */
export function coincidentPair(
  positions: Float64Array,
  first: number,
  particles: number,
  dimension: number,
): readonly [number, number] | null {
  const at = (i: number, c: number): number => positions[first + i * dimension + c] as number;
  const compare = (i: number, j: number): number => {
    for (let c = 0; c < dimension; c++) {
      if (at(i, c) < at(j, c)) return -1;
      if (at(i, c) > at(j, c)) return 1;
    }
    return 0;
  };
  const there = (i: number): boolean => {
    for (let c = 0; c < dimension; c++) if (Number.isNaN(at(i, c))) return false;
    return true;
  };
  if (particles <= FEW) {
    for (let i = 0; i < particles; i++)
      for (let j = i + 1; j < particles; j++)
        if (at(i, 0) === at(j, 0) && there(i) && there(j) && compare(i, j) === 0) return [i, j];
    return null;
  }
  const order = Int32Array.from({ length: particles }, (_, i) => i).filter(there);
  order.sort((i, j) => compare(i, j) || i - j);
  for (let k = 1; k < order.length; k++) {
    const [i, j] = [order[k - 1] as number, order[k] as number];
    if (compare(i, j) === 0) return [i, j];
  }
  return null;
}
