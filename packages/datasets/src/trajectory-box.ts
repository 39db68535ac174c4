import { MclnnError } from "@mclnn/physics";
import { cellVolume } from "@mclnn/physics/space";
import type { NpyArray } from "./npz/npy.ts";
import { type Arrays, place, type Refuse, shapeText } from "./trajectory-arrays.ts";
import type { TrajectorySet } from "./trajectory-set.ts";

type Box = Pick<TrajectorySet, "box" | "origin" | "periodic" | "images">;

/** The box, where there is one: rows that span a volume, directions that repeat, images that are whole numbers. */
export function readBox(
  arrays: Arrays,
  shape: readonly number[],
  floats: (key: string, expected: readonly number[]) => Float64Array,
  refuse: Refuse,
  source: string,
): Box {
  const out: { -readonly [K in keyof Box]: Box[K] } = {};
  const box = arrays.get("box");
  if (box !== undefined) {
    out.box = floats("box", box.shape.length === 2 ? [3, 3] : [shape[1] as number, 3, 3]);
    for (let k = 0; k < out.box.length; k += 9)
      if (!(Math.abs(cellVolume(out.box.subarray(k, k + 9))) > 0))
        throw badBox(source, "box", "three rows that span a volume", `none in box ${k / 9}`);
  } else
    for (const key of ["images", "periodic"])
      if (arrays.has(key)) throw refuse("missing-key", "box", `a box beside ${key}`, "none");
  if (arrays.has("origin")) out.origin = floats("origin", [3]);
  if (arrays.has("periodic")) {
    const periodic = readWhole(arrays, "periodic", [3], { refuse, source });
    if (!periodic.every((x) => x === 0 || x === 1))
      throw badBox(source, "periodic", "three of 0 and 1", periodic.join(", "));
    out.periodic = Uint8Array.from(periodic);
  }
  if (arrays.has("images"))
    out.images = Int32Array.from(readWhole(arrays, "images", shape, { refuse, source }));
  return out;
}

function badBox(source: string, key: string, expected: string, got: string): MclnnError {
  return new MclnnError(`${key} of ${source} cannot be used`, {
    code: "bad-box",
    argument: key,
    expected,
    got,
  });
}

/** Numbers that fit into int32; truth values are 0 and 1. */
function readWhole(
  arrays: Arrays,
  key: string,
  shape: readonly number[],
  { refuse, source }: { refuse: Refuse; source: string },
): NpyArray["data"] {
  const { data, shape: got } = arrays.get(key) as NpyArray;
  if (shapeText(got) !== shapeText(shape))
    throw refuse("bad-shape", key, shapeText(shape), shapeText(got));
  const bad = data.findIndex((x: number) => (x | 0) !== x);
  if (bad >= 0) throw badBox(source, key, "whole numbers", `${data[bad]} at ${place(bad, shape)}`);
  return data;
}
