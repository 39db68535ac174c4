// A long training, and hot loops, in a process of their own: what they leave in memory, as JSON on standard output.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRandom, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { integrators } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { adam } from "@mclnn/learning/parts";
import { EnergyNetwork } from "@mclnn/models";
import { createSystem, pairwise } from "@mclnn/physics";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const iterations = Number(process.argv[2]);

/** What a long run and hot loops leave in memory. */
export interface LongRun {
  readonly iterations: number;
  readonly seconds: number;
  /** Bytes, after a collection, at even distances over the run's second half. */
  readonly resident: readonly number[];
  readonly held: readonly number[];
  /** Bytes allocated by one call, by name of the loop. */
  readonly loops: Readonly<Record<string, number>>;
}

const { masses, pair, trainStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });

async function longTraining(): Promise<Omit<LongRun, "loops">> {
  const data = generateTrajectories({
    system,
    start: trainStart,
    trajectories: 1,
    records: 2,
    stride: 1,
  });
  const resident: number[] = [];
  const held: number[] = [];
  const looks = 40;
  let began = 0;
  let next = iterations / 2;
  await train(data, {
    model: "lnn",
    hidden: [2],
    until: 1e-300,
    optimizer: "adam",
    epochs: iterations,
    onProgress: ({ iteration }) => {
      if (iteration < next) return;
      if (began === 0) began = performance.now();
      collect();
      const { rss, heapUsed, external } = process.memoryUsage();
      resident.push(rss);
      held.push(heapUsed + external);
      next += iterations / 2 / looks;
    },
  });
  return { iterations, seconds: (performance.now() - began) / 1000, resident, held };
}

/** Bytes that one call allocates, once it is compiled: the least of several rounds, as compilers allocate too, and take their time. */
function allocatedBy(call: () => void, calls = 20_000): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10 && least > 1; round++) {
    collect();
    const before = used();
    for (let k = 0; k < calls; k++) call();
    least = Math.min(least, (used() - before) / calls);
  }
  return Math.max(0, least);
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function hotLoops(): LongRun["loops"] {
  const loops: Record<string, number> = {};
  for (const { name, start } of integrators.filter((each) => !each.name.startsWith("dormand"))) {
    const state = {
      time: 0,
      positions: trainStart.positions.slice(),
      velocities: trainStart.velocities.slice(),
    };
    const step = start(system, state);
    loops[`a step of ${name}`] = allocatedBy(() => step(0.01));
  }
  const network = new EnergyNetwork([10, 10]);
  const random = createRandom(1);
  const weights = Float64Array.from({ length: network.size }, () => random.normal());
  const gradient = new Float64Array(network.size);
  loops["a network and its gradient"] = allocatedBy(() => {
    network.evaluate(weights, 1.25);
    network.accumulateGradient(weights, 0, 1, 0, gradient, 0);
  });
  const method = adam();
  const memory = method.init(network.size);
  const objective = {
    size: network.size,
    evaluate(x: Float64Array, out?: Float64Array): number {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        const d = x[i];
        if (out !== undefined) out[i] = 2 * d;
        sum += d * d;
      }
      return sum;
    },
  };
  loops["a step of Adam"] = allocatedBy(() => {
    method.step(objective, weights, memory);
  });
  return loops;
}

const loops = hotLoops();
process.stdout.write(JSON.stringify({ ...(await longTraining()), loops } satisfies LongRun));
