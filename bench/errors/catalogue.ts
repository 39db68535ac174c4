import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { EntryCalls } from "./call.ts";
import { cliCalls } from "./calls/cli.ts";
import { datasetCalls } from "./calls/datasets.ts";
import { integratorCalls } from "./calls/integrators.ts";
import { metricCalls } from "./calls/metrics.ts";
import { modelCalls } from "./calls/models.ts";
import { nodeCalls } from "./calls/node.ts";
import { physicsCalls } from "./calls/physics.ts";
import { reportCalls } from "./calls/report.ts";
import { studyCalls } from "./calls/studies.ts";
import { tfjsCalls } from "./calls/tfjs.ts";

/** A right call of every public function of every package. */
export const entryCalls: readonly EntryCalls[] = [
  ...physicsCalls,
  ...integratorCalls,
  ...datasetCalls,
  ...metricCalls,
  ...modelCalls,
  ...studyCalls,
  ...reportCalls,
  ...nodeCalls,
  tfjsCalls,
  cliCalls,
];

/** Public functions of an entry that are neither called here nor excused. */
export function forgotten({ module, calls, excused = {} }: EntryCalls): string[] {
  return Object.keys(module).filter(
    (name) => typeof module[name] === "function" && !(name in calls) && !(name in excused),
  );
}

/** Entries of published packages, as their manifests have them, of which nothing is called. */
export function forgottenEntries(root: string): string[] {
  const known = new Set(entryCalls.map(({ entry }) => entry));
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
    .flatMap((folder) => {
      const text = readFileSync(path.join(root, folder, "package.json"), "utf8");
      const { name, private: own, exports = {} } = JSON.parse(text);
      return own === true ? [] : Object.keys(exports).map((key) => path.posix.join(name, key));
    })
    .filter((entry) => !entry.endsWith("/package.json") && !known.has(entry));
}
