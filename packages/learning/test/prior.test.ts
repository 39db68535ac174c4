import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { standardDeviation } from "../../models/src/laws/standard-deviation.ts";
import { basisValues, type SplineBasis } from "../../models/src/splines/b-spline.ts";
import type { NormalEquations } from "../src/engine/sensitivity.ts";
import { coefficientsOf } from "../src/fit/spline-fit.ts";
import { averagedPosterior } from "../src/prior/averaged-posterior.ts";
import { bestPosterior } from "../src/prior/evidence.ts";
import { bestPrior, type Prior, powerPrior } from "../src/prior/prior.ts";
import { buildBasis } from "../src/splines/knots.ts";

const [FROM, TO] = [0.4, 2.4];
const separations = [Float64Array.from({ length: 400 }, (_, k) => FROM + 2 * (k / 399) ** 3)];
const uneven = buildBasis(separations, { cells: 30 });
const n = uneven.size;

const priorOf = (basis: SplineBasis, correlation: number): Prior =>
  powerPrior(basis, 0, correlation);

/** c' R c for the spline of f, as |F c|^2 where there is F. */
function roughnessOf(f: (r: number) => number, correlation: number): number {
  const { matrix, factor } = priorOf(uneven, correlation);
  const c = coefficientsOf(uneven, (_law, r) => f(r));
  if (factor === undefined)
    return c.reduce(
      (sum, x, i) => sum + x * c.reduce((s, y, k) => s + (matrix[i * n + k] as number) * y, 0),
      0,
    );
  const width = factor.values.length / factor.first.length;
  return factor.first.reduce(
    (sum, first, row) =>
      sum +
      factor.values
        .subarray(row * width, (row + 1) * width)
        .reduce((s, x, i) => s + (x === 0 ? 0 : x * (c[first + i] as number)), 0) **
        2,
    0,
  );
}

const NEXT_TO_NONE = 1e-6;

describe("roughness prior", () => {
  it.each([
    ["a constant", (): number => 1, 0],
    ["a line", (r: number) => 3 - 2 * r, 0],
    ["a constant with correlations", (): number => 1, 0.3],
    ["a parabola with correlations", (r: number) => 3 - 2 * r + r * r, 0.3],
  ])("%s is not rough, however uneven the knots (1e-6 of a cubic)", (_, slope, correlation) => {
    const cubic = roughnessOf((r) => r ** 3, correlation);
    expect(Math.abs(roughnessOf(slope, correlation))).toBeLessThan(1e-6 * cubic);
  });

  it("is the integral of the squared third derivative, and with a correlation of the fourth times its length (5 % for r^4)", () => {
    const length = TO - FROM;
    // V' = r^4: 24 r and 24.
    const third = (576 * (TO ** 3 - FROM ** 3)) / 3;
    const fourth = 576 * length;
    for (const correlation of [0.1, 0.3, 1]) {
      const expected = 1 + ((correlation * length) ** 2 * fourth) / third;
      const got =
        roughnessOf((r) => r ** 4, correlation) / roughnessOf((r) => r ** 4, NEXT_TO_NONE);
      expect(Math.abs(got / expected - 1)).toBeLessThan(0.05);
    }
  });

  it.each([0, 0.1, 1])("knows its determinant to 1e-3 (correlation %d)", (correlation) => {
    const even = buildBasis([Float64Array.from({ length: 200 }, (_, k) => 1 + k / 199)], {
      cells: 8,
      quantileShare: 1,
    });
    const { matrix, logDeterminant } = priorOf(even, correlation);
    const m = even.size;
    // What the prior leaves free, polynomials of second degree, is filled in with ones.
    const free: number[][] = [];
    for (const degree of [0, 1, 2]) {
      const column = Array.from(coefficientsOf(even, (_law, r) => (r - 1.5) ** degree));
      for (const other of free) {
        const share = column.reduce((s, x, i) => s + x * (other[i] as number), 0);
        other.forEach((x, i) => {
          column[i] = (column[i] as number) - share * x;
        });
      }
      const norm = Math.hypot(...column);
      free.push(column.map((x) => x / norm));
    }
    const filled = Array.from({ length: m }, (_, i) =>
      Array.from({ length: m }, (_, k) =>
        free.reduce(
          (s, column) => s + (column[i] as number) * (column[k] as number),
          matrix[i * m + k] as number,
        ),
      ),
    );
    expect(Math.abs(logDeterminant - logDeterminantOf(filled))).toBeLessThan(1e-3);
  });
});

