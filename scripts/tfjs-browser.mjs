// The tests of the tfjs engine, as they are, in headless Chromium on a software renderer: on wasm and webgl, and on webgpu, whose package is
// fetched from npm. Skipped (exit code 77) where there is no chromium.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { build } from "esbuild";
import { findBrowser } from "../tools/browser/browsers.mjs";

const chromium = findBrowser("chromium")?.command;
const root = path.join(import.meta.dirname, "..");
const tests = path.join(root, "packages/tfjs/test");
/** Of Node, or of no backend. */
const ELSEWHERE = ["tfjs-node.test.ts", "tensorflow.test.ts"];
/** Tests of what is so in Node. */
const NODE = / in Node$/;
/** Failures that are not ours, by backend: the test or its error, and why. They are counted apart. */
const KNOWN = /** @type {Record<string, readonly { of: RegExp, why: string }[]>} */ ({
  webgl: [
    {
      of: /accelerations of a double pendulum/,
      why: "sine and cosine of the software renderer are good to 1e-4",
    },
  ],
  webgpu: [
    {
      of: /webgpu does not compute any more|expected backend-failed/,
      why: "the software renderer has no canvas for WebGPU, by which tfjs reads results synchronously, and loses the device",
    },
  ],
});
/** Milliseconds without a word from the page. */
const PATIENCE = 180_000;
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--disable-dev-shm-usage",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

if (chromium === undefined) {
  console.log("skipped: no chromium here");
  process.exit(77);
}

const folder = mkdtempSync(path.join(tmpdir(), "mclnn-tfjs-browser-"));
const require = createRequire(path.join(root, "packages/tfjs/package.json"));
const { version } = require("@tensorflow/tfjs/package.json");
const wasm = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
let passed = 0;
let failed = 0;
let known = 0;
/** @type {Set<string>} */
const reasons = new Set();
try {
  const install = ["install", "--no-save", "--legacy-peer-deps", "--ignore-scripts", "--no-audit"];
  execFileSync("npm", [...install, `@tensorflow/tfjs-backend-webgpu@${version}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const backend of process.argv.length > 2
    ? process.argv.slice(2)
    : ["wasm", "webgl", "webgpu"])
    await runOn(backend, await bundleFor(backend));
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
for (const reason of reasons) console.log(`known, ${reason}`);
console.log(`${passed} passed, ${failed} failed, ${known} failed as known`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

/** The tests as one module of a page, on this backend. @param {string} backend */
async function bundleFor(backend) {
  const files = readdirSync(tests).filter(
    (file) => file.endsWith(".test.ts") && !ELSEWHERE.includes(file),
  );
  const program = `
${files.map((file) => `import "./${file}";`).join("\n")}
import { runTests } from "vitest";
const isHere = ({ name }) => !${NODE}.test(name);
const post = (what, value) => fetch(what, { method: "POST", body: JSON.stringify(value) });
runTests((result) => post("/result", result), isHere).then(
  () => post("/end", null),
  (error) => post("/end", String(error)),
);
`;
  const backends = `
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
${backend === "webgpu" ? `import "@tensorflow/tfjs-backend-webgpu";` : ""}
tf.enableProdMode();
setWasmPaths("/wasm/");
export const BACKENDS = [${JSON.stringify(backend)}];
export const aliveTensors = () => tf.engine().state.numTensors;
`;
  const tfjs = path.dirname(require.resolve("@tensorflow/tfjs/package.json"));
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: tests, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@mclnn/source"],
    mainFields: ["module", "main"],
    nodePaths: [path.join(folder, "node_modules")],
    alias: {
      vitest: path.join(root, "scripts/vitest-in-page.mjs"),
      "@tensorflow/tfjs": tfjs,
      // One copy of it, whoever asks.
      "@tensorflow/tfjs-core": path.join(tfjs, "../tfjs-core"),
    },
    plugins: [
      {
        name: "backends-of-the-page",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\/backends\.ts$/ }, ({ path: named }) => ({
            path: named,
            namespace: "page",
          }));
          onLoad({ filter: /./, namespace: "page" }, () => ({
            contents: backends,
            resolveDir: tests,
          }));
        },
      },
    ],
    write: false,
    // Tests are there for their effects.
    ignoreAnnotations: true,
    logLevel: "error",
  });
  return String(outputFiles[0]?.text);
}

/** @param {string} backend @param {string} code */
async function runOn(backend, code) {
  /** @type {(reason: string | null) => void} */
  let end = () => {};
  const ended = new Promise((/** @type {(reason: string | null) => void} */ resolve) => {
    end = resolve;
  });
  let late = setTimeout(() => end("the page said nothing"), PATIENCE);
  const page = `<!doctype html><meta charset="utf-8"><script type="module" src="/tests.js"></script>`;
  const server = createServer(async (request, response) => {
    if (request.method !== "POST") {
      const url = request.url ?? "";
      const [type, content] = url.startsWith("/wasm/")
        ? ["application/wasm", readFileSync(path.join(wasm, "dist", path.basename(url)))]
        : url === "/tests.js"
          ? ["text/javascript", code]
          : ["text/html", page];
      response.setHeader("content-type", type);
      response.end(content);
      return;
    }
    let body = "";
    for await (const part of request) body += part;
    response.end();
    const value = JSON.parse(body);
    if (request.url === "/end") return end(value);
    clearTimeout(late);
    late = setTimeout(() => end("the page said nothing more"), PATIENCE);
    const { name, error } = value;
    const reason = KNOWN[backend]?.find(({ of }) => of.test(name) || of.test(error))?.why;
    if (error === null) passed++;
    else if (reason !== undefined) known++;
    else failed++;
    if (reason !== undefined && error !== null) reasons.add(`${backend}: ${reason}`);
    const verdict = error === null ? "passed" : reason === undefined ? "FAILED" : "failed as known";
    console.log(`${backend}: ${verdict}: ${name}`);
    if (verdict === "FAILED") console.log(`  ${error}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const profile = path.join(folder, `profile-${backend}`);
  const browser = spawn(
    chromium,
    [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`],
    { stdio: "ignore", detached: true },
  );
  // Also where this process ends by an error.
  const stop = () => process.kill(-(/** @type {number} */ (browser.pid)));
  process.once("exit", stop);
  const reason = await ended;
  clearTimeout(late);
  if (reason !== null) {
    failed++;
    console.log(`${backend}: FAILED: ${reason}`);
  }
  process.off("exit", stop);
  stop();
  server.closeAllConnections();
  server.close();
}
