/** Standard deviation of a linear function of the coefficients. @param row - [size] */
export function standardDeviation(
  { factor, variance }: { readonly factor: Float64Array; readonly variance: number },
  row: Float64Array,
): number {
  const n = row.length;
  const y = row.slice();
  let sum = 0;
  for (let i = 0; i < n; i++) {
    let s = y[i] as number;
    for (let k = 0; k < i; k++) s -= (factor[i * n + k] as number) * (y[k] as number);
    s /= factor[i * n + i] as number;
    y[i] = s;
    sum += s * s;
  }
  return Math.sqrt(variance * sum);
}
