import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { areas } from "./areas.ts";
import { kindOf } from "./kinds.ts";

const root = new URL("../../", import.meta.url);
const cwd = fileURLToPath(root);
const ignore = ["**/node_modules/**"];

describe("pnpm mutation", () => {
  it.each(areas)("$name: each pattern finds files", async ({ sources, tests }) => {
    for (const pattern of [...sources, ...tests])
      expect(await glob(pattern, { cwd, ignore }), pattern).not.toEqual([]);
  });

  it("whatever is not changed has a reason beside it, and is in what is changed", async () => {
    const measured = await glob(
      areas.flatMap(({ sources }) => [...sources]),
      { cwd, ignore },
    );
    let reasons = 0;
    for (const file of await glob("{packages,apps}/*/src/**/*.ts", { cwd, ignore })) {
      const text = await readFile(new URL(file, root), "utf8");
      for (const [comment] of text.matchAll(/\/\/ Stryker .*/g)) {
        reasons++;
        expect(comment, file).toMatch(
          /^\/\/ Stryker disable next-line (all|[A-Z]\w+(,[A-Z]\w+)*): \w.{8,}$/,
        );
        expect(measured, comment).toContain(file);
      }
    }
    expect(reasons).toBeGreaterThan(10);
  });

  it.each([
    ["k < out.length", "k <= out.length", true],
    ["r >= 1", "r > 1", true],
    ["k < out.length", "k >= out.length", false],
    ["a + b", "a - b", false],
    ['""', '"Stryker was here!"', true],
    ['"drift"', '""', false],
    ['{ name: "pefrl", order: 4 }', "{}", true],
    ["x < 0", "false", false],
  ])("%s -> %s need not be noticed: %s", (original, replacement, known) => {
    const survivor = { file: "a.ts", line: 1, original, replacement, tested: true };
    expect(kindOf(survivor) !== undefined).toBe(known);
  });
});
