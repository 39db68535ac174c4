import type { MclnnModel, SplineModel } from "@mclnn/models";
import type { PairPotential } from "@mclnn/physics";
import { type Figure, type LawSeries, potentialFigure } from "@mclnn/report";
import { alignedCurve, lawGrid, lawSeries, rememberedSeparations } from "../compare/law-curves.ts";

export interface LawPictureOptions {
  /** Default: a little wider than the separations seen in training. */
  readonly grid?: Float64Array;
  /** The true law, where it is known. */
  readonly truth?: PairPotential | undefined;
}

/** V and V' of a learned law as figures draw them, beside the true ones where they are known. */
export function lawOf(
  model: MclnnModel | SplineModel,
  { grid = lawGrid(model.separations), truth }: LawPictureOptions = {},
): LawSeries {
  const { pair, separations, kind } = model;
  const curve = alignedCurve(pair, truth, grid, rememberedSeparations(separations));
  const { slopeDeviation, energyDeviation } = model;
  const deviations =
    slopeDeviation === undefined || energyDeviation === undefined
      ? {}
      : { slopeSd: grid.map(slopeDeviation), energySd: grid.map(energyDeviation) };
  return lawSeries(grid, separations, truth, { [kind]: { ...curve, ...deviations } });
}

/** The figure of a learned law. */
export function lawPicture(
  model: MclnnModel | SplineModel,
  options: LawPictureOptions = {},
): Promise<Figure> {
  return potentialFigure(lawOf(model, options));
}
