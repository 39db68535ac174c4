import type { MclnnModel, SeparationRecord, SpeciesModel, SplineModel } from "@mclnn/models";
import { curveAt, type SplineBasis, splineCurve } from "@mclnn/models/parts";

type PairModel = MclnnModel | SplineModel;

/**
 * What a law says of its own error: one error bar of V', a network's distance to the spline included, in the mean over the separations seen, by
 * the mean |V'|; of several laws the worst. Null where a law has no error bars.
 */
export function lawErrorOf(model: PairModel | SpeciesModel): number | null {
  const errors = lawsOf(model).map(({ pair, separations, slopeDeviation }) =>
    slopeDeviation === undefined ? null : relativeTo(pair.slope, slopeDeviation, separations),
  );
  return errors.reduce((worst, each) =>
    worst === null || each === null ? null : Math.max(worst, each),
  );
}

/**
 * How far networks are from the spline that they were fitted to, in the same mean; null where there are no networks.
 *
 * @param unit - of length and of V' in which the spline's numbers are
 */
export function networkErrorOf(
  model: PairModel | SpeciesModel,
  basis: SplineBasis,
  coefficients: Float64Array,
  unit: { readonly length: number; readonly slope: number },
): number | null {
  const curve = splineCurve(basis, coefficients);
  const errors = lawsOf(model).map(({ kind, pair, separations }, law) => {
    if (kind === "spline") return null;
    const spline = (r: number): number =>
      unit.slope * curveAt(basis.cells, curve, law, r / unit.length);
    return relativeTo(spline, (r) => pair.slope(r) - spline(r), separations);
  });
  return errors.includes(null) ? null : Math.max(...(errors as number[]));
}

const lawsOf = (model: PairModel | SpeciesModel): readonly PairModel[] =>
  model.kind === "species" ? model.laws.map((law) => law.model) : [model];

/** Mean |error| over the separations seen by the mean |V'|; 0 where there is neither. */
function relativeTo(
  slope: (r: number) => number,
  error: (r: number) => number,
  { edges, counts }: SeparationRecord,
): number {
  let errors = 0;
  let slopes = 0;
  counts.forEach((count, bin) => {
    if (count === 0) return;
    const r = (edges[bin] + edges[bin + 1]) / 2;
    errors += count * Math.abs(error(r));
    slopes += count * Math.abs(slope(r));
  });
  return errors === 0 ? 0 : errors / slopes;
}
