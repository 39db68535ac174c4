import { type Coupling, pairwise } from "@mclnn/physics";
import { checkLength } from "@mclnn/physics/arguments";
import { checkKnots } from "../numbers.ts";
import { basisFromKnots, bridgeGaps, planOf, splineCurve } from "../splines/b-spline.ts";
import { curveAt, curveDerivativeAt, integralAt, integrateCurve } from "../splines/cells.ts";
import { checkParts } from "./checks.ts";
import { ended, type LawTable } from "./law-table.ts";
import type { SeparationRecord, SplineModel, TrainingRecord } from "./model.ts";
import { type LawUncertainty, lawDeviations } from "./uncertainty.ts";

/**
 * Spline law: V' a cubic B-spline on each cluster of separations, linear outside, smooth across gaps; V its integral, 0 at
 * the largest separation seen.
 *
 * The best estimate of the law that the trajectories allow, and the honest rival of the network.
 *
 * @param given - `cutoff`: separation from which on it is 0, default none; `knots`: one array a cluster, increasing; copied; `coefficients`: [sum over clusters of (knots + 2)]; copied
 */
export function createSplineModel(given: {
  knots: readonly Float64Array[];
  coefficients: Float64Array;
  coupling?: Coupling;
  cutoff?: number;
  separations: SeparationRecord;
  uncertainty?: LawUncertainty;
  record: TrainingRecord;
}): SplineModel {
  checkParts("options", "spline", given);
  const {
    knots,
    coefficients,
    coupling = "none",
    cutoff,
    separations,
    uncertainty,
    record,
  } = given;
  checkKnots(knots);
  const basis = basisFromKnots([planOf(knots)]);
  checkLength("coefficients", coefficients, [basis.size, "coefficients"]);
  const curve = splineCurve(basis, coefficients);
  bridgeGaps(basis, curve);
  const quartics = integrateCurve(basis.cells, curve);
  const largest = separations.ranges[separations.ranges.length - 1]?.[1];
  const zero = largest === undefined ? 0 : integralAt(basis.cells, quartics, 0, largest);
  const whole = {
    name: "spline",
    coupling,
    energy: (r: number) => integralAt(basis.cells, quartics, 0, r) - zero,
    slope: (r: number) => curveAt(basis.cells, curve, 0, r),
    curvature: (r: number) => curveDerivativeAt(basis.cells, curve, 0, r),
  };
  const pair = ended(whole, cutoff);
  // It is one already.
  const table: LawTable = { ...pair, reach: Number.POSITIVE_INFINITY, slopeError: () => 0 };
  return {
    kind: "spline",
    pair,
    table,
    potential: pairwise(table),
    coupling,
    ...(cutoff === undefined ? {} : { cutoff }),
    knots: knots.map((k) => k.slice()),
    coefficients: coefficients.slice(),
    parameterCount: basis.size,
    separations,
    ...(uncertainty === undefined
      ? {}
      : { uncertainty, ...lawDeviations(uncertainty, { zero: cutoff ?? largest ?? 0 }) }),
    record,
  };
}
