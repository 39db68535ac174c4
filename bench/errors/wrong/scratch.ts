import { datasetCalls } from "./calls/datasets.ts";
import { integratorCalls } from "./calls/integrators.ts";
import { metricCalls } from "./calls/metrics.ts";
import { physicsCalls } from "./calls/physics.ts";
import { attempts } from "./try-all.ts";

const all = [...physicsCalls, ...integratorCalls, ...metricCalls, ...datasetCalls];
const only = process.argv[2];
const began = performance.now();
let n = 0,
  bad = 0;
const by = new Map<string, string[]>();
for (const e of all) {
  if (only && !e.entry.startsWith(only)) continue;
  for await (const a of attempts(e, () => false)) {
    n++;
    if (a.fault) {
      bad++;
      const k = `${a.entry} ${a.call}`;
      by.set(k, [...(by.get(k) ?? []), `${a.wrong}: ${a.fault}`]);
    }
  }
}
for (const [k, v] of by) {
  console.log(`## ${k}: ${v.length}`);
  for (const x of v.slice(0, Number(process.argv[3] ?? 3))) console.log("   ", x.slice(0, 260));
}
console.log(n, bad, ((performance.now() - began) / 1000).toFixed(1) + " s");
