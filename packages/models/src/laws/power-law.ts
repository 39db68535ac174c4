import { MclnnError } from "@mclnn/physics";
import { portableExp, portableLog } from "@mclnn/physics/portable";
import { basisFromKnots, basisValues, planOf } from "../splines/b-spline.ts";
import { checkModel } from "./checks.ts";
import type { MclnnModel, SplineModel } from "./model.ts";
import { standardDeviation } from "./standard-deviation.ts";

/** The power law V'(r) = coefficient r^exponent that is nearest to a learned law. */
export interface PowerLaw {
  /** In the data's units. */
  readonly coefficient: number;
  readonly exponent: number;
  /** One standard deviation each. */
  readonly coefficientDeviation: number;
  readonly exponentDeviation: number;
  /** Root mean square distance of the learned law, in its own standard deviations; above 1 it is no power law within its error bars. */
  readonly misfit: number;
  /** Separations that were compared: those seen, where V' is known well enough for its logarithm. */
  readonly from: number;
  readonly to: number;
}

/** Relative standard deviation of V' above which its logarithm says nothing. */
const KNOWN = 0.1;
const LEAST_POINTS = 5;

/**
 * Fits a power law to a learned law: the logarithm of V' against that of r at the separations seen, weighted by the error bars.
 *
 * The standard deviations take in the whole covariance of the learned law, for neighbouring separations are known together. Where the law
 * is no power law within its error bars they are widened by the misfit.
 *
 * @throws MclnnError `no-error-bars` for a law without a posterior; `no-power-law` where V' changes sign or is hardly known
 */
export function fitPowerLaw(model: MclnnModel | SplineModel): PowerLaw {
  checkModel("model", model);
  const { uncertainty, pair, separations } = model;
  if (uncertainty === undefined)
    throw new MclnnError("a law without error bars cannot be weighed", {
      code: "no-error-bars",
      argument: "model",
      expected: "a model whose training estimated its error bars",
      got: `${model.kind} without them`,
      mend: "Train with optimizer auto, on data that have no findings against error bars.",
    });
  const { knots, factor, variance } = uncertainty;
  const basis = basisFromKnots([planOf(knots)]);
  const { edges, counts } = separations;
  const seen = Array.from(counts, (count, bin) => {
    const r = (edges[bin] + edges[bin + 1]) / 2;
    const slope = pair.slope(r);
    const values = basisValues(basis, 0, r).map((value) => value / slope);
    return { count, r, slope, values, sd: standardDeviation({ factor, variance }, values) };
  }).filter(({ count, sd }) => count > 0 && sd > 0 && sd < KNOWN);
  const sign = Math.sign(seen[0]?.slope ?? 0);
  if (seen.length < LEAST_POINTS || seen.some(({ slope }) => Math.sign(slope) !== sign))
    throw new MclnnError("the learned law is no power law", {
      code: "no-power-law",
      argument: "model",
      expected: `V' of one sign, known to ${100 * KNOWN} % at ${LEAST_POINTS} of ${counts.length} separations or more`,
      got: seen.length < LEAST_POINTS ? `${seen.length} such separations` : "V' of both signs",
    });

  const rows = seen.map(({ r, slope, sd, values }) => ({
    x: portableLog(r),
    y: portableLog(Math.abs(slope)),
    weight: 1 / (sd * sd),
    values,
  }));
  const sum = (f: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + row.weight * f(row), 0);
  const total = sum(() => 1);
  // About the mean of log r: the two parameters are independent there.
  const centre = sum(({ x }) => x) / total;
  const spread = sum(({ x }) => (x - centre) * (x - centre));
  const exponent = sum(({ x, y }) => (x - centre) * y) / spread;
  const height = sum(({ y }) => y) / total;
  const squares = sum(({ x, y }) => {
    const missed = y - height - exponent * (x - centre);
    return missed * missed;
  });
  const misfit = Math.sqrt(squares / (rows.length - 2));

  /** Standard deviation of a weighted sum of the logarithms. */
  const deviation = (share: (x: number) => number): number => {
    const direction = new Float64Array(basis.size);
    for (const { x, weight, values } of rows) {
      const s = weight * share(x);
      for (let k = 0; k < basis.size; k++) direction[k] = direction[k] + s * values[k];
    }
    return Math.max(1, misfit) * standardDeviation({ factor, variance }, direction);
  };
  const coefficient = sign * portableExp(height - exponent * centre);
  return {
    coefficient,
    exponent,
    coefficientDeviation:
      Math.abs(coefficient) * deviation((x) => 1 / total - (centre * (x - centre)) / spread),
    exponentDeviation: deviation((x) => (x - centre) / spread),
    misfit,
    from: seen[0]?.r as number,
    to: seen.at(-1)?.r as number,
  };
}
