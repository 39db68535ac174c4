// What claims to run in a browser is bundled for one, by esbuild and by vite without a warning, loaded where there is no Node, weighed against
// its budget, and must give the same bits there, and in Chromium where there is one, as in Node.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createContext, Script } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { weighApplications } from "./browser/applications.mjs";
import { browserGlobals, builtPackages, sameBits } from "./browser/same-bits.mjs";
import { viteBundle } from "./browser/vite-bundle.mjs";
import { BROWSER_SAFE } from "./layers/layer-table.mjs";

/**
 * kB of a main entry's own code, without the other packages it needs, minified and gzipped. Raise one in the commit that spends it.
 *
 * Counted is what a page loads before anything is asked for: all names of the entry and what they import statically, in one chunk, as
 * bundlers put it. `WHOLE` counts the parts that `import()` brings later as well.
 */
const BUDGETS = {
  physics: 9.3,
  integrators: 6.7,
  datasets: 23.2,
  metrics: 5.6,
  models: 18.6,
  learning: 25,
  studies: 7,
  report: 27.2,
};
const WHOLE = /** @type {Record<string, number>} */ ({ learning: 191 });

const root = path.join(import.meta.dirname, "..");
/** @type {string[]} */
const problems = [];

/** @type {import("esbuild").BuildOptions} */
const ownCode = { format: "esm", external: ["@mclnn/*"] };
/** @type {import("esbuild").Plugin} */
const withoutLaterParts = {
  name: "without-later-parts",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path: named }) =>
      kind === "dynamic-import" ? { path: named, external: true } : undefined,
    );
  },
};

/** Needs @tensorflow/tfjs, which no bundle here holds: `scripts/tfjs-browser.mjs` runs its tests in a browser. */
const WITH_PEERS = ["tfjs"];

for (const name of BROWSER_SAFE.filter(
  (each) => !WITH_PEERS.includes(each) && existsSync(path.join(root, "packages", each)),
)) {
  const budget = /** @type {Record<string, number>} */ (BUDGETS)[name];
  if (budget === undefined) {
    problems.push(`${name}: has no budget in tools/check-browser.mjs`);
    continue;
  }
  const manifest = JSON.parse(
    readFileSync(path.join(root, "packages", name, "package.json"), "utf8"),
  );
  const entry = path.join(root, "packages", name, manifest.exports["."].default);
  const code = await bundle(entry);
  const own = await bundle(entry, { ...ownCode, plugins: [withoutLaterParts] });
  if (code === null || own === null) continue;

  const kilobytes = size(own);
  console.log(
    `${name}: ${kilobytes.toFixed(1)} kB of ${budget} kB; ${size(code).toFixed(1)} kB with all it needs`,
  );
  if (kilobytes > budget)
    problems.push(`${name}: expected at most ${budget} kB, got ${kilobytes.toFixed(1)} kB`);
  const most = WHOLE[name];
  if (most !== undefined) {
    const whole = size((await bundle(entry, ownCode)) ?? "");
    console.log(`${name}, with what loads later: ${whole.toFixed(1)} kB of ${most} kB`);
    if (whole > most)
      problems.push(`${name}: expected at most ${most} kB in all, got ${whole.toFixed(1)} kB`);
  }
  try {
    const names = loadWithoutNode(code);
    if (names.length === 0) problems.push(`${name}: exports nothing`);
  } catch (error) {
    problems.push(`${name}: does not load without Node: ${error}`);
  }
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    const file = path.join(root, "packages", name, target.default ?? target);
    if (!file.endsWith(".js") || file.includes("/dist/node/")) continue;
    const { code: bundled, warnings } = await viteBundle(file);
    if (bundled === "") problems.push(`${name}, ${subpath}: vite makes nothing of it`);
    for (const warning of warnings) problems.push(`${name}, ${subpath}: vite warns: ${warning}`);
  }
}
for (const found of [
  await weighApplications(root, await builtPackages(root)),
  await sameBits(root),
]) {
  problems.push(...found.problems);
  for (const remark of found.remarks) console.log(remark);
}

for (const problem of problems) console.error(problem);
console.log(`browser: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** kB, gzipped. @param {string} code */
function size(code) {
  return gzipSync(code, { level: 9 }).length / 1000;
}

/** @param {string} entry @param {import("esbuild").BuildOptions} [options] */
async function bundle(entry, options = {}) {
  try {
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      ...(options.format === "esm" ? {} : { format: "iife", globalName: "bundle" }),
      platform: "browser",
      target: "es2022",
      write: false,
      logLevel: "silent",
      ...options,
    });
    return outputFiles?.[0]?.text ?? "";
  } catch (error) {
    problems.push(`${path.relative(root, entry)}: ${/** @type {Error} */ (error).message}`);
    return null;
  }
}

/**
 * Loads a bundle where there is no Node.
 *
 * @param {string} code
 * @returns {string[]} names of its exports
 */
function loadWithoutNode(code) {
  const context = createContext(browserGlobals());
  new Script(code).runInContext(context);
  return new Script("Object.keys(bundle)").runInContext(context);
}
