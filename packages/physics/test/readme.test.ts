import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import * as physics from "../src/index.ts";
import { builtInPotentials } from "../src/potentials/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");
const blocks = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code as string);

/** What a program prints that stands in this package's folder, so that it finds the package by its own name. */
const printed = (code: string): string =>
  execFileSync(
    process.execPath,
    ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"],
    { cwd: folder, input: code, encoding: "utf8" },
  );

it("the first example of README.md runs as it is, and prints T + V", () => {
  const [first = ""] = blocks;
  expect(first.trim().split("\n").length).toBeLessThan(10);
  // By hand: 1/2 m v^2 at v = 0.5 and 4 (r^-12 - r^-6) at r = 1.2.
  const energy = 0.125 + 4 * (1.2 ** -12 - 1.2 ** -6);
  expect(Number(printed(first))).toBeCloseTo(energy, 12);
});

it("the other examples of README.md run", () => {
  expect(blocks.length).toBeGreaterThan(1);
  for (const code of blocks.slice(1)) printed(code);
});

it("the table of README.md names every built-in potential with its parameters", () => {
  for (const { name, parameters } of builtInPotentials) {
    const call = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    expect(readme).toContain(`\`${call}({ ${Object.keys(parameters).join(", ")} })\``);
    expect(physics).toHaveProperty(call);
  }
});
