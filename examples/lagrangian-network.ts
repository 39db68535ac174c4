// The original Lagrangian neural network: it learns a double pendulum, which no pair law can be, from accelerations.
import { type AccelerationPoints, createRandom } from "@mclnn/datasets";
import { rollout, rungeKutta4 } from "@mclnn/integrators";
import { createState } from "@mclnn/physics";
import { lagrangianNetwork, trainTfjsLagrangian } from "@mclnn/tfjs";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

const epochs = Number(process.argv[2] ?? 1000);
tf.enableProdMode();

/** Two rods of length 1, two masses of 1, gravity 1; angles a and b, their rates u and w. */
function pendulum(a: number, b: number, u: number, w: number): [number, number] {
  const [c, s] = [Math.cos(a - b), Math.sin(a - b)];
  const f = -w * w * s - 2 * Math.sin(a);
  const g = u * u * s - Math.sin(b);
  return [(f - c * g) / (2 - c * c), (2 * g - c * f) / (2 - c * c)];
}

function randomPoints(points: number, seed: number): AccelerationPoints {
  const random = createRandom(seed);
  const draw = () => Float64Array.from({ length: 2 * points }, () => 2.4 * random.uniform() - 1.2);
  const [positions, velocities] = [draw(), draw()];
  const accelerations = new Float64Array(2 * points);
  for (let k = 0; k < 2 * points; k += 2) {
    const [a = 0, b = 0] = positions.subarray(k, k + 2);
    const [u = 0, w = 0] = velocities.subarray(k, k + 2);
    accelerations.set(pendulum(a, b, u, w), k);
  }
  return {
    points,
    particles: 1,
    dimension: 2,
    masses: Float64Array.of(1),
    positions,
    velocities,
    accelerations,
  };
}

const network = await lagrangianNetwork({
  coordinates: 2,
  backend: "wasm",
  hidden: [32, 32],
  periodic: true,
});
await trainTfjsLagrangian(randomPoints(300, 1), network, { epochs, until: 1e-7 });

const { positions, velocities, accelerations } = randomPoints(500, 2);
const found = network.accelerations(positions, velocities);
const sumOfSquares = (x: Float64Array) => x.reduce((sum, y) => sum + y * y, 0);
const gaps = found.map((a, k) => a - Number(accelerations[k]));
const error = Math.sqrt(sumOfSquares(gaps) / sumOfSquares(accelerations));
console.log(`500 unseen accelerations: relative error ${error.toExponential(1)}`);

const start = createState({ positions: [0.6, -0.4], velocities: [0, 0] }, { dimension: 2 });
const run = rollout(network.system(), start, {
  records: 21,
  dt: 0.1,
  stride: 1,
  integrator: rungeKutta4,
});
const energies = network.energies(run.positions, run.velocities as Float64Array);
const drift = Math.max(...energies) - Math.min(...energies);
console.log(`its own energy up to t = 2: changes by ${drift.toExponential(1)}`);
