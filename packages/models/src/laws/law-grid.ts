import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { checkModel } from "./checks.ts";
import type { MclnnModel, SeparationRecord, SplineModel } from "./model.ts";

/** A learned law as columns of numbers, one a separation, in the units of the data. */
export interface LawGrid {
  /** Separations. */
  readonly r: Float64Array;
  /** V(r), 0 at the largest separation seen. */
  readonly energy: Float64Array;
  /** dV/dr. */
  readonly slope: Float64Array;
  /** One standard deviation of the slope; NaN where the model knows none. */
  readonly slopeSd: Float64Array;
  /** Share of the training separations that lie nearest to each r; 0 where nothing was seen. */
  readonly dataShare: Float64Array;
  /** One standard deviation of the energy relative to the largest separation seen, where the model knows one. */
  readonly energySd?: Float64Array;
}

/** Where a law is looked at. */
export interface LawGridOptions {
  /** Rows, 2 or more, equally far apart. Default 200. */
  readonly points?: number;
  /** The first and the last; default: the nearest and the farthest separation seen. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/**
 * A learned law at equal intervals with its error bars and where the data were: for plots, tables and other programs.
 *
 * @param law - a model with one pair law; of laws by species, each one's `model`
 * @throws MclnnError `bad-argument`, `bad-option`, `bad-range` unless 0 <= from < to
 */
export function lawOnGrid(law: MclnnModel | SplineModel, options: LawGridOptions = {}): LawGrid {
  checkModel("law", law);
  checkArgument("law", law, {
    kind: ["mclnn", "spline"],
    slopeDeviation: "function?",
    energyDeviation: "function?",
  });
  checkArgument("options", options, { points: "count?", from: "number?", to: "number?" });
  const { pair, separations } = law;
  const { edges } = separations;
  const { points = 200, from = edges[0], to = edges.at(-1) } = options;
  if (points < 2 || from === undefined || to === undefined || !(from >= 0 && to > from))
    throw new MclnnError("the law cannot be tabulated", {
      code: "bad-range",
      argument: "options",
      expected: "0 <= from < to and 2 points or more",
      got: `from ${from} to ${to}, ${points} points`,
      ...(from === undefined
        ? { mend: "This law has seen no separations: give from and to." }
        : {}),
    });
  const r = Float64Array.from({ length: points }, (_, k) =>
    k === points - 1 ? to : from + ((to - from) * k) / (points - 1),
  );
  return {
    r,
    energy: r.map((separation) => pair.energy(separation)),
    slope: r.map((separation) => pair.slope(separation)),
    slopeSd: r.map((separation) => law.slopeDeviation?.(separation) ?? Number.NaN),
    dataShare: dataShares(r, separations),
    ...(law.energyDeviation === undefined
      ? {}
      : { energySd: r.map((separation) => law.energyDeviation?.(separation) ?? Number.NaN) }),
  };
}

/** Shares of a histogram's counts between the midpoints of a grid; the outermost cells are half as wide. */
function dataShares(r: Float64Array, { edges, counts }: SeparationRecord): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cumulative = (x: number): number => {
    let sum = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      const left = edges[bin] as number;
      const right = edges[bin + 1] as number;
      if (x >= right) sum += counts[bin] as number;
      else if (x > left) sum += ((counts[bin] as number) * (x - left)) / (right - left);
    }
    return sum / total;
  };
  const last = r.length - 1;
  return r.map((separation, k) => {
    const left = k === 0 ? separation : ((r[k - 1] as number) + separation) / 2;
    const right = k === last ? separation : (separation + (r[k + 1] as number)) / 2;
    return total > 0 ? cumulative(right) - cumulative(left) : 0;
  });
}
