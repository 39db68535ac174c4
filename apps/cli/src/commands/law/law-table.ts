import type { MclnnModel, SeparationRecord, SplineModel } from "@mclnn/models";
import { csv } from "../../outputs/csv.ts";

/** A learned law as columns of numbers. */
export interface LawTable {
  readonly r: Float64Array;
  /** V(r). */
  readonly energy: Float64Array;
  /** dV/dr. */
  readonly slope: Float64Array;
  /** Standard deviation of the slope; NaN where the model knows none. */
  readonly slopeSd: Float64Array;
  /** Share of the training separations that lie nearest to each r; 0 where nothing was seen. */
  readonly dataShare: Float64Array;
  /** Standard deviation of the energy relative to the largest separation seen, where the model knows one. */
  readonly energySd?: Float64Array;
}

export interface LawRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly points: number;
}

/** Tabulates a learned law at equal intervals; from the nearest to the farthest separation seen unless said. */
export function tabulateLaw(
  model: MclnnModel | SplineModel,
  { from, to, points }: LawRange,
): LawTable {
  const { pair, separations } = model;
  const { edges } = separations;
  const start = from ?? (edges[0] as number);
  const end = to ?? (edges[edges.length - 1] as number);
  const r = Float64Array.from({ length: points }, (_, k) =>
    k === points - 1 ? end : start + ((end - start) * k) / (points - 1),
  );
  return {
    r,
    energy: r.map((separation) => pair.energy(separation)),
    slope: r.map((separation) => pair.slope(separation)),
    slopeSd: r.map((separation) => model.slopeDeviation?.(separation) ?? Number.NaN),
    dataShare: dataShares(r, separations),
    ...(model.energyDeviation === undefined
      ? {}
      : { energySd: r.map((separation) => model.energyDeviation?.(separation) ?? Number.NaN) }),
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

/** The tables of several pairs of species one below the other, with the pair of each line. */
export function joinTables(
  tables: readonly { readonly pair: readonly [number, number]; readonly table: LawTable }[],
): { readonly table: LawTable; readonly pairs: readonly (readonly [number, number])[] } {
  const join = (key: keyof LawTable): Float64Array =>
    Float64Array.from(tables.flatMap(({ table }) => [...(table[key] ?? [])]));
  const energySd = join("energySd");
  return {
    table: {
      r: join("r"),
      energy: join("energy"),
      slope: join("slope"),
      slopeSd: join("slopeSd"),
      dataShare: join("dataShare"),
      ...(energySd.length === 0 ? {} : { energySd }),
    },
    pairs: tables.flatMap(({ pair, table }) => Array.from(table.r, () => pair)),
  };
}

/** Columns as CSV with a line of titles; what does not exist is empty. @param pairs - of species, one a line, where there are any */
export function lawCsv(table: LawTable, pairs?: readonly (readonly [number, number])[]): string {
  return csv({
    ...table,
    ...(pairs === undefined ? {} : { pair: pairs.map((pair) => pair.join("-")) }),
  });
}
