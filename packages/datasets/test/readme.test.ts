import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import * as datasets from "../src/index.ts";
import * as node from "../src/node/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");

it("the examples of README.md run as they are, and print what they say", () => {
  const [first, second] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? "");
  expect(first?.trim().split("\n").length).toBeLessThan(10);
  expect(printedBy(first)).toBe("24000\n");
  expect(first).toContain("100 x 20 x 4 x 3 = 24000");
  expect(printedBy(second)).toBe("2 21\n21\n");
  expect(second?.match(/\/\/ .*$/gm)).toEqual(["// 2 21", "// 21"]);
});

function printedBy(code = ""): string {
  const flags = ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"];
  return execFileSync(process.execPath, flags, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
}

it("README.md names every export", () => {
  const [, listed = ""] = /## What is in it\n(.*?)\n## /s.exec(readme) ?? [];
  const names = [...listed.matchAll(/`([a-z]\w+)`/g)].map(([, name]) => name);
  const exported = [...Object.keys(datasets), ...Object.keys(node)];
  expect(exported.filter((name) => !names.includes(name))).toEqual([]);
});
