import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import * as text from "../src/data/number-text.ts";
import * as studies from "../src/index.ts";
import * as paper from "../src/paper/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");

it("the first example of README.md runs as it is, and momenta hold", () => {
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] as string;
  expect(code.trim().split("\n").length).toBeLessThan(10);
  const flags = ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"];
  const printed = execFileSync(process.execPath, flags, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
  const most = (quantity: string): number =>
    Number(new RegExp(`${quantity}: \\{ mae: [^,]+, max: ([^ ]+) \\}`).exec(printed)?.[1]);
  expect(most("linearMomentum")).toBeLessThan(1e-12);
  expect(most("position")).toBeLessThan(0.01);
});

it("README.md names every export", () => {
  const names = Object.keys({ ...studies, ...paper, ...text });
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => !new RegExp(`\`${name}\\b`).test(readme))).toEqual([]);
});
