import { medianRange } from "@mclnn/metrics";
import type { DataTable } from "../../data/data-table.ts";
import type { DocumentBlock, DocumentTable } from "../../data/document.ts";
import type { PlotPlan, PlotSeries } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import type { Observable, RunComparison } from "../../data/series.ts";
import { MODEL_LOOKS, MODEL_TITLES } from "../results/long-run.ts";

/** A column of a table: its title, what stands in each row, and on which side where it is not the left. */
export type Column<R> = readonly [
  title: string,
  cell: (row: R, index: number) => string,
  align?: "right",
];

/** A table from its rows, told column by column. */
export function studyTable<R>(
  caption: string,
  rows: readonly R[],
  columns: readonly Column<R>[],
  { wrap = false }: { readonly wrap?: boolean } = {},
): DocumentTable {
  return {
    caption,
    columns: columns.map(([title, , align]) =>
      align === undefined ? { title } : { title, align },
    ),
    rows: rows.map((row, index) => columns.map(([, cell]) => cell(row, index))),
    ...(wrap ? { wrap } : {}),
  };
}

/** The numbers behind figures and tables: the same rows, a column each. */
export function studyData<R>(
  name: string,
  rows: readonly R[],
  columns: Readonly<Record<string, (row: R) => string | number | null>>,
): DataTable {
  return {
    name,
    columns: Object.fromEntries(
      Object.entries(columns).map(([column, pick]) => [column, rows.map(pick)]),
    ),
  };
}

/** A figure of curves as a part of the page. */
export function studyPlot(plan: PlotPlan): DocumentBlock {
  return { kind: "figure", figure: { draw: "plot", plan } };
}

/** The errors of a quantity along runs: how far true runs started a little away get, then models. */
export function errorSeries(
  { chaos, closer = [], models }: RunComparison,
  quantity: Observable | "position",
  kinds: readonly (keyof typeof MODEL_LOOKS)[],
): PlotSeries[] {
  const floors = chaos === undefined ? closer : [chaos, ...closer];
  return [
    ...floors.map((floor) => ({
      label: `truth started ${floor.offset.toExponential()} away (chaos floor)`,
      look: floor === chaos ? "floor" : "closer",
      kind: "envelope" as const,
      x: floor.times,
      y: floor.errors[quantity] ?? [],
    })),
    ...kinds.map((kind) => {
      const look = MODEL_LOOKS[kind];
      const { times = [], errors } = models[look] ?? {};
      const y = errors?.[quantity] ?? [];
      return { label: MODEL_TITLES[kind], look, kind: "envelope" as const, x: times, y };
    }),
  ];
}

/** The name of a group in the first of its rows, nothing in the others. */
export function once<R>(rows: readonly R[], group: (row: R) => string): Column<R>[1] {
  return (row, k) => {
    const before = rows[k - 1];
    return before !== undefined && group(before) === group(row) ? "" : group(row);
  };
}

/** Median and range: `0.52 (0.31 to 1.4)`. */
export function spreadText(values: readonly number[], digits = 2): string {
  const { median, min, max } = medianRange(values);
  const [a, b, c] = [median, min, max].map((value) => formatNumber(value, digits));
  return `${a} (${b} to ${c})`;
}
