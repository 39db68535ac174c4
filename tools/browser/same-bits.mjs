import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createContext, Script } from "node:vm";
import { chromium, runInChromium } from "./chromium.mjs";
import { hashes } from "./hashes.mjs";
import { viteBundle } from "./vite-bundle.mjs";

const PACKAGES = /** @type {const} */ (["datasets", "integrators", "models", "physics"]);

/**
 * Whether the packages give the same bits in Node as they are, bundled by vite without anything of Node, and in a browser.
 *
 * @param {string} root - of the workspace
 * @returns {Promise<{ problems: string[], remarks: string[] }>}
 */
export async function sameBits(root) {
  const entry = (/** @type {string} */ name) => path.join(root, "packages", name, "dist/index.js");
  const modules = await builtPackages(root);
  const expected = await hashes(modules);

  const folder = mkdtempSync(path.join(tmpdir(), "mclnn-bundle-"));
  try {
    const program = path.join(folder, "program.js");
    writeFileSync(
      program,
      `${PACKAGES.map((name) => `import * as ${name} from ${JSON.stringify(entry(name))};\n`).join("")}
import { hashes } from ${JSON.stringify(path.join(root, "tools/browser/hashes.mjs"))};
const show = (value) => { document.body.textContent = "RESULT" + JSON.stringify(value) + "END"; };
hashes({ ${PACKAGES.join(", ")} }).then(show, (error) => show({ error: String(error?.stack ?? error) }));
`,
    );
    const { code, warnings } = await viteBundle(program);
    const problems = warnings.map((each) => `vite warns: ${each}`);
    const compare = (/** @type {string} */ where, /** @type {Record<string, string>} */ found) => {
      for (const [what, hash] of Object.entries(expected))
        if (found[what] !== hash)
          problems.push(`${what}: ${hash} in Node, ${found[what] ?? found.error} in ${where}`);
    };
    compare("the bundle, without Node", await withoutNode(code));
    const remarks = Object.entries(expected).map(([what, hash]) => `${what}: ${hash.slice(0, 16)}`);
    if (chromium === undefined) remarks.push("skipped: there is no chromium here");
    else {
      compare("Chromium", runInChromium(chromium, code));
      remarks.push("the same in Node, bundled without Node, and in Chromium");
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
  const document = { body: { textContent: "" } };
  new Script(`{${code}}`).runInContext(createContext({ ...browserGlobals(), document }));
  for (let k = 0; k < 3000 && document.body.textContent === ""; k++) await wait(10);
  const found = /RESULT(.*)END/.exec(document.body.textContent)?.[1];
  return found === undefined ? { error: "nothing" } : JSON.parse(found);
}
