import type { TermCurve } from "@mclnn/physics/terms";

/** What a term's curve is taken for: squared second derivatives over its range, and next to nothing for its size, so that data that say nothing leave it 0. */
export interface CurvePrior {
  /** Where its coefficients begin among all unknowns. */
  readonly first: number;
  readonly size: number;
  /** F of R = F'F. [rows x size] */
  readonly factor: Float64Array;
  /** R. [size x size] */
  readonly matrix: Float64Array;
}

/** What the square of a coefficient counts beside those of second derivatives. */
const SIZE = 0.01;

/** What terms with curves have for each of them. */
interface Curved {
  readonly size: number;
  readonly curves?: readonly TermCurve[];
  readonly small?: true;
}

/** Priors of all functions of some terms. @param first - where the first term's coefficients begin */
export function curvePriors(terms: readonly Curved[], first: number): CurvePrior[] {
  let next = first;
  return terms.flatMap(({ size, curves = [], small = false }) => {
    next += size;
    return small
      ? [smallPrior(size, next - size)]
      : curves.map((curve) => curvePrior(curve, next - size));
  });
}

/** Of a function of several numbers: nothing but its size. */
function smallPrior(size: number, first: number): CurvePrior {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) matrix[i * (size + 1)] = 1;
  return { first, size, factor: matrix, matrix };
}

/** Made once a curve. */
const made = new WeakMap<readonly number[], Omit<CurvePrior, "first">>();

function curvePrior(curve: TermCurve, offset: number): CurvePrior {
  const { knots, first, level, square } = curve;
  const own = made.get(knots) ?? without(ofKnots(square ? knots.map((x) => x * x) : knots), level);
  made.set(knots, own);
  return { ...own, first: offset + first };
}

/** The same where coefficients at an end are 0. */
function without(
  prior: Omit<CurvePrior, "first">,
  level: TermCurve["level"],
): Omit<CurvePrior, "first"> {
  if (level === undefined) return prior;
  const { size, factor, matrix } = prior;
  const free = (k: number): boolean => (level === "begin" ? k > 0 : k < size - 2);
  return {
    size: size - (level === "begin" ? 1 : 2),
    factor: factor.filter((_, k) => free(k % size)),
    matrix: matrix.filter((_, k) => free(k % size) && free(Math.floor(k / size))),
  };
}

function ofKnots(knots: readonly number[]): Omit<CurvePrior, "first"> {
  const size = knots.length + 2;
  const [from, to] = [knots[0], knots[knots.length - 1]];
  const all = [from, from, from, ...knots, to, to, to];
  // Where a coefficient counts most (Greville), as a share of the range.
  const at = Array.from(
    { length: size },
    (_, i) => ((all[i + 1] + all[i + 2] + all[i + 3]) / 3 - from) / (to - from),
  );
  const rows = size - 2;
  const factor = new Float64Array((rows + size) * size);
  for (let k = 0; k < rows; k++) {
    const [a, b] = [at[k + 1] - at[k], at[k + 2] - at[k + 1]];
    const half = 0.5 * (a + b);
    const scale = Math.sqrt(half) / half;
    factor[k * size + k] = scale / a;
    factor[k * size + k + 1] = -scale * (1 / a + 1 / b);
    factor[k * size + k + 2] = scale / b;
  }
  for (let i = 0; i < size; i++) factor[(rows + i) * size + i] = Math.sqrt(SIZE);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < rows + size; row++)
    for (let i = 0; i < size; i++)
      for (let k = 0; k < size; k++)
        matrix[i * size + k] += factor[row * size + i] * factor[row * size + k];
  return { size, factor, matrix };
}
