// Prints what trainings came to on so many threads, one JSON object a line: hashes of model files, and how often work was divided.
import { createHash } from "node:crypto";
import { addPositionNoise, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { encodeModel, type Model } from "../../../models/src/index.ts";
import { type Threads, train, trainSeeds } from "../../src/index.ts";
import { createThreads } from "../../src/node/index.ts";

const hash = (model: Model): string =>
  createHash("sha256").update(encodeModel(model)).digest("hex");
const { pair, masses, trainStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
const records = (trajectories: number) =>
  generateTrajectories({ system, start: trainStart, trajectories, records: 10 });
const exact = records(800);
const { velocities: _, ...noisy } = addPositionNoise(records(250), { sigma: 1e-3, seed: 1 });
const small = records(100);

for (const count of process.argv.slice(2).map(Number)) {
  const own = createThreads(count);
  const divided: Record<string, number> = {};
  const threads: Threads = {
    count,
    divide: (work) => {
      divided[work.task] = (divided[work.task] ?? 0) + 1;
      return own.divide(work);
    },
    spread: (work) => own.spread(work),
  };
  const results = {
    mclnn: hash((await train(exact, { until: 1e-8, threads })).model),
    spline: hash((await train(exact, { model: "spline", threads })).model),
    noisy: hash((await train(noisy, { model: "spline", threads })).model),
    lbfgs: hash((await train(exact, { optimizer: "lbfgs", epochs: 3, threads })).model),
    seeds: (await trainSeeds(small, [7, 8, 9], { until: 1e-8, threads })).map(
      ({ seed, result }) => `${seed} ${hash(result.model)}`,
    ),
  };
  const before = JSON.stringify(divided);
  await train(small, { threads });
  console.log(JSON.stringify({ results, divided, small: JSON.stringify(divided) === before }));
}
