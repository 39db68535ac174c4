import { readFileSync } from "node:fs";
import { array, flatGradient, pairMatrices, pairNetwork, serve, sizes } from "../peer-program.mjs";

// It asks for what Node 20 does not have; neither is used here.
globalThis.navigator ??= {};
globalThis.Float16Array ??= class Float16Array {};
const { defaultDevice, init, jit, numpy: np, valueAndGrad } = await import("@jax-js/jax");

await init("wasm");
defaultDevice("wasm");

const { trajectories, records, components, pairs, stride, dt, residuals } = sizes;
const double = { dtype: np.float64 };
const constant = (rows) => np.array(rows, double);

/** Takes z; value and derivative. */
function squareplus(z) {
  const root = np.sqrt(np.square(z.ref).add(4));
  return [z.ref.add(root.ref).mul(0.5), z.div(root).add(1).mul(0.5)];
}

async function adjointGradient() {
  const { difference, scatter } = pairMatrices();
  const toPairs = constant(difference);
  const toParticles = constant(scatter);
  const { w1, b1, w2, b2, w3 } = pairNetwork();
  const parameters = [w1, b1, w2, b2, w3].map(constant);
  const positions = Array.from(array("positions").values);
  const observed = Array.from({ length: records }, (_, k) =>
    constant(
      Array.from({ length: trajectories }, (_, t) =>
        positions.slice((t * records + k) * components, (t * records + k + 1) * components),
      ),
    ),
  );
  const flatVelocities = Array.from(array("start-velocities").values);
  const velocities = constant(flatVelocities).reshape([trajectories, components]);

  /** Takes everything given. */
  const accelerations = jit((q, W1, B1, W2, B2, W3) => {
    const d = np.matmul(q, toPairs.ref).reshape([trajectories * pairs, 3]);
    const r = np.sqrt(np.square(d.ref).sum(1, { keepdims: true }));
    const [h1, s1] = squareplus(r.ref.mul(W1.ref).add(B1));
    const [h2, s2] = squareplus(np.matmul(h1, W2.ref).add(B2));
    h2.dispose();
    const slope = np.matmul(s2.mul(np.matmul(s1.mul(W1), W2)), W3);
    const f = slope
      .div(r)
      .mul(d)
      .reshape([trajectories, 3 * pairs]);
    return np.matmul(f, toParticles.ref);
  });

  const both = valueAndGrad((parts) => {
    let q = observed[0].ref;
    let v = velocities.ref;
    let total = np.array(0, double);
    for (let step = 0; step < (records - 1) * stride; step++) {
      const a = accelerations(q.ref, ...parts.map((part) => part.ref));
      v = v.add(a.mul(step === 0 ? 0.5 * dt : dt));
      q = q.add(v.ref.mul(dt));
      if ((step + 1) % stride === 0)
        total = total.add(np.square(q.ref.sub(observed[(step + 1) / stride].ref)).sum());
    }
    q.dispose();
    v.dispose();
    for (const part of parts) part.dispose();
    return total.div(residuals);
  });

  return async () => {
    const [loss, gradients] = both(parameters.map((part) => part.ref));
    const parts = await Promise.all(gradients.map((part) => part.data()));
    return flatGradient((await loss.data())[0], parts);
  };
}

const manifest = new URL("./node_modules/@jax-js/jax/package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));
serve({ "jax-js": version }, { "adjoint-gradient": await adjointGradient() });
