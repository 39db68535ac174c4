import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

test("no module loads Plot or resvg before a figure is drawn", async () => {
  const root = new URL("../src/", import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const source = await readFile(new URL(file, root), "utf8");
    const eager = source.match(
      /^import (?!type )[^;]*from "(?:@observablehq\/plot|@resvg\/resvg-js)"/gm,
    );
    expect([file, eager]).toEqual([file, null]);
  }
});
