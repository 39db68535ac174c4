// A trained MCLNN as model.json and weights.bin: a web page runs it with TensorFlow.js alone, and it comes back as it was.
import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { train } from "@mclnn/learning";
import { createSystem, pairwise } from "@mclnn/physics";
import { fromLayersModel, layersModelFiles, toLayersModel } from "@mclnn/tfjs";
import * as tf from "@tensorflow/tfjs";

const trajectories = Number(process.argv[2] ?? 100);
tf.enableProdMode();

const { pair, masses, dimension, trainStart } = experimentByName("quartic-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });
const { model } = await train(generateTrajectories({ system, start: trainStart, trajectories }));

const files = await layersModelFiles(await toLayersModel(model));
console.log(`model.json ${files["model.json"].length} characters`);
console.log(`weights.bin ${files["weights.bin"].length} bytes`);

// What the page does, with tf.loadLayersModel("model.json") and nothing of this project.
const { weightsManifest, ...topology } = JSON.parse(files["model.json"]);
const loaded = await tf.loadLayersModel(
  tf.io.fromMemory({
    ...topology,
    weightSpecs: weightsManifest[0].weights,
    weightData: files["weights.bin"].buffer as ArrayBuffer,
  }),
);
const energy = (r: tf.Tensor): tf.Tensor => loaded.apply(r) as tf.Tensor;
const at = tf.tensor2d([[0.9], [1.3], [1.7]]);
const slopes = tf
  .grad((r) => tf.sum(energy(r)))(at)
  .dataSync();
const worst = Math.max(
  ...[0.9, 1.3, 1.7].map((r, k) => Math.abs(Number(slopes[k]) - model.pair.slope(r))),
);
console.log(`forces by tfjs alone: off by at most ${worst.toExponential(1)}`);

const back = await fromLayersModel(loaded);
const rounding = Math.max(
  ...back.weights.map((w, k) => Math.abs(w / Number(model.weights[k]) - 1)),
);
console.log(`weights that came back: rounded by at most ${rounding.toExponential(1)}`);
