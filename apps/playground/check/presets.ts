// How well each preset is learned with the page's defaults: three throws, 1 % of noise, positions alone. `pnpm --filter @mclnn/playground presets
// [preset,...] [seeds] [dots,...]` prints the error (weighted by the data) of each seed, how much of the law lies within two bars, and what was found.
import process from "node:process";
import { known, learn } from "../src/learner/learn.ts";
import { presets } from "../src/scene/laws.ts";
import { createMotion, escaped } from "../src/scene/motion.ts";
import { type RecordedThrow, recordsOf } from "../src/scene/observe.ts";
import { DEFAULT_SCENE, massesOf, systemOf, THROW_RECORDS, throwsOf } from "../src/scene/scene.ts";
import { drawStart } from "../src/scene/start.ts";

const [names = "", seeds = "5", numbers = "2,3,4,5"] = process.argv.slice(2);
const chosen = presets.filter(({ name }) => names === "" || names.split(",").includes(name));
for (const preset of chosen)
  for (const dots of numbers.split(",").map(Number)) {
    const rows: string[] = [];
    for (let seed = 1; seed <= Number(seeds); seed++) rows.push(await row(preset, dots, seed));
    console.log(`${preset.name} ${dots}: ${rows.join("; ")}`);
  }

async function row(preset: (typeof presets)[number], dots: number, seed: number): Promise<string> {
  const scene = { ...DEFAULT_SCENE, law: preset.name, dots, seed };
  try {
    const throws: RecordedThrow[] = [];
    for (let index = 0; index < throwsOf(dots); index++) {
      const start = drawStart(massesOf(scene), preset, 1000 * seed + index);
      const motion = createMotion(scene, systemOf(scene, preset), start, index);
      motion.record();
      while (
        recordsOf(motion.seen as RecordedThrow, dots) < THROW_RECORDS &&
        !escaped(motion.state, dots, preset.reach)
      )
        motion.step();
      throws.push(motion.seen as RecordedThrow);
    }
    const source = { scene, throws };
    const { findings } = await learn({ source, effort: "usual", after: false, terms: [] });
    const model = known.result?.model;
    if (model === undefined) return "nothing";
    const { edges, counts } = model.separations;
    let [error, size, within, bins] = [0, 0, 0, 0];
    counts.forEach((count, k) => {
      const r = ((edges[k] as number) + (edges[k + 1] as number)) / 2;
      const miss = Math.abs(model.pair.slope(r) - preset.pair.slope(r));
      error += count * miss;
      size += count * Math.abs(preset.pair.slope(r));
      if (count > 0) bins++;
      if (count > 0 && miss <= 2 * (model.slopeDeviation?.(r) ?? 0)) within++;
    });
    const kinds = findings.map(({ kind }) => kind).join("+");
    return `${((100 * error) / size).toFixed(1)} % (${((100 * within) / bins).toFixed(0)}) ${kinds}`;
  } catch (error) {
    return `${(error as { code?: string }).code ?? error}`;
  }
}
