import { writeFileSync, mkdirSync } from "node:fs";
import { figureSvg, systemFigures, plotFigure, conservationFigure, potentialFigure, trajectoriesFigure } from "../src/index.ts";
import { syntheticSeries } from "./synthetic-series.ts";
const out = process.argv[2] as string; mkdirSync(out, { recursive: true });
for (const records of [20, 3000]) {
  const s = syntheticSeries({ records });
  const all = [...(await systemFigures(s, { system: "X" })), ...(await systemFigures({ ...s, tilted: undefined as never, law: { ...s.law!, truth: undefined as never } }, { titles: { mclnn: "T" }, truth: "data" })),
   await conservationFigure({ truth: s.rollout.truth, models: {} }), (await trajectoriesFigure({ truth: s.rollout.truth, models: {} }, s))!,
   await potentialFigure({ ...s.law!, models: {} }),
   await potentialFigure({ ...s.law!, models: { mclnn: { ...s.law!.models.mclnn!, slopeSd: Array.from(s.law!.separations as number[], () => 0.1), energySd: Array.from(s.law!.separations as number[], () => 0.1) } } }),
   await plotFigure({ name: "p", title: "t", description: "d", note: "n", shade: "sh", panels: [
     { heading: "h", x: { label: "x" }, series: [{ label: "a", x: [0, 1, 2], y: [1, 2, 3] }, { label: "b", dashed: true, look: "lnn", kind: "envelope", x: [0, 1, 2], y: [3, 2, 1], band: [[1, 1, 1], [2, 2, 2]] }, { label: "c", look: "floor", x: [0, 1], y: [1, 1] }], shades: [[0.5, 1]], levels: [2] },
     { heading: "h2", x: { label: "x", log: true, at: [1, 2], domain: [0.5, 3] }, y: { log: true }, series: [{ label: "a", kind: "points", x: [1, 2], y: [1, 2] }] },
     { heading: "h3", x: { label: "x" }, square: true, series: [{ label: "q", kind: "path", x: [1, 2, 3], y: [1, 5, 2] }] } ] })];
  all.forEach((f, k) => writeFileSync(`${out}/${records}-${k}.svg`, figureSvg(f)));
}
