import type { DocumentBlock } from "@mclnn/report";

/** Columns of a table: what stands in a row's cell, by title; a title that ends with `>` is of numbers, at the right. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

/** A table of rows as a block of a document. */
export function tableBlock<Row>(
  caption: string,
  rows: readonly Row[],
  columns: Columns<Row>,
): DocumentBlock {
  const all = Object.entries(columns);
  const titles = all.map(([title]) => ({
    title: title.replace(/>$/, ""),
    align: title.endsWith(">") ? ("right" as const) : ("left" as const),
  }));
  const cells = rows.map((row) => all.map(([, cell]) => cell(row)));
  return { kind: "table", table: { caption, columns: titles, rows: cells } };
}
