import { portableLog } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";

import { tail } from "../findings/chi-squared.ts";
import { lowerInverse } from "../prior/marginal.ts";
import type { FittedSum, Fitter } from "./fitter.ts";
import { dot } from "./least-squares.ts";
import { freeOf, keyOf } from "./sum.ts";

/** A sum with what it costs to say it. */
export interface Candidate extends FittedSum {
  readonly key: string;
  /** Number of constants, linear and other. */
  readonly constants: number;
  readonly degreesOfFreedom: number;
  /** Probability of a larger chi-squared, were the sum true. */
  readonly p: number;
  /** Description length of structure and constants, in nats; the misfit not counted. */
  readonly length: number;
  /** Description length and misfit. */
  readonly score: number;
  /** Of the constants, linear ones first; from the quadratic form. [constants x constants] */
  readonly covariance: Float64Array;
}

/** Prior width of a linear constant, of its size: its sign and fourteen e-folds. */
const LINEAR_WIDTH = 28;
/** Each part after the first. */
const FURTHER_PART = 1;

/** The description length of a fitted sum; null where its constants are not determined. */
export function scored(fitter: Fitter, fitted: FittedSum): Candidate | null {
  const { sum, coefficients, chiSquared } = fitted;
  const { y } = fitter.target;
  const columns = [...fitter.columns(sum), ...fitter.sensitivities(fitted)];
  const widths = [
    ...Array.from(coefficients, (a) => LINEAR_WIDTH * Math.abs(a)),
    ...freeOf(sum).map(([part, place]) => {
      const { block, constants } = sum[part];
      return fitter.scope(block.constants[place]).width(constants[place]);
    }),
  ];
  const n = columns.length;
  const information = new Float64Array(n * n);
  const weighed = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k <= i; k++) {
      const s = dot(columns[i], columns[k]);
      information[i * n + k] = information[k * n + i] = s;
      weighed[i * n + k] = weighed[k * n + i] =
        (s * widths[i] * widths[k]) / (2 * Math.PI) + (i === k ? 1 : 0);
    }
  if (!choleskyFactor(weighed, n)) return null;
  let length = (sum.length - 1) * FURTHER_PART;
  for (const { cost } of sum) length += cost;
  for (let i = 0; i < n; i++) length += portableLog(weighed[i * n + i]);
  const covariance = covarianceFrom(information, n);
  if (covariance === null || !Number.isFinite(length)) return null;
  const degreesOfFreedom = Math.max(1, y.length - n);
  return {
    ...fitted,
    key: keyOf(sum),
    constants: n,
    degreesOfFreedom,
    p: tail(chiSquared, degreesOfFreedom),
    length,
    score: 0.5 * chiSquared + length,
    covariance,
  };
}

/** Inverse of an information matrix, scaled to its diagonal; null where it is none. */
export function covarianceFrom(information: Float64Array, n: number): Float64Array | null {
  const scale = Float64Array.from({ length: n }, (_, i) => Math.sqrt(information[i * n + i]) || 1);
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++)
      factor[i * n + k] = information[i * n + k] / (scale[i] * scale[k]) + (i === k ? 1e-13 : 0);
  if (!choleskyFactor(factor, n)) return null;
  const inverse = lowerInverse(factor, n);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      let s = 0;
      for (let j = Math.max(i, k); j < n; j++) s += inverse[j * n + i] * inverse[j * n + k];
      out[i * n + k] = s / (scale[i] * scale[k]);
    }
  return out;
}
