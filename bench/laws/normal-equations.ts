import {
  choleskyFactor,
  choleskySolve,
} from "../../packages/learning/src/algebra/linear-algebra.ts";

/** Least squares in the making: A = J'J [n x n], b = J'y [n], y'y, and the number of rows. */
export interface NormalEquations {
  readonly size: number;
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  square: number;
  rows: number;
}

/** Equations without rows. */
export function normalEquations(size: number): NormalEquations {
  return {
    size,
    matrix: new Float64Array(size * size),
    right: new Float64Array(size),
    square: 0,
    rows: 0,
  };
}

/** Adds the row sum_k values[k] x[columns[k]] = target; columns may repeat. */
export function addRow(
  equations: NormalEquations,
  columns: Int32Array,
  values: Float64Array,
  target: number,
): void {
  const { size, matrix, right } = equations;
  for (let a = 0; a < columns.length; a++) {
    const row = columns[a] * size;
    const value = values[a];
    if (value === 0) continue;
    right[row / size] = right[row / size] + value * target;
    for (let b = 0; b < columns.length; b++) {
      const at = row + columns[b];
      matrix[at] = matrix[at] + value * values[b];
    }
  }
  equations.square += target * target;
  equations.rows++;
}

/** A penalised solution, and what it cost. */
export interface PenalisedSolution {
  readonly coefficients: Float64Array;
  /** Generalised cross-validation: (residual sum / rows) / (1 - effective parameters / rows)^2. */
  readonly score: number;
}

/**
 * Minimises |J x - y|^2 + weight x'Px. @returns undefined where the matrix is not positive definite, or as many parameters are in effect as rows
 * are there
 * @see Golub, Heath, Wahba, Technometrics 21 (1979) 215, doi:10.1080/00401706.1979.10489751
 */
export function solvePenalised(
  { size, matrix, right, square, rows }: NormalEquations,
  penalty: Float64Array,
  weight: number,
): PenalisedSolution | undefined {
  const factor = matrix.map((x, k) => x + weight * penalty[k]);
  if (!choleskyFactor(factor, size)) return undefined;
  const coefficients = choleskySolve(factor, size, right.slice());
  let residual = square;
  for (let i = 0; i < size; i++) {
    const c = coefficients[i];
    let product = 0;
    for (let k = 0; k < size; k++) product += matrix[i * size + k] * coefficients[k];
    residual += c * (product - 2 * right[i]);
  }
  let effective = 0;
  for (let i = 0; i < size; i++)
    effective += choleskySolve(factor, size, matrix.slice(i * size, (i + 1) * size))[i];
  const free = 1 - effective / rows;
  if (!(free > 0)) return undefined;
  return { coefficients, score: Math.max(residual, 0) / rows / (free * free) };
}
