import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { isMclnnError } from "@mclnn/physics";
import { refusal } from "../command-line.ts";
import type { Cast } from "../peers/cast.ts";
import type { Bench, Measured, Measurement } from "./measurement.ts";

/** What came of one measurement, and under what circumstances. */
export interface MeasurementResult extends Measured {
  readonly name: string;
  readonly title: string;
  /** When it ended, ISO 8601. */
  readonly at: string;
  /** Seconds that it took altogether. */
  readonly took: number;
  /** One-minute load averages before and after: what is beyond our own took time from us. */
  readonly load: readonly [number, number];
  /** Where it was made; memory in bytes. */
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memory: number;
    readonly node: string;
    readonly v8: string;
  };
  readonly quick: boolean;
  /** Versions of the peers' programs that took part. */
  readonly versions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What whoever ran it says about it. */
  readonly remark?: string;
  /** Why there is nothing else. */
  readonly failed?: string;
}

/** Measures one after the other; one that fails says so and leaves the others alone. */
export async function runMeasurements(
  chosen: readonly Measurement[],
  bench: Omit<Bench, "peers">,
  cast: Cast | null,
  remark: string | undefined,
): Promise<MeasurementResult[]> {
  const results: MeasurementResult[] = [];
  const machine = {
    processor: cpus()[0]?.model.trim() ?? "unknown processor",
    ...{ cores: availableParallelism(), memory: totalmem() },
    ...{ node: process.versions.node, v8: process.versions.v8 },
  };
  for (const { name, title, measure } of chosen) {
    bench.say(`${name} ...`);
    const before = loadavg()[0];
    const began = performance.now();
    const outcome = await measure({ ...bench, peers: cast }).catch((error: unknown) => {
      const failed = isMclnnError(error) ? error.message : String((error as Error).stack ?? error);
      bench.say(`${name} failed: ${failed}`);
      return { times: [], goals: [], notes: [], failed };
    });
    const took = (performance.now() - began) / 1000;
    bench.say(`${name}: ${took.toFixed(1)} s`);
    const versions = cast === null ? {} : await cast.versions();
    results.push({
      ...{ name, title, ...outcome, at: new Date().toISOString(), took, machine, versions },
      ...{ load: [before, loadavg()[0]] as const, quick: bench.quick },
      ...(remark === undefined ? {} : { remark }),
    });
  }
  return results;
}

/** Results of the JSON that `pnpm bench` writes. @throws MclnnError `bad-option` for a file that is not of this kind */
export async function readResults(file: string): Promise<readonly MeasurementResult[]> {
  let got = "no JSON";
  try {
    const { version, results } = JSON.parse(await readFile(file, "utf8"));
    if (version === 1 && Array.isArray(results)) return results;
    got = `version ${version}`;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") got = "no such file";
  }
  throw refusal("update", `results of an earlier bench, version 1, in ${file}`, got);
}

/** New results in the place of old ones, in the order of a catalogue. */
export function mergeResults(
  old: readonly MeasurementResult[],
  fresh: readonly MeasurementResult[],
  all: readonly { readonly name: string }[],
): MeasurementResult[] {
  const byName = new Map([...old, ...fresh].map((result) => [result.name, result]));
  return all.flatMap(({ name }) => byName.get(name) ?? []);
}
