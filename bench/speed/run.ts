import { isMclnnError } from "@mclnn/physics";
import type { Cast } from "../peers/cast.ts";
import { loadNow, thisMachine } from "./machine.ts";
import type { Bench, Measurement } from "./measurement.ts";
import type { MeasurementResult } from "./results.ts";

/** Measures one after the other; one that fails says so and leaves the others alone. */
export async function runMeasurements(
  chosen: readonly Measurement[],
  bench: Omit<Bench, "peers">,
  cast: Cast | null,
  remark: string | undefined,
): Promise<MeasurementResult[]> {
  const results: MeasurementResult[] = [];
  for (const measurement of chosen) {
    const { name, title } = measurement;
    bench.say(`${name} ...`);
    const before = loadNow();
    const began = performance.now();
    const outcome = await measurement.measure({ ...bench, peers: cast }).catch((error: unknown) => {
      const failed = isMclnnError(error) ? error.message : String((error as Error).stack ?? error);
      bench.say(`${name} failed: ${failed}`);
      return { times: [], goals: [], notes: [], failed };
    });
    const took = (performance.now() - began) / 1000;
    bench.say(`${name}: ${took.toFixed(1)} s`);
    results.push({
      name,
      title,
      ...outcome,
      at: new Date().toISOString(),
      took,
      load: [before, loadNow()],
      machine: thisMachine(),
      quick: bench.quick,
      versions: cast === null ? {} : await cast.versions(),
      ...(remark === undefined ? {} : { remark }),
    });
  }
  return results;
}
