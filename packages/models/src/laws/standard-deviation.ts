/** Standard deviation of a linear function of the coefficients. @param row - [size] */
export function standardDeviation(
  { factor, variance }: { readonly factor: Float64Array; readonly variance: number },
  row: Float64Array,
): number {
  const n = row.length;
  const y = row.slice();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let s = y[i];
    for (let k = 0; k < i; k++) s -= factor[i * n + k] * y[k];
    s /= factor[i * n + i];
    y[i] = s;
    sum += s * s;
  }
  return Math.sqrt(variance * sum);
}
