import { basisValues, type SplineBasis } from "@mclnn/models/parts";
import { portableExp, portableLog } from "@mclnn/physics/portable";
import { inverse, matrixVector } from "../algebra/linear-algebra.ts";
import { collocationPoints } from "../splines/knots.ts";

/** Spline values this far from the power law (close to the ends) are not trusted as its coefficients. */
const TRUSTED = 5;

/** Coefficients of r^power, scaled to geometric mean 1. */
export function powerCoefficients(basis: SplineBasis, power: number): Float64Array {
  const { size, clusters } = basis;
  const points = collocationPoints(basis);
  if (power === 0) return new Float64Array(size).fill(1);
  const logs = points.map((r) => portableLog(r));
  const mean = logs.reduce((s, x) => s + x, 0) / size;
  const values = logs.map((x) => portableExp(power * (x - mean)));
  const out = values.slice();
  for (const { first, size: m, law } of clusters) {
    const block = new Float64Array(m * m);
    for (let i = 0; i < m; i++) {
      const row = basisValues(basis, law, points[first + i] * (1 - 1e-12));
      for (let k = 0; k < m; k++) block[i * m + k] = row[first + k];
    }
    const solve = inverse(block, m);
    if (solve === null) continue;
    matrixVector(solve, values.slice(first, first + m), m).forEach((x, i) => {
      const value = values[first + i];
      if (x > value / TRUSTED && x < value * TRUSTED) out[first + i] = x;
    });
  }
  return out;
}
