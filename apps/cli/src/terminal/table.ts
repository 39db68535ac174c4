import { stripVTControlCharacters } from "node:util";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Default `left`; numbers are easier to compare on the right. */
  readonly align?: "left" | "right";
}

/** Lines up rows of cells under their titles, two spaces between columns. Cells may hold colours. */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paintTitle: (title: string) => string = (title) => title,
): string {
  const widths = columns.map((column, c) =>
    Math.max(column.title.length, ...rows.map((row) => visibleLength(row[c] ?? ""))),
  );
  const line = (cells: readonly string[]): string =>
    ` ${cells
      .map((cell, c) => pad(cell, widths[c] as number, columns[c]?.align ?? "left"))
      .join("  ")}`.trimEnd();
  return [
    line(
      columns.map(({ title }, c) => pad(paintTitle(title), widths[c] as number, columns[c]?.align)),
    ),
    ...rows.map(line),
  ].join("\n");
}

function pad(cell: string, width: number, align: "left" | "right" = "left"): string {
  const fill = " ".repeat(Math.max(0, width - visibleLength(cell)));
  return align === "right" ? fill + cell : cell + fill;
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
