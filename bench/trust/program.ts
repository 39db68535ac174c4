import { rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { inFolder, type Running, start } from "../process.ts";

const cli = path.resolve(import.meta.dirname, "../../apps/cli");

/** Modules that the command's worker threads begin with, by their paths from the root of its sources. */
const THREADS: readonly string[] = [
  ...["commands/compare/worker", "commands/reproduce/worker"],
  ...["commands/train/thread", "program/thread"],
];

/** A program and a folder to run it in. */
export interface Place {
  /** What Node runs. */
  readonly program: string;
  readonly folder: string;
  /** Starts the program. @param args - or a line of them @param flags - of Node */
  start(args: string | readonly string[], cwd?: string, flags?: readonly string[]): Running;
}

/** Works with a folder and a program that is there already. */
export function inPlace(program: string, work: (place: Place) => Promise<void>): Promise<void> {
  return inFolder((folder) =>
    work({
      ...{ program, folder },
      start(args, cwd = folder, flags = []) {
        const words = typeof args === "string" ? args.split(" ") : args;
        return start([process.execPath, ...flags, program, ...words], cwd);
      },
    }),
  );
}

/**
 * Bundles the command from its sources, so that a process of it starts in a quarter of a second and needs no build; works with it in a new folder; removes both.
 *
 * @param entry - another program of this folder
 */
export async function withProgram(
  work: (place: Place) => Promise<void>,
  entry = "program-entry.ts",
): Promise<void> {
  // In the command's own folder, from where its dependencies are found; beside `src/`, as `dist/` is.
  const outdir = path.join(cli, `.trust-${process.pid}-${path.parse(entry).name}`);
  const threads = THREADS.map((name) => [name, path.join(cli, "src", `${name}.ts`)]);
  try {
    await build({
      entryPoints: {
        main: path.join(import.meta.dirname, entry),
        ...(entry === "program-entry.ts" ? Object.fromEntries(threads) : {}),
      },
      ...{ outdir, bundle: true, splitting: true, platform: "node", format: "esm" },
      ...{ target: "node20", conditions: ["@mclnn/source"], logLevel: "error" },
      external: [
        "@observablehq/plot",
        "@resvg/resvg-js",
        "dejavu-fonts-ttf",
        "@mclnn/tfjs",
        "@tensorflow/tfjs",
        "jiti",
      ],
      // CommonJS dependencies call require.
      banner: {
        js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
      },
    });
    await inPlace(path.join(outdir, "main.js"), work);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
