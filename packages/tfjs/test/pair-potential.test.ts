import { experimentByName, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import {
  angularMomentum,
  createSystem,
  hamiltonian,
  isMclnnError,
  linearMomentum,
  pairwise,
  stateAt,
} from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { train } from "../../learning/src/index.ts";
import {
  denseNetwork,
  type TfjsEnergy,
  type TfjsPairPotential,
  tfjsBackend,
  tfjsPairPotential,
  trainTfjsPair,
} from "../src/index.ts";
import { aliveTensors, BACKENDS } from "./backends.ts";

const spring: TfjsEnergy = (r) => tf.mul(0.5, tf.square(tf.sub(r, 1)));

function records(name: string, trajectories: number): TrajectorySet {
  const { pair, masses, dimension, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories });
}

async function network(
  backend: (typeof BACKENDS)[number],
  seed = 3,
  hidden = [10, 10],
): Promise<TfjsPairPotential> {
  const net = await denseNetwork({ backend, hidden, seed });
  return tfjsPairPotential((r) => net.apply(tf.reshape(r, [-1, 1])), {
    backend,
    variables: net.variables,
  });
}

describe.each(BACKENDS)("on %s", (backend) => {
  it("V, V' and V'' of a formula to 1e-6", async () => {
    const pair = await tfjsPairPotential(
      (r) => tf.sub(tf.pow(r, tf.scalar(-12)), tf.pow(r, tf.scalar(-6))),
      { backend },
    );
    expect(pair.backend).toBe(backend);
    const r = [0.95, 1.1, 1.5];
    const { energies, slopes, curvatures } = pair.evaluate(r);
    r.forEach((x, k) => {
      const energy = x ** -12 - x ** -6;
      const slope = -12 * x ** -13 + 6 * x ** -7;
      const curvature = 156 * x ** -14 - 42 * x ** -8;
      expect(Math.abs((energies[k] as number) - energy)).toBeLessThan(1e-6 * 2);
      expect(Math.abs((slopes[k] as number) / slope - 1)).toBeLessThan(1e-5);
      expect(Math.abs((curvatures[k] as number) / curvature - 1)).toBeLessThan(1e-5);
    });
    expect(pair.energy(1.5)).toBeCloseTo(1.5 ** -12 - 1.5 ** -6, 6);
    expect(pair.slope(1.5)).toBe(slopes[2]);
    expect(pair.curvature(1.5)).toBe(curvatures[2]);
  });

  it("a LayersModel is a pair energy, with its own weights; V' is that of its energies to 1e-3", async () => {
    const before = aliveTensors();
    const ready = await tfjsBackend(backend);
    const model = ready.run(() =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            units: 6,
            activation: "softsign",
            inputShape: [1],
            kernelInitializer: tf.initializers.randomNormal({ seed: 4 }),
          }),
          tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.ones() }),
        ],
      }),
    );
    const pair = await tfjsPairPotential(model, { backend });
    expect(pair.parameterCount).toBe(19);
    const difference = (pair.energy(1.31) - pair.energy(1.29)) / 0.02;
    expect(Math.abs(pair.slope(1.3) - difference)).toBeLessThan(1e-3 * Math.abs(difference) + 1e-4);
    model.dispose();
    expect(aliveTensors()).toBe(before);
  });

  it("rolls out with |P| and |L| kept below 1e-13 and H below 1e-3, tabulated", async () => {
    const { masses, dimension, testStart } = experimentByName("linear-spring");
    const pair = await tfjsPairPotential(spring, { backend });
    const table = pair.tabulate({ from: 0.5, to: 2.5 });
    const system = createSystem({ masses, dimension, potential: pairwise(table) });
    const run = rollout(system, testStart, { records: 50 });
    const [first, last] = [stateAt(run, 0), stateAt(run, 49)];
    const drift = (f: (s: typeof first) => ArrayLike<number>): number => {
      const [a, b] = [f(first), f(last)];
      return Math.max(...Array.from(a, (x, k) => Math.abs(x - (b[k] as number))));
    };
    expect(drift((s) => linearMomentum(system, s.velocities))).toBeLessThan(1e-13);
    expect(drift((s) => angularMomentum(system, s.positions, s.velocities))).toBeLessThan(1e-13);
    expect(drift((s) => [hamiltonian(system, s)])).toBeLessThan(1e-3);
    for (const r of [0.6, 1, 1.7, 2.4]) {
      expect(Math.abs(table.slope(r) - (r - 1))).toBeLessThan(1e-6);
      expect(Math.abs(table.energy(r) - 0.5 * (r - 1) ** 2)).toBeLessThan(1e-6);
    }
  });

  it("learns the linear spring from 10 trajectories: rollout loss below 1e-6, V' within 2e-3, and leaks no tensor", async () => {
    const data = records("linear-spring", 10);
    const pair = await network(backend, 3, [6]);
    const before = aliveTensors();
    const { trainLoss, ranges, validationLoss } = await train(data, {
      model: pair,
      until: 1e-6,
      epochs: 300,
      validation: data,
    });
    expect(trainLoss).toBeLessThan(1e-6);
    expect(validationLoss).toBeCloseTo(trainLoss, 12);
    const [from, to] = ranges[0] as readonly [number, number];
    const r = Array.from({ length: 20 }, (_, k) => from + ((to - from) * k) / 19);
    const { slopes } = pair.evaluate(r);
    const errors = r.map((x, k) => Math.abs((slopes[k] as number) - (x - 1)));
    expect(errors.reduce((a, b) => a + b) / r.length).toBeLessThan(2e-3);
    expect(aliveTensors()).toBe(before);
  });
});