/** By elimination with the largest pivots. */
function logDeterminantOf(matrix: number[][]): number {
  const a = matrix.map((row) => row.slice());
  let sum = 0;
  for (let k = 0; k < a.length; k++) {
    let best = k;
    for (let i = k; i < a.length; i++)
      if (Math.abs(a[i]?.[k] as number) > Math.abs(a[best]?.[k] as number)) best = i;
    [a[k], a[best]] = [a[best] as number[], a[k] as number[]];
    const pivot = a[k]?.[k] as number;
    sum += Math.log(Math.abs(pivot));
    for (let i = k + 1; i < a.length; i++) {
      const factor = (a[i]?.[k] as number) / pivot;
      for (let j = k; j < a.length; j++)
        (a[i] as number[])[j] = (a[i]?.[j] as number) - factor * (a[k]?.[j] as number);
    }
  }
  return sum;
}

/** V' itself, measured with noise at so many separations: normal equations about zero. */
function measured(slope: (r: number) => number, sigma: number, seed: number): NormalEquations {
  const random = createRandom(seed);
  const metric = new Float64Array(n * n);
  const gradient = new Float64Array(n);
  let sum = 0;
  const points = 300;
  for (let k = 0; k < points; k++) {
    const r = FROM + ((TO - FROM) * (k + 0.5)) / points;
    const row = basisValues(uneven, 0, r);
    const y = slope(r) + sigma * random.normal();
    sum += y * y;
    for (let i = 0; i < n; i++) {
      gradient[i] = (gradient[i] as number) - (row[i] as number) * y;
      for (let j = 0; j < n; j++)
        metric[i * n + j] = (metric[i * n + j] as number) + (row[i] as number) * (row[j] as number);
    }
  }
  return {
    metric,
    gradient,
    sum,
    residuals: points,
    degreesOfFreedom: points,
    loss: sum / points,
    eliminations: [],
  };
}

/** The same equations about c. */
function about(equations: NormalEquations, c: Float64Array): NormalEquations {
  const { metric, gradient, sum } = equations;
  const pull = c.map((_, i) => c.reduce((s, x, k) => s + (metric[i * n + k] as number) * x, 0));
  return {
    ...equations,
    gradient: gradient.map((g, i) => g + (pull[i] as number)),
    sum: c.reduce((s, x, i) => s + x * (2 * (gradient[i] as number) + (pull[i] as number)), sum),
  };
}

describe("averages over priors", () => {
  const SIGMA = 0.05;
  const DRAWS = 16;

  it.each([
    ["a smooth law", (r: number): number => 3 * r * Math.exp((-r * r) / 2)],
    [
      "a law with a bump",
      (r: number): number => r - 1 + 0.5 * Math.exp(-(((r - 1.2) / 0.12) ** 2)),
    ],
  ])(
    "of %s: closer than plain roughness or as close, and errors of about one error bar (mean square 0.6 to 1.4, 16 draws)",
    (_, slope) => {
      let square = 0;
      let error = 0;
      let plainError = 0;
      let points = 0;
      const zero = new Float64Array(n);
      for (let seed = 1; seed <= DRAWS; seed++) {
        const equations = measured(slope, SIGMA, seed);
        const posteriorUnder = (prior: ReturnType<typeof powerPrior>) =>
          bestPosterior(equations, zero, uneven, prior) as NonNullable<
            ReturnType<typeof bestPosterior>
          >;
        // As a fit ends: about the law that plain roughness finds.
        const plain = posteriorUnder(powerPrior(uneven, 0)).step;
        const first = about(equations, plain);
        const prior = bestPrior(first, plain, uneven, { correlated: true });
        const best = bestPosterior(first, plain, uneven, prior) as NonNullable<
          ReturnType<typeof bestPosterior>
        >;
        const law = plain.map((c, i) => c + (best.step[i] as number));
        const averaged = averagedPosterior(best, about(equations, law), law, uneven);
        const factor = averaged.factorAbout(averaged.unknowns);
        for (let r = FROM; r <= TO; r += 0.05) {
          const row = basisValues(uneven, 0, r);
          const at = (c: Float64Array): number =>
            c.reduce((s, x, k) => s + x * (row[k] as number), 0);
          const off = at(averaged.unknowns) - slope(r);
          square += (off / standardDeviation({ factor, variance: best.variance }, row)) ** 2;
          error += Math.abs(off);
          plainError += Math.abs(at(plain) - slope(r));
          points++;
        }
      }
      expect(error).toBeLessThan(1.05 * plainError);
      expect(square / points).toBeGreaterThan(0.6);
      expect(square / points).toBeLessThan(1.4);
    },
  );
});
