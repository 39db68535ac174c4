import { writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { inFolder } from "../../process.ts";

/** The program for Node and for pages, from the sources. */
export interface BitsBundle {
  /** Path of a module that exports `run`. */
  readonly program: string;
  /** What a page runs; calls `report`. */
  readonly page: () => Promise<string>;
}

/** Bundles what is to be run everywhere, for browsers: what Node runs has nothing of Node in it. */
export function withBits<T>(work: (bundle: BitsBundle) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    const program = path.join(folder, "program.mjs");
    await writeFile(program, await bundled("program.ts"));
    return work({ program, page: () => bundled("browser-entry.ts") });
  });
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    platform: "browser",
    format: "esm",
    target: "es2022",
    conditions: ["@mclnn/source"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}
