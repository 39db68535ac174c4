// The tfjs engine in headless Chromium: the same law on cpu, webgl and, where the browser has it, webgpu, against the fused engine.
// Skipped (exit code 77) where there is no chromium.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";

const root = path.join(import.meta.dirname, "..");
const models = path.join(root, "packages/models");

const chromium = ["chromium", "chromium-browser", "google-chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);
if (chromium === undefined) {
  console.log("skipped: no chromium here");
  process.exit(77);
}

const program = `
import { EnergyNetwork } from "./src/index.ts";
import { denseNetwork, tfjsPairPotential } from "./src/tfjs/index.ts";
import * as tf from "@tensorflow/tfjs";
tf.enableProdMode();
const hidden = [10, 10];
const network = new EnergyNetwork(hidden);
const weights = Float64Array.from({ length: network.size }, (_, k) => Math.fround(0.5 * Math.sin(7 * k)));
const separations = Array.from({ length: 20 }, (_, k) => 0.6 + 0.07 * k);
const results = {};
for (const backend of ["cpu", "webgl", "webgpu"]) {
  try {
    const net = await denseNetwork({ backend, hidden, weights });
    const pair = await tfjsPairPotential((r) => net.apply(tf.reshape(r, [-1, 1])), { backend, variables: net.variables });
    const before = tf.memory().numTensors;
    const { energies, slopes } = pair.evaluate(separations);
    const leaked = tf.memory().numTensors - before;
    let worst = 0;
    separations.forEach((r, k) => {
      network.evaluate(weights, r);
      worst = Math.max(worst, Math.abs(energies[k] - network.energy), Math.abs(slopes[k] - network.slope));
    });
    results[backend] = { worst, leaked };
  } catch (error) {
    results[backend] = { code: error.code ?? "unexpected", message: String(error.message) };
  }
}
document.body.textContent = "RESULT" + JSON.stringify(results) + "END";
`;

const folder = mkdtempSync(path.join(tmpdir(), "mclnn-tfjs-browser-"));
try {
  const resolveNode = createRequire(path.join(models, "package.json"));
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: models, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@mclnn/source"],
    mainFields: ["module", "main"],
    alias: {
      "@tensorflow/tfjs": path.dirname(resolveNode.resolve("@tensorflow/tfjs/package.json")),
    },
    write: false,
    logLevel: "silent",
  });
  writeFileSync(
    path.join(folder, "index.html"),
    `<!doctype html><meta charset="utf-8"><body><script type="module">${String(outputFiles[0]?.text).replaceAll("</script", "<\\/script")}</script></body>`,
  );
  const dom = execFileSync(
    chromium,
    [
      "--headless=new",
      "--no-sandbox",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      `--user-data-dir=${path.join(folder, "profile")}`,
      "--virtual-time-budget=60000",
      "--dump-dom",
      `file://${path.join(folder, "index.html")}`,
    ],
    { encoding: "utf8", timeout: 120_000, stdio: ["ignore", "pipe", "ignore"] },
  );
  const found = /RESULT(.*)END/.exec(dom)?.[1];
  if (found === undefined) throw new Error(`expected results in the page, got ${dom.slice(-300)}`);
  const results = JSON.parse(
    found.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
  for (const [backend, result] of Object.entries(results)) {
    if ("code" in result) {
      console.log(`${backend}: ${result.message}`);
      if (result.code !== "missing-backend" && result.code !== "backend-failed")
        process.exitCode = 1;
      continue;
    }
    const good = result.worst < 1e-5 && result.leaked === 0;
    console.log(
      `${backend}: energies and slopes within ${result.worst.toExponential(1)} of the fused engine, ${result.leaked} tensors leaked`,
    );
    if (!good) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
