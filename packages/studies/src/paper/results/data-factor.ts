import { medianRange } from "@mclnn/metrics";
import type { Settings, SystemName } from "../experiment/settings.ts";
import { baselineJobs, efficiencyJobs } from "../studies/jobs.ts";
import { bestOf } from "./long-run.ts";
import type { Results } from "./results.ts";

/** How many times less data MCLNN needs for the accuracy that the baseline has with all of its own. */
export function dataFactor(
  results: Results,
  settings: Settings,
  system: SystemName,
): { readonly accuracy: number; readonly needed: number | null; readonly factor: number | null } {
  const { result } = bestOf(results, baselineJobs(settings, system, "lnn"));
  const accuracy = result.forces.relativeError;
  const needed = efficiencyJobs(settings, system).find((job) => {
    const own = results
      .of(job)
      .runs.filter(({ learner }) => learner === "mclnn")
      .map(({ accelerationError }) => accelerationError);
    return medianRange(own).median <= accuracy;
  })?.input.records;
  return {
    accuracy,
    needed: needed ?? null,
    factor: needed === undefined ? null : settings.baseline.points / needed,
  };
}
