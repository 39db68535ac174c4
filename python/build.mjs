// Makes the command line that the Python package holds, from what `pnpm build` left in apps/cli/dist: with its libraries inside, as there is
// no npm beside it, and with resvg as WebAssembly, so that one wheel serves every platform.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { LICENCES, licencesOf } from "../tools/licences.mjs";

const here = import.meta.dirname;
const cli = path.join(here, "../apps/cli");
const out = path.join(here, "src/mclnn/program");
const require = createRequire(path.join(cli, "package.json"));
const { build } = await import(pathToFileURL(require.resolve("esbuild")).href);

if (!existsSync(path.join(cli, "dist/index.js")))
  throw new Error("expected a built command line in apps/cli/dist, got none: pnpm build makes it");

const entries = readdirSync(path.join(cli, "dist"), { recursive: true, encoding: "utf8" }).filter(
  (file) => file === "index.js" || /[/\\](worker|thread)\.js$/.test(file),
);

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: cli,
  entryPoints: entries.map((file) => path.join("dist", file)),
  outdir: path.join(out, "dist"),
  outbase: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // A module of the user's own is loaded by jiti, which loads its parts by itself. Networks in TensorFlow.js are not part of the package.
  external: ["jiti", "@mclnn/tfjs", "@mclnn/tfjs/*"],
  alias: { "@resvg/resvg-js": path.join(here, "resvg.mjs") },
  metafile: true,
  logLevel: "warning",
});
const inputs = Object.keys(metafile.inputs).map((file) => path.join(cli, file));
writeFileSync(
  path.join(out, LICENCES),
  licencesOf(inputs, readFileSync(path.join(cli, "dist", LICENCES), "utf8")),
);

cpSync(
  createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm"),
  path.join(out, "dist/resvg.wasm"),
);
for (const name of ["bin", "template", "LICENSE", "dist/playground"])
  cpSync(path.join(cli, name), path.join(out, name), { recursive: true });
const { name, version, license } = JSON.parse(readFileSync(path.join(cli, "package.json"), "utf8"));
writeFileSync(
  path.join(out, "package.json"),
  `${JSON.stringify({ name, version, license, type: "module" }, null, 2)}\n`,
);

/** A library that stays as it is, beside the program. @param {string} library @param {readonly string[]} files */
function beside(library, files) {
  const from = path.dirname(require.resolve(`${library}/package.json`));
  const to = path.join(out, "node_modules", library);
  mkdirSync(to, { recursive: true });
  for (const file of files) cpSync(path.join(from, file), path.join(to, file), { recursive: true });
}
beside("jiti", ["package.json", "LICENSE", "lib", "dist"]);
beside("dejavu-fonts-ttf", [
  "package.json",
  "LICENSE",
  "ttf/DejaVuSans.ttf",
  "ttf/DejaVuSans-Bold.ttf",
]);
