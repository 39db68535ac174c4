import type { EntryCalls } from "./call.ts";
import { datasetCalls } from "./calls/datasets.ts";
import { integratorCalls } from "./calls/integrators.ts";
import { metricCalls } from "./calls/metrics.ts";
import { modelCalls } from "./calls/models.ts";
import { physicsCalls } from "./calls/physics.ts";
import { reportCalls } from "./calls/report.ts";
import { studyCalls } from "./calls/studies.ts";

/** A right call of every public function of every package. */
export const entryCalls: readonly EntryCalls[] = [
  ...physicsCalls,
  ...integratorCalls,
  ...datasetCalls,
  ...metricCalls,
  ...modelCalls,
  ...studyCalls,
  ...reportCalls,
];

/** Public functions of an entry that are neither called here nor excused. */
export function forgotten({ module, calls, excused = {} }: EntryCalls): string[] {
  return Object.keys(module).filter(
    (name) => typeof module[name] === "function" && !(name in calls) && !(name in excused),
  );
}
