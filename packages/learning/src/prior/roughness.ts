import type { SplineBasis } from "@mclnn/models/parts";

/** Coefficients around one whose size its roughness is measured by. */
const AMPLITUDE_REACH = 3;

/** No coefficient counts as smaller than this share of their mean. */
const LEAST_AMPLITUDE = 1e-3;

/**
 * Squared third differences of the coefficients inside each cluster: the roughness prior.
 *
 * @param relativeTo - coefficients whose local size the differences are divided by. [size]
 * @returns [size x size]
 */
export function roughness(basis: SplineBasis, relativeTo?: Float64Array): Float64Array {
  const { size } = basis;
  const out = new Float64Array(size * size);
  const stencil = [-1, 3, -3, 1];
  const amplitude = relativeTo === undefined ? null : localAmplitudes(basis, relativeTo);
  for (const cluster of basis.clusters)
    for (let k = cluster.first; k + 3 < cluster.first + cluster.size; k++) {
      let scale = 1;
      if (amplitude !== null) {
        const mean = (amplitude[k] + amplitude[k + 1] + amplitude[k + 2] + amplitude[k + 3]) / 4;
        scale = 1 / (mean * mean);
      }
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) {
          const o = (k + i) * size + k + j;
          out[o] = out[o] + scale * stencil[i] * stencil[j];
        }
    }
  return out;
}

/** Mean size of the coefficients around each, relative to all. */
function localAmplitudes(
  { size, clusters }: SplineBasis,
  coefficients: Float64Array,
): Float64Array {
  let all = 0;
  for (const c of coefficients) all += Math.abs(c) / size;
  const out = new Float64Array(size).fill(1);
  if (!(all > 0) || !Number.isFinite(all)) return out;
  for (const { first, size: m } of clusters)
    for (let i = first; i < first + m; i++) {
      const from = Math.max(first, i - AMPLITUDE_REACH);
      const to = Math.min(first + m - 1, i + AMPLITUDE_REACH);
      let sum = 0;
      for (let j = from; j <= to; j++) sum += Math.abs(coefficients[j]);
      out[i] = Math.max(sum / (to - from + 1), LEAST_AMPLITUDE * all) / all;
    }
  return out;
}
