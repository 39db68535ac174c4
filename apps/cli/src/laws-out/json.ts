import { plainJson } from "../terminal/json.ts";
import type { LawFormat } from "./format.ts";

/** Columns, and what the laws are. */
export const json: LawFormat = {
  name: "JSON",
  option: "out",
  endings: [".json"],
  reads: [],
  encode({ laws, table, pairs }) {
    const about = laws.map(({ model, species }) => ({
      ...(species === undefined ? {} : { pair: species.join("-") }),
      model: model.kind,
      parameters: model.parameterCount,
      coupling: model.coupling,
      ranges: model.separations.ranges,
    }));
    const value = plainJson({
      ...(pairs === undefined ? about[0] : { laws: about }),
      ...table,
      ...(pairs === undefined ? {} : { pair: pairs.map((pair) => pair.join("-")) }),
    });
    return `${JSON.stringify(value)}\n`;
  },
};
