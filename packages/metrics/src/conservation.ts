/** How well a quantity is kept along a run. */
export interface Conservation {
  /** Value at the start. [components] */
  readonly start: Float64Array;
  /** Largest distance from the value at the start. */
  readonly maxDrift: number;
  /** Least-squares slope against time of the first component, and its standard error from the scatter about the line. */
  readonly slope: number;
  readonly slopeStandardError: number;
}

/**
 * Drift of a conserved quantity: bounded fluctuation (maxDrift) and trend (slope) apart.
 *
 * Neighbouring records are correlated, so the standard error counts only as many as there are independent ones (by the lag-1 correlation).
 *
 * @param series - [records x components]
 */
export function conservation(
  times: Float64Array,
  series: Float64Array,
  components = 1,
): Conservation {
  const records = times.length;
  const start = series.slice(0, components);
  let maxDrift = 0;
  for (let k = 0; k < records; k++) {
    let square = 0;
    for (let c = 0; c < components; c++)
      square += ((series[k * components + c] as number) - (start[c] as number)) ** 2;
    const d = Math.sqrt(square);
    if (!(d <= maxDrift)) maxDrift = d;
  }
  const value = (k: number): number => series[k * components] as number;
  let meanT = 0;
  let meanX = 0;
  for (let k = 0; k < records; k++) {
    meanT += (times[k] as number) / records;
    meanX += value(k) / records;
  }
  let tt = 0;
  let tx = 0;
  for (let k = 0; k < records; k++) {
    const t = (times[k] as number) - meanT;
    tt += t * t;
    tx += t * (value(k) - meanX);
  }
  const slope = tt > 0 ? tx / tt : 0;
  let rss = 0;
  let lagged = 0;
  let previous = 0;
  for (let k = 0; k < records; k++) {
    const e = value(k) - meanX - slope * ((times[k] as number) - meanT);
    rss += e * e;
    if (k > 0) lagged += e * previous;
    previous = e;
  }
  const correlation = rss > 0 ? Math.min(0.999, Math.max(0, lagged / rss)) : 0;
  const independent = Math.max(3, (records * (1 - correlation)) / (1 + correlation));
  const slopeStandardError = tt > 0 ? Math.sqrt(rss / tt / (independent - 2)) : 0;
  return { start, maxDrift, slope, slopeStandardError };
}
