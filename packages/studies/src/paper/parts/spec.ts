import type { DataTable } from "../../data/data-table.ts";
import type { DocumentTable } from "../../data/document.ts";

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

/** The name of a group in the first of its rows, nothing in the others. */
export function once<R>(rows: readonly R[], group: (row: R) => string): Column<R>[1] {
  return (row, k) => {
    const before = rows[k - 1];
    return before !== undefined && group(before) === group(row) ? "" : group(row);
  };
}
