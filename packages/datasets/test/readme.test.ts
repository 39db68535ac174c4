import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import * as datasets from "../src/index.ts";
import * as node from "../src/node/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");

it("the first example of README.md runs as it is, and prints what it says", () => {
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] as string;
  expect(code.trim().split("\n").length).toBeLessThan(10);
  const flags = ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"];
  const printed = execFileSync(process.execPath, flags, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
  expect(printed).toBe("24000\n");
  expect(code).toContain("100 x 20 x 4 x 3 = 24000");
});

it("README.md names every export", () => {
  const [, listed = ""] = /## What is in it\n(.*?)\n## /s.exec(readme) ?? [];
  const names = [...listed.matchAll(/`([a-z]\w+)`/g)].map(([, name]) => name);
  const exported = [...Object.keys(datasets), ...Object.keys(node)];
  expect(exported.filter((name) => !names.includes(name))).toEqual([]);
});
