import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("ships at most 6.7 kB, minified and gzipped, beside @mclnn/physics", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(import.meta.dirname, "../src/index.ts")],
    external: ["@mclnn/*"],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    write: false,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  expect(new Set(imports.map((each) => each.path))).toEqual(
    new Set(["@mclnn/physics", "@mclnn/physics/arguments", "@mclnn/physics/portable"]),
  );
  const [file] = outputFiles;
  expect(gzipSync(file?.contents as Uint8Array, { level: 9 }).length).toBeLessThanOrEqual(6700);
});
