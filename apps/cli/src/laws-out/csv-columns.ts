import { lammpsEnergy, unitNamesOf, unitOf } from "../inputs/law-units.ts";
import { csv } from "../outputs/csv.ts";
import type { LawFormat } from "./format.ts";

/** Columns that are measured in something: powers of length and energy. */
const MEASURED: Readonly<Record<string, Parameters<typeof unitOf>[1]>> = {
  r: { length: 1, energy: 0 },
  energy: { length: 0, energy: 1 },
  slope: { length: -1, energy: 1 },
  slopeSd: { length: -1, energy: 1 },
  energySd: { length: 0, energy: 1 },
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
      const power = MEASURED[name];
      const unit = units && power && unitOf(units, power);
      return [unit === undefined ? name : `${name} [${unit}]`, column];
    });
    return csv({
      ...Object.fromEntries(titled),
      ...(pairs === undefined ? {} : { pair: pairs.map((p) => p.join("-")) }),
    });
  },
};
