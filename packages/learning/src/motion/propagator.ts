/** What a linear motion y' = M y + b + noise does in a time: y goes to E y + B b, and its covariance P to E P E' + Q. */
export interface Propagator {
  /** [n x n] each */
  readonly flow: Float64Array;
  readonly push: Float64Array;
  readonly noise: Float64Array;
}

/** The series is taken over so short a time that its fifth power is lost, and doubled. */
const SHORT = 0.3;
const MOST_DOUBLINGS = 12;

/**
 * Makes propagators of n numbers; they are overwritten by the next.
 *
 * @param noisy - the first component that noise drives, and all after it
 */
export function propagatorOf(
  n: number,
  noisy: number,
): (matrix: Float64Array, noise: number, time: number) => Propagator {
  const room = (): Float64Array => new Float64Array(n * n);
  const [flow, push, noise, second, third, fourth, middle, product] = Array.from(
    { length: 8 },
    room,
  );
  const times = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j];
        out[i * n + j] = s;
      }
  };
  /** a b a' */
  const around = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
    times(a, b, product);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let s = 0;
        for (let k = 0; k < n; k++) s += product[i * n + k] * a[j * n + k];
        out[i * n + j] = s;
      }
  };
  /** exp(M t) to the fourth power of t, and its integral. */
  const series = (m: Float64Array, t: number): void => {
    times(m, m, second);
    times(second, m, third);
    times(third, m, fourth);
    const t2 = (t * t) / 2;
    const t3 = (t * t * t) / 6;
    const t4 = (t * t * t * t) / 24;
    for (let k = 0; k < n * n; k++) {
      const one = k % (n + 1) === 0 ? 1 : 0;
      flow[k] = one + m[k] * t + second[k] * t2 + third[k] * t3 + fourth[k] * t4;
      push[k] = one * t + m[k] * t2 + second[k] * t3 + third[k] * t4;
    }
  };
  /** Integral of exp(M s) D exp(M' s) by Simpson's rule. */
  const scatter = (m: Float64Array, rate: number, t: number): void => {
    const h = t / 2;
    const h2 = (h * h) / 2;
    const h3 = (h * h * h) / 6;
    for (let k = 0; k < n * n; k++)
      middle[k] = (k % (n + 1) === 0 ? 1 : 0) + h * m[k] + h2 * second[k] + h3 * third[k];
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let s = i === j && i >= noisy ? 1 : 0;
        for (let k = noisy; k < n; k++)
          s += 4 * middle[i * n + k] * middle[j * n + k] + flow[i * n + k] * flow[j * n + k];
        noise[i * n + j] = (s * rate * t) / 6;
        noise[j * n + i] = noise[i * n + j];
      }
  };
  const all: Propagator = { flow, push, noise };
  return (matrix, rate, time) => {
    let large = 0;
    for (let k = 0; k < n * n; k++) large = Math.max(large, Math.abs(matrix[k]));
    let doublings = 0;
    let t = time;
    for (; large * t > SHORT && doublings < MOST_DOUBLINGS; doublings++) t /= 2;
    series(matrix, t);
    scatter(matrix, rate, t);
    for (; doublings > 0; doublings--) {
      around(flow, noise, second);
      for (let k = 0; k < n * n; k++) noise[k] += second[k];
      times(flow, push, product);
      for (let k = 0; k < n * n; k++) push[k] += product[k];
      times(flow, flow, product);
      flow.set(product);
    }
    return all;
  };
}
