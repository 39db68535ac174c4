import { basisFromKnots, type SplineBasis } from "@mclnn/models/parts";

/** One law's part of a basis: a basis of its own, and where its coefficients begin. */
export interface LawBlock {
  readonly basis: SplineBasis;
  readonly first: number;
}

/** The parts of a basis, one a law. */
export function lawBlocks(basis: SplineBasis): LawBlock[] {
  const { clusters, cells } = basis;
  if (cells.blocks === 1) return [{ basis, first: 0 }];
  return Array.from({ length: cells.blocks }, (_, law) => {
    const own = clusters.filter((cluster) => cluster.law === law);
    return { basis: basisFromKnots([own]), first: own[0]?.first ?? 0 };
  });
}

/** The block of a symmetric matrix from `first` on. @param matrix - [size x size] @returns [n x n] */
export function diagonalBlock(
  matrix: Float64Array,
  size: number,
  first: number,
  n: number,
): Float64Array {
  if (n === size) return matrix;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) out[i * n + k] = matrix[(first + i) * size + first + k];
  return out;
}
