import type { MclnnError } from "@mclnn/physics";
import type { NpyArray } from "./npz/npy.ts";

/** The arrays of a file, by key. */
export type Arrays = ReadonlyMap<string, NpyArray>;

/** The error for what is wrong with one of them. */
export type Refuse = (
  code: string,
  key: string,
  expected: string,
  got: string,
  mend?: string,
) => MclnnError;

export const shapeText = (shape: readonly number[]): string =>
  `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** Where in an array a flat index lies, in words. */
export function place(
  index: number,
  shape: readonly number[],
  axes: readonly string[] = shape.length === 4
    ? ["trajectory", "record", "particle", "component"]
    : ["index"],
): string {
  const out: string[] = [];
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    out.unshift(`${axes[d]} ${rest % (shape[d] as number)}`);
    rest = Math.floor(rest / (shape[d] as number));
  }
  return out.join(", ");
}
