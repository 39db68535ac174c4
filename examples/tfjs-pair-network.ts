// A network of one's own in TensorFlow.js as a pair law: trained on trajectories like the built-in one, then simulated like any potential.
import { experimentByName, generateTrajectories } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { errorSeries } from "@mclnn/metrics";
import { createSystem, pairwise } from "@mclnn/physics";
import { installHigherOrderGradients, tfjsPairPotential } from "@mclnn/tfjs";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

const trajectories = Number(process.argv[2] ?? 100);
tf.enableProdMode();
await tf.setBackend("wasm");
// tanh has no second derivative in tfjs 4.22; without this line the next but one says so.
installHigherOrderGradients();

const network = tf.sequential({
  layers: [
    tf.layers.dense({
      units: 16,
      activation: "tanh",
      inputShape: [1],
      kernelInitializer: tf.initializers.randomNormal({ seed: 1 }),
    }),
    tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.randomNormal({ seed: 2 }) }),
  ],
});
const pair = await tfjsPairPotential(network, { backend: "wasm" });

const { pair: truth, masses, dimension, trainStart, testStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension, potential: pairwise(truth) });
const data = generateTrajectories({ system, start: trainStart, trajectories });
const { trainLoss, iterations } = await train(data, { model: pair, epochs: 500 });
console.log(`rollout loss after ${iterations} iterations ${trainLoss.toExponential(1)}`);

// One pass through tfjs makes a table; look-ups in it cost nanoseconds, and V' is the exact derivative of V.
const learned = createSystem({
  masses,
  dimension,
  potential: pairwise(pair.tabulate({ from: 0.5, to: 2.2 })),
});
const options = { dt: 0.01, stride: 10, records: 101 };
const series = errorSeries(
  system,
  rollout(learned, testStart, options),
  rollout(system, testStart, options),
);
for (const quantity of ["position", "linearMomentum", "angularMomentum"] as const)
  console.log(
    `another start, t = 10: largest error of ${quantity} ${Math.max(...series[quantity]).toExponential(1)}`,
  );
