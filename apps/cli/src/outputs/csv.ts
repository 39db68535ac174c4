/** A column of CSV. */
export type CsvColumn = ArrayLike<string | number | null | undefined>;

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Columns as CSV (RFC 4180) with a line of titles; what does not exist or is not finite is empty.
 *
 * A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay what they are.
 */
export function csv(columns: Readonly<Record<string, CsvColumn>>): string {
  const values = Object.values(columns);
  const rows = Math.max(0, ...values.map(({ length }) => length));
  const lines = [Object.keys(columns).map(csvCell).join(",")];
  for (let k = 0; k < rows; k++) lines.push(values.map((column) => csvCell(column[k])).join(","));
  return `${lines.join("\n")}\n`;
}

function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
