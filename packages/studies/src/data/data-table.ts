import type { Numbers } from "./series.ts";

/** Columns of equal length, for CSV and JSON. */
export interface DataTable {
  /** For file names. */
  readonly name: string;
  readonly columns: Readonly<Record<string, Numbers | readonly (string | number | null)[]>>;
}
