import { csv } from "../outputs/csv.ts";
import type { LawFormat } from "./format.ts";

/** Columns with a line of titles; what does not exist is empty. */
export const csvColumns: LawFormat = {
  name: "CSV",
  option: "out",
  endings: [".csv"],
  reads: [],
  encode: ({ table, pairs }) =>
    csv({ ...table, ...(pairs === undefined ? {} : { pair: pairs.map((p) => p.join("-")) }) }),
};
