import { createRandom, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { velocityVerlet } from "@mclnn/integrators";
import { createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { train } from "../../learning/src/index.ts";
import { TabulatedRolloutLoss } from "../../learning/src/network/rollout-loss.ts";
import { scheduleOf } from "../../learning/src/records/dynamics.ts";
import { chooseTimeStep } from "../../learning/src/records/time-step.ts";
import { createTrainingData, sortedSeparations } from "../../learning/src/records/training-data.ts";
import { buildBasis } from "../../learning/src/splines/knots.ts";
import { EnergyNetwork, type MclnnModel } from "../../models/src/index.ts";
import {
  denseNetwork,
  fromLayersModel,
  layersModelFiles,
  type TfjsPairPotential,
  TfjsRolloutLoss,
  tfjsPairPotential,
  toLayersModel,
} from "../src/index.ts";
import { BACKENDS } from "./backends.ts";

const data = (() => {
  const { pair, masses, dimension, trainStart } = experimentByName("linear-spring");
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories: 20 });
})();

const HIDDEN = [10, 10];

/** Generic weights, as float32 holds them: both engines then have the very same network. */
function randomWeights(seed: number): Float64Array {
  const random = createRandom(seed);
  const { size } = new EnergyNetwork(HIDDEN);
  return Float64Array.from(Float32Array.from({ length: size }, () => 0.5 * random.normal()));
}

const SEPARATIONS = Array.from({ length: 41 }, (_, k) => 0.5 + 0.05 * k);

const worst = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((m, a, k) => Math.max(m, Math.abs(a - (y[k] as number))), 0);

async function twin(
  backend: (typeof BACKENDS)[number],
  weights: Float64Array,
): Promise<TfjsPairPotential> {
  const net = await denseNetwork({ backend, hidden: HIDDEN, weights });
  expect(net.weights()).toEqual(weights);
  return tfjsPairPotential((r) => net.apply(tf.reshape(r, [-1, 1])), {
    backend,
    variables: net.variables,
  });
}

describe.each(BACKENDS)("fused engine and tfjs on %s, same weights", (backend) => {
  it("energies to 3e-6, slopes to 3e-6, curvatures to 1e-5, three networks", async () => {
    for (let seed = 1; seed <= 3; seed++) {
      const weights = randomWeights(seed);
      const { energies, slopes, curvatures } = (await twin(backend, weights)).evaluate(SEPARATIONS);
      const network = new EnergyNetwork(HIDDEN);
      const exact = SEPARATIONS.map((r) => {
        network.evaluate(weights, r);
        return [network.energy, network.slope, network.curvature] as const;
      });
      expect(
        worst(
          energies,
          exact.map(([v]) => v),
        ),
      ).toBeLessThan(3e-6);
      expect(
        worst(
          slopes,
          exact.map(([, s]) => s),
        ),
      ).toBeLessThan(3e-6);
      expect(
        worst(
          curvatures,
          exact.map(([, , c]) => c),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  it("rollout loss to 1e-5 and its gradient to 1e-4, relative", async () => {
    const prepared = createTrainingData(data, { coupling: "none" });
    const { dt, stride } = chooseTimeStep(data);
    const schedule = scheduleOf(prepared.times, {
      stages: velocityVerlet.stages,
      substeps: stride,
      dt,
    });
    const { cells } = buildBasis(sortedSeparations(prepared), { cells: 40 });
    const weights = randomWeights(9);
    const fused = new TabulatedRolloutLoss(prepared, schedule, cells, HIDDEN);
    const pair = await twin(backend, weights);
    const other = new TfjsRolloutLoss(prepared, schedule, cells, pair);
    const gradient = new Float64Array(fused.size);
    const found = new Float64Array(other.size);
    const loss = fused.evaluate(weights, gradient);
    // Its variables are kernels [inputs, outputs]; the flat order of the fused engine is [outputs, inputs].
    const own = pair.internals.energy.parameters.read();
    expect(Math.abs(other.evaluate(own, found) / loss - 1)).toBeLessThan(1e-5);
    const size = Math.sqrt(gradient.reduce((s, g) => s + g * g, 0));
    const reordered = fusedOrder(found);
    expect(worst(reordered, gradient)).toBeLessThan(1e-4 * size);
  });

  it("a trained model as a LayersModel, through its files: energies to 1e-6, forces to 1e-5, curvatures to 1e-4, and back", async () => {
    const { model } = await train(data);
    const exported = await toLayersModel(model, { backend });
    const files = await layersModelFiles(exported);
    exported.dispose();
    const { modelTopology, weightsManifest, userDefinedMetadata } = JSON.parse(files["model.json"]);
    const loaded = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: files["weights.bin"].buffer as ArrayBuffer,
        userDefinedMetadata,
      }),
    );
    const r = SEPARATIONS.filter((x) => x > 0.8 && x < 1.8);
    const [energies, slopes] = tf.tidy(() => {
      const x = tf.tensor2d(r, [r.length, 1]);
      const energy = (y: tf.Tensor): tf.Tensor => loaded.apply(y) as tf.Tensor;
      return [
        energy(x).dataSync(),
        tf
          .grad((y) => tf.sum(energy(y)))(x)
          .dataSync(),
      ];
    });
    expect(worst(energies, r.map(model.pair.energy))).toBeLessThan(1e-6);
    expect(worst(slopes, r.map(model.pair.slope))).toBeLessThan(1e-5);
    const pair = await tfjsPairPotential(loaded, { backend });
    expect(worst(pair.evaluate(r).curvatures, r.map(curvatureOf(model)))).toBeLessThan(1e-4);
    const back: MclnnModel = await fromLayersModel(loaded, { backend });
    expect(back.weights).toEqual(Float64Array.from(Float32Array.from(model.weights)));
    expect(back.separations).toEqual(model.separations);
    expect(back.record).toEqual(model.record);
    loaded.dispose();
  });
});

const curvatureOf =
  ({ pair }: MclnnModel) =>
  (r: number): number =>
    pair.curvature?.(r) as number;

/** Gradients of tfjs kernels in the order of the fused engine's flat weights. */
function fusedOrder(flat: Float64Array): Float64Array {
  const widths = [1, ...HIDDEN, 1];
  const out: number[] = [];
  let offset = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    const [inputs, outputs] = [widths[l] as number, widths[l + 1] as number];
    for (let k = 0; k < outputs; k++)
      for (let j = 0; j < inputs; j++) out.push(flat[offset + j * outputs + k] as number);
    offset += inputs * outputs;
    for (let k = 0; k < outputs; k++) out.push(flat[offset + k] as number);
    offset += outputs;
  }
  return Float64Array.from(out);
}

describe("fromLayersModel refuses", () => {
  it("other models, and one whose constants were changed", async () => {
    const other = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    const error = await fromLayersModel(other).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.code).toBe("bad-model");
    const { model } = await train(data);
    const changed = await toLayersModel(model);
    changed.getLayer("squareplus_1_half").setWeights([tf.ones([10, 10]), tf.zeros([10])]);
    await expect(fromLayersModel(changed)).rejects.toThrow(/as by its dense layers/);
  });
});
