// Bundles the command line: a fresh process then reads a few files instead of two hundred, which is most of what starting costs
// (docs/adr/0009). Types and the layout of `dist/` are those of `tsc`; entries of threads lie where `src/process/thread-entry.ts` looks for them.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { LICENCES, licencesOf } from "../../tools/licences.mjs";

const here = import.meta.dirname;
const { dependencies, devDependencies, peerDependencies } = manifest(
  path.join(here, "package.json"),
);

/** What stays outside: installed beside the program, or not at all. */
const external = Object.keys({ ...dependencies, ...peerDependencies });

/** Modules that processes and threads begin with. */
const entries = [
  "src/index.ts",
  ...files("src").filter((file) => /\/(worker|thread)\.ts$/.test(file)),
];

rmSync(path.join(here, "dist/playground"), { recursive: true, force: true });
for (const old of files("dist").filter((file) => /\.js(\.map)?$/.test(file)))
  rmSync(path.join(here, old));

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: "dist",
  outbase: "src",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: external.flatMap((name) => [name, `${name}/*`]),
  plugins: [{ name: "fflate", setup: leaveOutItsThreads }],
  define: { MCLNN_SOFTWARE: JSON.stringify(versions()) },
  banner: {
    js: 'import { createRequire as createRequireOf } from "node:module"; const require = createRequireOf(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
});

for (const file of Object.keys(metafile.outputs).filter((each) => each.endsWith(".js")))
  for (const [, named] of readFileSync(path.join(here, file), "utf8").matchAll(
    /new URL\(["'`](\.[^"'`$]*)["'`],\s*import\.meta\.url\)/g,
  ))
    if (!existsSync(path.join(here, path.dirname(file), named)))
      throw new Error(
        `${file} looks for ${named} beside it, which is not there: name it in src/process/thread-entry.ts`,
      );

const inputs = Object.keys(metafile.inputs).map((file) => path.join(here, file));
writeFileSync(path.join(here, "dist", LICENCES), licencesOf(inputs));

// The page that `mclnn playground` serves.
cpSync(
  path.join(here, "node_modules/@mclnn/playground/dist/page"),
  path.join(here, "dist/playground"),
  { recursive: true },
);

/** fflate for browsers is the same code without a pool of threads, which is loaded at once and that nothing here uses. */
function leaveOutItsThreads(/** @type {import("esbuild").PluginBuild} */ { onResolve, resolve }) {
  onResolve({ filter: /^fflate$/ }, ({ resolveDir, kind }) =>
    resolve("fflate/browser", { resolveDir, kind }),
  );
}

/** Files below a folder of this package, by their paths from here. @param {string} folder */
function files(folder) {
  return readdirSync(path.join(here, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(here, path.join(entry.parentPath, entry.name)));
}

/** Versions of our packages, by name. */
function versions() {
  const own = Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => name.startsWith("@mclnn/") && !(name in peerDependencies))
    .map((name) => createRequire(import.meta.url).resolve(`${name}/package.json`));
  return Object.fromEntries(
    [path.join(here, "package.json"), ...own.sort()]
      .map(manifest)
      .filter((each) => each.private !== true)
      .map(({ name, version }) => [name, version]),
  );
}

/** @param {string} file */
function manifest(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
