import { readFileSync } from "node:fs";
import { array, flatGradient, pairMatrices, pairNetwork, serve, sizes } from "../peer-program.mjs";

// It asks for what Node 20 does not have; neither is used here.
globalThis.navigator ??= {};
globalThis.Float16Array ??= class Float16Array {};
const { defaultDevice, init, jit, numpy: np, vjp } = await import("@jax-js/jax");

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

  /** Accelerations at q. Takes everything given. */
  const accelerations = (q, W1, B1, W2, B2, W3) => {
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
  };
  // One step forward and one back are compiled once; a gradient through all steps at once takes it a minute and more.
  const step = jit((q, v, kick, ...parts) => {
    const next = v.add(accelerations(q.ref, ...parts).mul(kick));
    return [q.add(next.ref.mul(dt)), next];
  });
  const back = jit((q, kick, lambdaQ, lambdaV, ...parts) => {
    const toV = lambdaV.add(lambdaQ.ref.mul(dt));
    const [a, pull] = vjp(accelerations, [q, ...parts]);
    a.dispose();
    const [ofQ, ...ofParts] = pull(toV.ref.mul(kick));
    return [lambdaQ.add(ofQ), toV, ...ofParts];
  });
  const off = jit((q, target) => q.sub(target));
  const square = jit((x) => np.square(x).sum());
  const add = jit((a, b, factor) => a.add(b.mul(factor)));
  const constants = { half: np.array(0.5 * dt, double), whole: np.array(dt, double) };
  const weight = np.array(2 / residuals, double);
  const steps = (records - 1) * stride;

  return async () => {
    const places = [];
    const misses = [];
    const own = () => parameters.map((part) => part.ref);
    const kick = (k) => (k === 0 ? constants.half : constants.whole).ref;
    let [q, v] = [observed[0].ref, velocities.ref];
    let total = 0;
    for (let k = 0; k < steps; k++) {
      places.push(q.ref);
      [q, v] = step(q, v, kick(k), ...own());
      if ((k + 1) % stride !== 0) continue;
      const miss = off(q.ref, observed[(k + 1) / stride].ref);
      total += (await square(miss.ref).data())[0];
      misses.push(miss);
    }
    v.dispose();
    let lambdaQ = q.mul(0);
    let lambdaV = lambdaQ.ref;
    let gradients = null;
    for (let k = steps - 1; k >= 0; k--) {
      if ((k + 1) % stride === 0) lambdaQ = add(lambdaQ, misses.pop(), weight.ref);
      const [toQ, toV, ...ofParts] = back(places[k], kick(k), lambdaQ, lambdaV, ...own());
      [lambdaQ, lambdaV] = [toQ, toV];
      gradients = gradients === null ? ofParts : gradients.map((sum, i) => sum.add(ofParts[i]));
    }
    lambdaQ.dispose();
    lambdaV.dispose();
    const parts = await Promise.all(gradients.map((part) => part.data()));
    return flatGradient(total / residuals, parts);
  };
}

const manifest = new URL("./node_modules/@jax-js/jax/package.json", import.meta.url);
const { version } = JSON.parse(readFileSync(manifest, "utf8"));
serve({ "jax-js": version }, { "adjoint-gradient": await adjointGradient() });
