import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { decodeModel, decodeSafetensors, encodeModel } from "@mclnn/models";
import { createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { type TfjsNetworkModule, trainTfjsNetwork } from "../src/index.ts";
import { loadTfjsBackend } from "../src/node/index.ts";
import { BACKENDS } from "./backends.ts";

const { pair: truth, masses, trainStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension: 3, potential: pairwise(truth) });
const data = generateTrajectories({ system, start: trainStart, trajectories: 10 });

/** a (r - b)^2 from values that the seed gives. */
const spring: TfjsNetworkModule = ({ tf, seed }) => {
  const a = tf.variable(tf.scalar(seed / 100));
  const b = tf.variable(tf.scalar(0.8), true, `rest-${tf.getBackend()}-${seed}`);
  return { energy: (r) => tf.mul(a, tf.square(tf.sub(r, b))), variables: [a, b] };
};

describe.each(BACKENDS)("on %s", (backend) => {
  it("a module's network is made there, learned, and becomes a model whose V' is the network's within 1e-6", async () => {
    await tf.setBackend("cpu");
    const options = { backend, seed: 30, until: 1e-9, validation: data, name: "spring.ts" };
    const { model, weights, pair, ...result } = await trainTfjsNetwork(data, spring, options);
    expect(tf.getBackend()).toBe("cpu");
    expect(result).toMatchObject({ reachedTarget: true, validationLoss: result.trainLoss });
    const law = decodeModel(encodeModel(model));
    if (law.kind !== "spline") throw new Error("a spline model was written");
    const [from, to] = law.separations.ranges[0] as readonly [number, number];
    for (let k = 0; k <= 50; k++) {
      const r = from + ((to - from) * k) / 50;
      expect(Math.abs(law.pair.slope(r) - pair.slope(r))).toBeLessThan(1e-6);
      expect(Math.abs(law.pair.slope(r) - truth.slope(r))).toBeLessThan(1e-3);
    }
    expect(law.record).toMatchObject({
      seed: 30,
      dt: 0.01,
      stride: 10,
      integrator: "velocity-verlet",
      network: { name: "spring.ts", parameters: 2, backend },
    });
    const key = backend === "node" ? "tensorflow" : backend;
    const { tensors } = decodeSafetensors(weights);
    expect([...tensors.keys()]).toEqual(["variables.0", `rest-${key}-30`]);
    expect(tensors.get("variables.0")?.data[0]).toBeCloseTo(0.5, 3);
    for (const variable of pair.internals.energy.parameters.variables) variable.dispose();
  });
});

const refused = async (of: Promise<unknown>): Promise<string> => {
  const error = await of.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!isMclnnError(error)) throw error ?? new Error("nothing was refused");
  return error.code;
};

const UNUSABLE: [string, unknown, string][] = [
  ["is no function", {}, "bad-argument"],
  ["makes nothing", (): void => undefined, "bad-network"],
  ["makes something else", () => ({ predict: 1 }), "bad-network"],
  [
    "has nothing to train",
    () => ({ energy: (r: tf.Tensor): tf.Tensor => tf.square(r) }),
    "bad-variables",
  ],
];

it.each(UNUSABLE)("a module that %s: an error", async (_, module, code) => {
  expect(await refused(trainTfjsNetwork(data, module as TfjsNetworkModule))).toBe(code);
});

it("backends of Node are loaded by name, and never another one instead", async () => {
  for (const name of ["cpu", "wasm"] as const) await loadTfjsBackend(name);
  expect(await refused(loadTfjsBackend("node", { folder: "/nowhere" }))).toBe("missing-backend");
  expect(await refused(loadTfjsBackend("webgl" as "cpu"))).toBe("bad-option");
});
