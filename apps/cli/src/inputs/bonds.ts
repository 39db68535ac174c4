import type { TrainOptions } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import { checkedBonds } from "@mclnn/physics/forces";
import { readInput } from "./file.ts";

/** `--bonds`: all, unknown, or a file: JSON [[i, j, weight], ...], or a line `i j weight` a bond; without weight it is 1. @throws MclnnError `bad-option` and of files */
export async function bondsOf(text: string): Promise<NonNullable<TrainOptions["bonds"]>> {
  if (text === "all" || text === "unknown") return text;
  const said = new TextDecoder().decode(await readInput(text, "--bonds"));
  const rows = rowsOf(said);
  try {
    return checkedBonds(rows.map(([i, j, w = 1]) => [i, j, w] as [number, number, number]));
  } catch (cause) {
    const { expected, got, argument } = cause as MclnnError;
    throw new MclnnError(`--bonds ${text} does not say who feels whom (${argument})`, {
      ...{ code: "bad-option", argument: "--bonds", expected, got, cause },
    });
  }
}

function rowsOf(said: string): number[][] {
  if (said.trim().startsWith("["))
    try {
      return JSON.parse(said);
    } catch {
      return [[Number.NaN]];
    }
  return said
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/[\s,;]+/).map(Number));
}
