/**
 * SHA-256 of a rollout's positions and of weights after a training step, with packages as they are given: where bits agree, hashes do.
 *
 * @param {{
 *   datasets: typeof import("../../packages/datasets/src/index.ts"), integrators: typeof import("../../packages/integrators/src/index.ts"),
 *   models: typeof import("../../packages/models/src/index.ts"), physics: typeof import("../../packages/physics/src/index.ts"),
 * }} packages
 * @returns {Promise<Record<string, string>>}
 */
export async function hashes({ datasets, integrators, models, physics }) {
  const { pair, masses, dimension, trainStart } = datasets.experimentByName("gravity");
  const system = physics.createSystem({ masses, dimension, potential: physics.pairwise(pair) });
  const run = integrators.rollout(system, trainStart, { dt: 0.01, stride: 10, records: 200 });
  const data = datasets.generateTrajectories({ system, start: trainStart, trajectories: 10 });
  const step = await models.train(data, { optimizer: "adam", epochs: 3, until: 1e-30 });
  const law = await models.train(data, { model: "spline" });
  return {
    rollout: await sha256(run.positions),
    "training step": await sha256(models.encodeModel(step.model)),
    "spline law": await sha256(
      Float64Array.from({ length: 50 }, (_, k) => law.model.pair.slope(0.7 + 0.02 * k)),
    ),
  };
}

/** @param {Float64Array | Uint8Array} numbers */
async function sha256({ buffer, byteOffset, byteLength }) {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
