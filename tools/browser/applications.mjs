import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

/**
 * What whole programs for a browser load, in kB, minified and gzipped: all packages they need, kernels included, and no part that they do not
 * come to ask for. Raise a bound in the commit that spends it.
 *
 * @type {readonly { name: string, most: number, code: string }[]}
 */
const APPLICATIONS = [
  {
    name: "open a model and simulate it",
    most: 30.5,
    code: `
import { rollout } from "@mclnn/integrators";
import { decodeModel } from "@mclnn/models";
import { createSystem } from "@mclnn/physics";
async function run({ model: bytes, start, masses }) {
  const { potential } = decodeModel(bytes);
  return rollout(createSystem({ masses, dimension: 3, potential }), start, { dt: 0.01, stride: 10, records: 3 }).positions;
}`,
  },
  {
    name: "open trajectories, learn their law by an MCLNN and simulate it",
    most: 149,
    code: `
import { decodeTrajectorySet } from "@mclnn/datasets";
import { rollout } from "@mclnn/integrators";
import { train } from "@mclnn/learning";
import { createSystem } from "@mclnn/physics";
async function run({ trajectories, start, masses }) {
  const { model: { potential } } = await train(decodeTrajectorySet(trajectories));
  return rollout(createSystem({ masses, dimension: 3, potential }), start, { dt: 0.01, stride: 10, records: 3 }).positions;
}`,
  },
];

const ENTRY = "application.mjs";
/** Told by every chunk that is loaded. */
const BANNER = "globalThis.loadedChunks?.push(import.meta.url);";

/**
 * Bundles programs by vite as it is, runs them, and weighs the chunks that were loaded.
 *
 * @param {string} root - of the workspace
 * @param {{ datasets: typeof import("../../packages/datasets/src/index.ts"), learning: typeof import("../../packages/learning/src/index.ts"), models: typeof import("../../packages/models/src/index.ts"),
 *   physics: typeof import("../../packages/physics/src/index.ts") }} packages
 * @returns {Promise<{ problems: string[], remarks: string[] }>}
 */
export async function weighApplications(root, packages) {
  const inputs = await inputsFrom(packages);
  /** @type {string[]} */
  const problems = [];
  /** @type {string[]} */
  const remarks = [];
  for (const { name, most, code } of APPLICATIONS) {
    const folder = mkdtempSync(path.join(tmpdir(), "mclnn-application-"));
    // Among the examples imports of the packages resolve as in a user's project.
    const entry = path.join(root, "examples", `.application-${process.pid}.mjs`);
    try {
      writeFileSync(entry, `${code}\nglobalThis.runApplication = run;\n`);
      const result = await build({
        configFile: false,
        root: path.dirname(entry),
        logLevel: "warn",
        build: {
          write: false,
          target: "es2022",
          modulePreload: false,
          rolldownOptions: {
            input: entry,
            output: { banner: BANNER, entryFileNames: ENTRY, chunkFileNames: "[name]-[hash].mjs" },
          },
        },
      });
      const [made] = Array.isArray(result) ? result : [result];
      const chunks = made !== undefined && "output" in made ? made.output : [];
      const weights = new Map(
        chunks.flatMap((chunk) => {
          if (chunk.type !== "chunk") return [];
          const file = path.join(folder, chunk.fileName);
          writeFileSync(file, chunk.code);
          const own = chunk.code.replace(BANNER, "");
          return [[pathToFileURL(file).href, gzipSync(own, { level: 9 }).length / 1000]];
        }),
      );
      const host = /** @type {{ loadedChunks?: string[], runApplication?: any }} */ (globalThis);
      host.loadedChunks = [];
      await import(pathToFileURL(path.join(folder, ENTRY)).href);
      const first = new Set(host.loadedChunks);
      const positions = await host.runApplication(inputs);
      const loaded = new Set(host.loadedChunks);
      delete host.loadedChunks;
      delete host.runApplication;
      const weigh = (/** @type {Set<string>} */ chunks) =>
        [...chunks].reduce((sum, url) => sum + /** @type {number} */ (weights.get(url)), 0);
      const kilobytes = weigh(loaded);
      remarks.push(
        `${name}: ${kilobytes.toFixed(1)} kB of ${most} kB, of which ${weigh(first).toFixed(1)} kB before it begins`,
      );
      if (!positions.every(Number.isFinite)) problems.push(`${name}: does not run`);
      if (!(kilobytes <= most))
        problems.push(`${name}: expected at most ${most} kB, got ${kilobytes.toFixed(1)} kB`);
    } finally {
      rmSync(entry, { force: true });
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { problems, remarks };
}

/** Files as they would be opened, made in Node. @param {Parameters<typeof weighApplications>[1]} packages */
async function inputsFrom({ datasets, learning, models, physics }) {
  const { pair, masses, dimension, trainStart: start } = datasets.experimentByName("linear-spring");
  const system = physics.createSystem({ masses, dimension, potential: physics.pairwise(pair) });
  const set = datasets.generateTrajectories({ system, start, trajectories: 20 });
  const { model } = await learning.train(set);
  return {
    start,
    masses,
    trajectories: datasets.encodeTrajectorySet(set),
    model: models.encodeModel(model),
  };
}
