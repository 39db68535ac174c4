import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import * as metrics from "../src/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");

it("the first example of README.md runs as it is", () => {
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] as string;
  expect(code.trim().split("\n").length).toBeLessThan(10);
  const flags = ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"];
  const printed = execFileSync(process.execPath, flags, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
  const [mean, max] = printed.trim().split(" ").map(Number) as [number, number];
  // The two slopes as textbooks have them, on a grid of our own.
  const errors = Array.from({ length: 100_001 }, (_, k) => {
    const r = 1 + k / 100_000;
    const x = Math.exp(-(r - 1.122) / 0.19);
    return Math.abs((2 / 0.19) * (1 - x) * x - 24 * (r ** -7 - 2 * r ** -13));
  });
  expect(max).toBeCloseTo(Math.max(...errors), 10);
  expect(mean).toBeCloseTo(errors.reduce((s, e) => s + e, 0) / errors.length, 2);
});

it("README.md names every export", () => {
  expect(Object.keys(metrics).filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
});
