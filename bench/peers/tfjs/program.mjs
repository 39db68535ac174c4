import * as tf from "@tensorflow/tfjs";
import { version_wasm } from "@tensorflow/tfjs-backend-wasm";
import { array, flatGradient, pairMatrices, pairNetwork, serve, sizes } from "../peer-program.mjs";

tf.enableProdMode();
await tf.setBackend(process.argv[2]);
await tf.ready();

const { trajectories, records, components, pairs, stride, dt, residuals } = sizes;
const constant = (rows) => tf.keep(tf.tensor2d(rows));

function squareplus(z) {
  const root = tf.sqrt(tf.add(tf.square(z), 4));
  return [tf.mul(0.5, tf.add(z, root)), tf.mul(0.5, tf.add(1, tf.div(z, root)))];
}

function adjointGradient() {
  const { difference, scatter } = pairMatrices();
  const toPairs = constant(difference);
  const toParticles = constant(scatter);
  const { w1, b1, w2, b2, w3 } = pairNetwork();
  const parts = [
    tf.tensor2d(w1),
    tf.tensor1d(b1),
    tf.tensor2d(w2),
    tf.tensor1d(b2),
    tf.tensor2d(w3),
  ].map((part) => tf.variable(part));
  const positions = Array.from(array("positions").values);
  const observed = Array.from({ length: records }, (_, k) =>
    constant(
      Array.from({ length: trajectories }, (_, t) =>
        positions.slice((t * records + k) * components, (t * records + k + 1) * components),
      ),
    ),
  );
  const velocities = tf.keep(
    tf.tensor2d(Float32Array.from(array("start-velocities").values), [trajectories, components]),
  );

  const accelerations = (q) => {
    const [W1, B1, W2, B2, W3] = parts;
    const d = tf.reshape(tf.matMul(q, toPairs), [trajectories * pairs, 3]);
    const r = tf.sqrt(tf.sum(tf.square(d), 1, true));
    const [h1, s1] = squareplus(tf.add(tf.mul(r, W1), B1));
    const s2 = squareplus(tf.add(tf.matMul(h1, W2), B2))[1];
    const slope = tf.matMul(tf.mul(s2, tf.matMul(tf.mul(s1, W1), W2)), W3);
    const f = tf.reshape(tf.mul(tf.div(slope, r), d), [trajectories, 3 * pairs]);
    return tf.matMul(f, toParticles);
  };

  const loss = () => {
    let q = observed[0];
    let v = velocities;
    let total = tf.scalar(0);
    for (let step = 0; step < (records - 1) * stride; step++) {
      v = tf.add(v, tf.mul(step === 0 ? 0.5 * dt : dt, accelerations(q)));
      q = tf.add(q, tf.mul(dt, v));
      if ((step + 1) % stride === 0)
        total = tf.add(total, tf.sum(tf.square(tf.sub(q, observed[(step + 1) / stride]))));
    }
    return tf.div(total, residuals);
  };

  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, parts);
      return flatGradient(
        value.dataSync()[0],
        parts.map(({ name }) => grads[name].dataSync()),
      );
    });
}

serve({ tfjs: tf.version.tfjs, wasm: version_wasm }, { "adjoint-gradient": adjointGradient() });
