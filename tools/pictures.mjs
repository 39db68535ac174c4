// `pnpm pictures` draws docs/images/ anew, by the commands that the README shows.
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");
const images = path.join(root, "docs/images");
const program = path.join(root, "apps/cli/bin/mclnn.js");

inScratchFolder((folder) => {
  const mclnn = (/** @type {string} */ args) =>
    runProgram(process.execPath, [program, ...args.split(" "), "--quiet"], { cwd: folder });
  const start = path.join(root, "examples/triangle.json");
  mclnn("compare --systems linear-spring --out compare");
  mclnn(
    `generate --potential lennard-jones --initial ${start} --trajectories 10 --noise 3e-4 --drop-velocities --out tracks.npz`,
  );
  mclnn("train --data tracks.npz --out law.safetensors");
  console.log(
    mclnn("law --model law.safetensors --formula --potential lennard-jones --out law.svg"),
  );
  mkdirSync(images, { recursive: true });
  cpSync(
    path.join(folder, "compare/figures/linear-spring-conservation.png"),
    path.join(images, "compare.png"),
  );
  cpSync(path.join(folder, "law.svg"), path.join(images, "law.svg"));
});
