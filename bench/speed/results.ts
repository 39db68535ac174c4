import { readFile } from "node:fs/promises";
import { MclnnError } from "@mclnn/physics";
import type { Machine } from "./machine.ts";
import type { Measured } from "./measurement.ts";

/** What came of one measurement, and under what circumstances. */
export interface MeasurementResult extends Measured {
  readonly name: string;
  readonly title: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** Seconds that it took altogether. */
  readonly took: number;
  /** One-minute load averages before and after. */
  readonly load: readonly [number, number];
  readonly machine: Machine;
  readonly quick: boolean;
  /** Versions of the peers' programs that took part. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What whoever ran it says about it. */
  readonly remark?: string;
  /** Why there is nothing else. */
  readonly failed?: string;
}

/** The JSON that `pnpm bench` writes. */
export interface BenchResults {
  readonly version: 1;
  readonly results: readonly MeasurementResult[];
}

/** @throws MclnnError `bad-option` for a file that is not of this kind */
export async function readResults(file: string): Promise<BenchResults> {
  let got = "no JSON";
  try {
    const read = JSON.parse(await readFile(file, "utf8")) as Partial<BenchResults>;
    if (read.version === 1 && Array.isArray(read.results)) return read as BenchResults;
    got = `version ${read.version}`;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") got = "no such file";
  }
  throw new MclnnError(`${file} cannot be brought up to date`, {
    code: "bad-option",
    argument: "update",
    expected: "results of an earlier bench, version 1",
    got,
  });
}

/** New results in the place of old ones, in the order of `names`. */
export function mergeResults(
  old: readonly MeasurementResult[],
  fresh: readonly MeasurementResult[],
  names: readonly string[],
): MeasurementResult[] {
  const byName = new Map([...old, ...fresh].map((result) => [result.name, result]));
  return names.flatMap((name) => byName.get(name) ?? []);
}
