import { lammpsEnergy, type UnitNames, unitNamesOf } from "../inputs/law-units.ts";
import { csv } from "../outputs/csv.ts";
import type { LawFormat } from "./format.ts";

/** Columns that are measured in something. */
const MEASURED: Readonly<Record<string, keyof UnitNames>> = {
  r: "length",
  energy: "energy",
  slope: "slope",
  slopeSd: "slope",
  energySd: "energy",
};

/** Columns with a line of titles, and units behind these where the data have units; what does not exist is empty. */
export const csvColumns: LawFormat = {
  name: "CSV",
  option: "out",
  endings: [".csv"],
  reads: ["units"],
  encode({ laws, table, pairs, options }) {
    if (options.units !== undefined) lammpsEnergy(options.units);
    const units = laws[0] && unitNamesOf(laws[0].model.record, options.units);
    const titled = Object.entries(table).map(([name, column]) => {
      const unit = units?.[MEASURED[name] ?? "length"];
      return [
        unit === undefined || MEASURED[name] === undefined ? name : `${name} [${unit}]`,
        column,
      ];
    });
    return csv({
      ...Object.fromEntries(titled),
      ...(pairs === undefined ? {} : { pair: pairs.map((p) => p.join("-")) }),
    });
  },
};
