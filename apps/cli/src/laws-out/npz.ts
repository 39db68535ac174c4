import type { LawFormat } from "./format.ts";

/** Columns as arrays. */
export const npz: LawFormat = {
  name: "NPZ",
  option: "out",
  endings: [".npz"],
  reads: [],
  async encode({ table, pairs }) {
    const { encodeNpz } = await import("@mclnn/datasets");
    return encodeNpz({
      ...table,
      ...(pairs === undefined
        ? {}
        : { pair: { shape: [pairs.length, 2], data: Int32Array.from(pairs.flat()) } }),
    });
  },
};
