import type { LawGrid } from "@mclnn/models";

/** The tables of several pairs of species one below the other, with the pair of each line. */
export function joinTables(
  tables: readonly { readonly pair: readonly [number, number]; readonly table: LawGrid }[],
): { readonly table: LawGrid; readonly pairs: readonly (readonly [number, number])[] } {
  const join = (key: keyof LawGrid): Float64Array =>
    Float64Array.from(tables.flatMap(({ table }) => [...(table[key] ?? [])]));
  const energySd = join("energySd");
  return {
    table: {
      r: join("r"),
      energy: join("energy"),
      slope: join("slope"),
      slopeSd: join("slopeSd"),
      dataShare: join("dataShare"),
      ...(energySd.length === 0 ? {} : { energySd }),
    },
    pairs: tables.flatMap(({ pair, table }) => Array.from(table.r, () => pair)),
  };
}
