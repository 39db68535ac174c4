/** @param left - so many columns are text, the others numbers */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [
    line(columns),
    line(columns.map((_, k) => (k < left ? "---" : "---:"))),
    ...rows.map(line),
    "",
  ];
}
