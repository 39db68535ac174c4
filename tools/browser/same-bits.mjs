import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createContext, Script } from "node:vm";
import { build } from "esbuild";
import { findBrowser, runInBrowser } from "./browsers.mjs";
import { viteBundle } from "./vite-bundle.mjs";

const PACKAGES = /** @type {const} */ ([
  "datasets",
  "integrators",
  "learning",
  "models",
  "physics",
]);

/**
 * Whether the built packages give the committed bits in Node as they are, bundled by vite without anything of Node, and in a browser.
 *
 * @param {string} root - of the workspace
 * @returns {Promise<{ problems: string[], remarks: string[] }>}
 */
export async function sameBits(root) {
  const cases = path.join(root, "bench/trust/bits");
  /** @type {Record<string, string>} */
  const committed = JSON.parse(readFileSync(path.join(cases, "hashes.json"), "utf8"));
  /** @type {string[]} */
  const problems = [];
  const compare = (/** @type {string} */ where, /** @type {Record<string, string>} */ found) => {
    for (const [what, hash] of Object.entries(found))
      if (committed[what] !== hash)
        problems.push(`${what}: ${committed[what]} committed, ${hash} in ${where}`);
  };

  // Beside what it imports, so that packages are found from there.
  const folder = mkdtempSync(path.join(root, "bench", ".same-bits-"));
  try {
    const asTheyAre = path.join(folder, "node.mjs");
    await build({
      entryPoints: [path.join(cases, "public-program.ts")],
      outfile: asTheyAre,
      bundle: true,
      platform: "node",
      format: "esm",
      target: "es2022",
      external: ["@mclnn/*"],
      logLevel: "error",
    });
    const { publicHashes } = await import(pathToFileURL(asTheyAre).href);
    const own = await publicHashes();
    compare("Node", own);

    const program = path.join(folder, "program.js");
    writeFileSync(
      program,
      `import { publicHashes } from ${JSON.stringify(path.join(cases, "public-program.ts"))};
publicHashes().then(report, (error) => report({ error: String(error?.stack ?? error) }));
`,
    );
    const { code, warnings } = await viteBundle(program);
    for (const each of warnings) problems.push(`vite warns: ${each}`);
    compare("the bundle, without Node", await withoutNode(code));
    const remarks = [`${Object.keys(own).length} hashes of built packages, in Node and without`];
    const chromium = findBrowser("chromium");
    if (chromium === undefined) remarks.push("skipped: there is no chromium here");
    else {
      compare(chromium.name, await runInBrowser(chromium, code));
      remarks.push(`the same in ${chromium.name}`);
    }
    return { problems, remarks };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The packages as they are built, in Node. @param {string} root - of the workspace @returns {Promise<any>} */
export async function builtPackages(root) {
  /** @type {any} */
  const modules = {};
  for (const name of PACKAGES)
    modules[name] = await import(
      pathToFileURL(path.join(root, "packages", name, "dist/index.js")).href
    );
  return modules;
}

/** What pages and workers have beside the language, and nothing of Node. */
export function browserGlobals() {
  return {
    TextEncoder,
    TextDecoder,
    URL,
    performance,
    setTimeout,
    clearTimeout,
    queueMicrotask,
    structuredClone,
    crypto: globalThis.crypto,
  };
}

/** Runs the bundle where there is no Node. @param {string} code @returns {Promise<Record<string, string>>} */
async function withoutNode(code) {
  /** @type {Record<string, string> | undefined} */
  let result;
  const report = (/** @type {Record<string, string>} */ value) => {
    result = value;
  };
  new Script(`{${code}}`).runInContext(createContext({ ...browserGlobals(), report }));
  for (let k = 0; k < 30_000 && result === undefined; k++) await wait(10);
  return result ?? { error: "nothing" };
}
