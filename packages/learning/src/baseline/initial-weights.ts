import type { Random } from "@mclnn/datasets";
import { positionNetworkLayout } from "@mclnn/models";

/** Directions with less variance than this share of the mean get weights as for unit variance: no input is dropped. */
const NEGLIGIBLE_VARIANCE = 1e-6;

/**
 * Weights to start the training of a position network from.
 *
 * Normal: first layer with standard deviation 3 / sqrt(inputs) in coordinates in which the inputs have unit covariance, further layers 1 /
 * sqrt(inputs); biases 0.25 in the first layer, 1 in the others. Whitening matters: positions of bound particles vary by different amounts
 * in different directions. Wide weights and small biases gave the lowest losses of ten choices tried on the paper's systems.
 *
 * @param inputs - scaled, about zero mean. [points x width]
 */
export function initialPositionWeights(
  width: number,
  hidden: readonly number[],
  inputs: Float64Array,
  random: Random,
): Float64Array {
  const layout = positionNetworkLayout(width, hidden);
  const last = layout[layout.length - 1];
  const weights = new Float64Array(last.offset + last.length);
  layout.forEach(({ shape, offset, length }, index) => {
    const fanIn = shape[1];
    // The output weights have the shape [1, inputs].
    const isFirst = index < 2;
    const deviation =
      fanIn === undefined ? (isFirst ? 0.25 : 1) : (isFirst ? 3 : 1) / Math.sqrt(fanIn);
    for (let k = 0; k < length; k++) weights[offset + k] = deviation * random.normal();
  });
  const whitening = whiteningMatrix(inputs, width);
  const row = new Float64Array(width);
  for (let j = 0; j < hidden[0]; j++) {
    const o = j * width;
    row.fill(0);
    for (let e = 0; e < width; e++)
      for (let k = 0; k < width; k++) row[k] = row[k] + weights[o + e] * whitening[e * width + k];
    weights.set(row, o);
  }
  return weights;
}

/** Rows: eigenvectors of the inputs' covariance over the square roots of their eigenvalues. */
function whiteningMatrix(inputs: Float64Array, width: number): Float64Array {
  const points = inputs.length / width;
  const covariance = new Float64Array(width * width);
  for (let n = 0; n < points; n++)
    for (let i = 0; i < width; i++)
      for (let k = 0; k < width; k++)
        covariance[i * width + k] =
          covariance[i * width + k] + (inputs[n * width + i] * inputs[n * width + k]) / points;
  const { values, vectors } = symmetricEigen(covariance, width);
  for (let e = 0; e < width; e++) {
    const variance = values[e];
    const scale = 1 / Math.sqrt(variance > NEGLIGIBLE_VARIANCE ? variance : 1);
    for (let k = 0; k < width; k++) vectors[e * width + k] = scale * vectors[e * width + k];
  }
  return vectors;
}

/**
 * Eigenvalues and eigenvectors (rows) of a small symmetric matrix by Jacobi rotations.
 *
 * @see Golub and Van Loan, Matrix Computations, 4th ed., 8.5
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  let scale = 0;
  for (const x of a) scale += x * x;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p * n + q];
        off += apq * apq;
        if (apq === 0) continue;
        const theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
        const root = Math.abs(theta) + Math.sqrt(theta * theta + 1);
        const t = theta < 0 ? -1 / root : 1 / root;
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const x = a[k * n + p];
          const y = a[k * n + q];
          a[k * n + p] = c * x - s * y;
          a[k * n + q] = s * x + c * y;
        }
        for (let k = 0; k < n; k++) {
          const x = a[p * n + k];
          const y = a[q * n + k];
          a[p * n + k] = c * x - s * y;
          a[q * n + k] = s * x + c * y;
          const v = vectors[p * n + k];
          const w = vectors[q * n + k];
          vectors[p * n + k] = c * v - s * w;
          vectors[q * n + k] = s * v + c * w;
        }
      }
    if (off <= 1e-30 * scale) break;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i]), vectors };
}
