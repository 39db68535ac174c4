import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build, type PluginBuild } from "esbuild";
import type { TestProject } from "vitest/node";

const root = path.join(import.meta.dirname, "..");
const sources = path.join(root, "src");

/** A program that Node runs, until it is removed. */
export interface Bundled {
  readonly program: string;
  readonly remove: () => Promise<void>;
}

/**
 * Bundles a program of the command line from its sources, so that a process of it starts in a quarter of a second and needs no build. It lies in
 * this package, from where its dependencies are found, beside `src/`, as `dist/` is.
 *
 * @param entry - path of the module that the process begins with
 */
export async function bundleProgram(entry: string): Promise<Bundled> {
  const outdir = path.join(root, `.program-${process.pid}-${path.parse(entry).name}`);
  const threads = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => /\/(worker|thread)\.ts$/.test(file))
    .map((file) => [file.replace(/\.ts$/, ""), path.join(sources, file)]);
  const remove = () => rm(outdir, { recursive: true, force: true });
  try {
    await build({
      entryPoints: { main: entry, ...Object.fromEntries(threads) },
      ...{ outdir, bundle: true, splitting: true, platform: "node", format: "esm" },
      ...{ target: "node20", conditions: ["@mclnn/source"], logLevel: "error" },
      external: ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf", "jiti"],
      plugins: [{ name: "tensorflow", setup: besideTfjs }],
      // CommonJS dependencies call require.
      banner: {
        js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
      },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  return { program: path.join(outdir, "main.js"), remove };
}

/** TensorFlow.js is installed beside `@mclnn/tfjs`, not beside this program. */
function besideTfjs({ onResolve }: PluginBuild): void {
  const { resolve } = createRequire(
    createRequire(import.meta.url).resolve("@mclnn/tfjs/package.json"),
  );
  onResolve({ filter: /^@tensorflow\// }, ({ path: name }) => ({
    path: resolve(name),
    external: true,
  }));
}

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the bundle that {@link startCli} runs. */
    program: string;
  }
}

/** Before this package's tests, once for all of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { program, remove } = await bundleProgram(path.join(import.meta.dirname, "entry.ts"));
  project.provide("program", program);
  return remove;
}
