import { alignEnergy } from "@mclnn/metrics";
import type { MclnnModel, SeparationRecord, SplineModel } from "@mclnn/models";
import type { PairPotential } from "@mclnn/physics";
import type { LawCurve, LawSeries } from "../data/series.ts";

const POINTS = 400;
/** How far the grid goes beyond the separations seen, as a share of their span. */
const MARGIN = 0.15;

/** The grid on which laws are drawn: a little wider than the separations that training saw. */
export function lawGrid({ edges }: SeparationRecord): Float64Array {
  const from = edges[0] as number;
  const to = edges[edges.length - 1] as number;
  const span = to - from;
  const start = Math.max(from - MARGIN * span, 0.5 * from);
  const end = to + MARGIN * span;
  return Float64Array.from(
    { length: POINTS },
    (_, k) => start + ((end - start) * k) / (POINTS - 1),
  );
}

/** A law on a grid. Where a potential of the user's own gives no number there is a gap. */
function lawCurve(pair: PairPotential, grid: Float64Array): LawCurve {
  const sample = (evaluate: (r: number) => number): Float64Array =>
    grid.map((r) => {
      try {
        return evaluate(r);
      } catch {
        return Number.NaN;
      }
    });
  return { energy: sample((r) => pair.energy(r)), slope: sample((r) => pair.slope(r)) };
}

/**
 * A learned law on a grid, its energy moved by the one constant that fits the truth at the separations seen.
 *
 * @param truth - absent where no true law is known; then the energy stays as it is
 */
export function alignedCurve(
  pair: PairPotential,
  truth: PairPotential | undefined,
  grid: Float64Array,
  seen: Float64Array,
): LawCurve {
  const curve = lawCurve(pair, grid);
  if (truth === undefined) return curve;
  const offset = alignEnergy(pair, truth, seen);
  return { ...curve, energy: Float64Array.from(curve.energy, (v) => v + offset) };
}

/** Middles of a histogram's bins, each as often as there are data in it: the separations seen, as far as a model remembers them. */
export function rememberedSeparations({ edges, counts }: SeparationRecord): Float64Array {
  const out: number[] = [];
  counts.forEach((count, bin) => {
    const middle = ((edges[bin] as number) + (edges[bin + 1] as number)) / 2;
    for (let k = 0; k < count; k++) out.push(middle);
  });
  return Float64Array.from(out);
}

/** Everything that figures of the law draw. */
export function lawSeries(
  grid: Float64Array,
  { ranges, edges, counts }: SeparationRecord,
  truth: PairPotential | undefined,
  models: Readonly<Record<string, LawCurve>>,
): LawSeries {
  return {
    separations: grid,
    trainingRanges: ranges,
    ...(counts.length === 0 ? {} : { histogram: { edges, counts } }),
    ...(truth === undefined ? {} : { truth: lawCurve(truth, grid) }),
    models,
  };
}

/**
 * V and V' of a learned law as figures draw them, beside the true ones where they are known, with error bars where it has any.
 *
 * @param options - `grid`: by default a little wider than the separations seen in training; `truth`: the true law
 */
export function lawOf(
  model: MclnnModel | SplineModel,
  {
    grid = lawGrid(model.separations),
    truth,
  }: { readonly grid?: Float64Array; readonly truth?: PairPotential | undefined } = {},
): LawSeries {
  const { pair, separations, kind, slopeDeviation, energyDeviation } = model;
  const curve = alignedCurve(pair, truth, grid, rememberedSeparations(separations));
  const deviations =
    slopeDeviation === undefined || energyDeviation === undefined
      ? {}
      : { slopeSd: grid.map(slopeDeviation), energySd: grid.map(energyDeviation) };
  return lawSeries(grid, separations, truth, { [kind]: { ...curve, ...deviations } });
}
