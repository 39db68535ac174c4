import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { integrators } from "../src/index.ts";

const folder = path.join(import.meta.dirname, "..");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");

const examples = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code ?? "");

it.each(examples)("an example of README.md runs as it is, and prints what it says (%#)", (code) => {
  expect(code.trim().split("\n").length).toBeLessThan(code === examples[0] ? 10 : 15);
  const flags = ["--conditions=@mclnn/source", "--import", "tsx", "--input-type=module", "-"];
  const printed = execFileSync(process.execPath, flags, {
    cwd: folder,
    input: code,
    encoding: "utf8",
  });
  expect(printed).toMatch(/^2 0\.5243\d*\n$/);
  // By hand: a spring between unit masses swings at frequency sqrt(2) about its rest length.
  const separation = 1 + 0.5 * Math.cos(Math.SQRT2 * 2);
  expect(Math.abs(Number(printed.split(" ")[1]) - separation)).toBeLessThanOrEqual(1e-4);
});

it("the table of README.md says what the integrators say", () => {
  const rows = [...readme.matchAll(/^\| `\w+` .*$/gm)].map(([row]) =>
    row
      .split("|")
      .slice(2, -1)
      .map((cell) => cell.trim().replaceAll("`", "")),
  );
  expect(rows).toEqual(
    integrators.map((each) => [
      each.name,
      String(each.order),
      each.symplectic ? "yes" : "no",
      each.reversible ? "yes" : "no",
      `${each.forceEvaluations}${each.adaptive ? ", adaptive" : ""}`,
    ]),
  );
});
