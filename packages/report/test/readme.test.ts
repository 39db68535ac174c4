import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";

test("the first example runs as it is, in less than ten lines, and leaves a PNG", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] as string;
  expect(code.trim().split("\n").length).toBeLessThan(10);
  const folder = await mkdtemp(join(tmpdir(), "mclnn-report-"));
  const here = process.cwd();
  try {
    const source = (entry: string): string =>
      JSON.stringify(fileURLToPath(new URL(`../src/${entry}`, import.meta.url)));
    // .ts, so that the test runner and not Node reads it and what it imports.
    const file = join(folder, "example.ts");
    await writeFile(
      file,
      code
        .replace('"@mclnn/report"', source("index.ts"))
        .replace('"@mclnn/report/node"', source("node/index.ts")),
    );
    process.chdir(folder);
    await import(/* @vite-ignore */ pathToFileURL(file).href);
    const png = await readFile(join(folder, "law.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(10_000);
  } finally {
    process.chdir(here);
    await rm(folder, { recursive: true });
  }
});