describe("training", () => {
  it("keeps tf.memory().numTensors over 1,000 steps", async () => {
    const data = records("linear-spring", 1);
    const ready = await tfjsBackend("cpu");
    const [stiffness, length] = ready.run(() => [
      tf.variable(tf.scalar(0.3)),
      tf.variable(tf.scalar(0.8)),
    ]) as [tf.Variable, tf.Variable];
    const pair = await tfjsPairPotential((r) => tf.mul(stiffness, tf.square(tf.sub(r, length))), {
      backend: "cpu",
      variables: [stiffness, length],
    });
    const before = aliveTensors();
    const { iterations } = await trainTfjsPair(data, pair, {
      functionFirst: false,
      optimizer: "adam",
      until: 0,
      epochs: 1000,
    });
    expect(iterations).toBe(1000);
    expect(aliveTensors()).toBe(before);
  });

  it("two models on two backends in one process, and the process's own choice untouched", async () => {
    await tf.setBackend("cpu");
    const [a, b] = await Promise.all([network("cpu"), network("wasm")]);
    expect(tf.getBackend()).toBe("cpu");
    const data = records("linear-spring", 2);
    const options = { epochs: 15, functionFirst: false };
    const [x, y] = await Promise.all([
      trainTfjsPair(data, a, options),
      trainTfjsPair(data, b, options),
    ]);
    expect(tf.getBackend()).toBe("cpu");
    expect(x.trainLoss).toBeLessThan(0.5 * (x.history[0]?.loss as number));
    expect(y.trainLoss / x.trainLoss).toBeCloseTo(1, 0);
  });

  it("refuses a potential with nothing to train", async () => {
    const pair = await tfjsPairPotential(spring);
    const error = await trainTfjsPair(records("linear-spring", 1), pair).catch((e: unknown) => e);
    expect(isMclnnError(error) && [error.code, error.argument]).toEqual([
      "bad-variables",
      "variables",
    ]);
  });
});

describe("bad input", () => {
  it.each<[string, unknown, string, RegExp]>([
    ["a sum", (r: tf.Tensor) => tf.sum(r), "bad-function", /shape \[5\], got shape \[\]/],
    ["two columns", (r: tf.Tensor) => tf.stack([r, r], 1), "bad-function", /got shape \[5, 2\]/],
    ["whole numbers", (r: tf.Tensor) => tf.cast(r, "int32"), "bad-function", /got dtype int32/],
    ["NaN", (r: tf.Tensor) => tf.log(tf.sub(r, 1)), "not-finite", /got NaN at r = 0.74/],
    ["a promise", async (r: tf.Tensor) => r, "bad-function", /got a promise.*async/],
    ["a number", () => 3, "bad-function", /got number/],
    [
      "an exception",
      () =>
        tf.matMul(
          [[1]],
          [
            [1, 2],
            [3, 4],
          ],
        ),
      "bad-function",
      /energy throws/,
    ],
    ["a batch mean", (r: tf.Tensor) => tf.sub(r, tf.mean(r)), "bad-function", /other separations/],
    ["no function", 7, "bad-function", /got number/],
  ])("%s", async (_, energy, code, message) => {
    const before = aliveTensors();
    const error = await tfjsPairPotential(energy as TfjsEnergy).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.code).toBe(code);
    expect(String(error)).toMatch(message);
    expect(aliveTensors()).toBe(before);
  });

  it("a model of other inputs", async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
    await expect(tfjsPairPotential(model)).rejects.toThrow(
      /one input of shape \[null, 1\], got \[null, 3\]/,
    );
  });

  it.each([
    ["webgl", "missing-backend", /Only browsers have it/],
    ["webgpu", "missing-backend", /npm install @tensorflow\/tfjs-backend-webgpu/],
    ["cuda", "unknown-backend", /one of cpu, wasm, webgl, webgpu, node/],
  ])("backend %s in Node", async (backend, code, message) => {
    const error = await tfjsPairPotential(spring, { backend: backend as "cpu" }).catch(
      (e: unknown) => e,
    );
    expect(isMclnnError(error) && error.code).toBe(code);
    expect(String(error)).toMatch(message);
  });
});
