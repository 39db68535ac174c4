// A network of one's own for the command line, in TensorFlow.js:
//   pnpm cli generate --system linear-spring --out data.npz
//   pnpm cli train --data data.npz --network ./examples/own-network.ts --out own.safetensors
import type { TfjsNetworkModule } from "@mclnn/tfjs";

/** Two hidden layers of tanh. `tf` is the TensorFlow.js that trains it; what is random comes from `seed`. */
const network: TfjsNetworkModule = ({ tf, seed }) => {
  const dense = (units: number, k: number, rest: object = { activation: "tanh" }) =>
    tf.layers.dense({
      units,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + k }),
      ...rest,
    });
  return tf.sequential({
    layers: [dense(12, 0, { activation: "tanh", inputShape: [1] }), dense(12, 1), dense(1, 2, {})],
  });
};

export default network;
