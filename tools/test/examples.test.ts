import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");
const examples = path.join(root, "examples");

/** Every example, a small size for it, and what its output must satisfy. */
const table: [string, number, (lines: string[]) => void][] = [
  [
    "solar-system/main.ts",
    12,
    (lines) => {
      const exponent = lines.find((line) => line.startsWith("exponent"))?.split(" ")[1];
      expect(Math.abs(Number(exponent) + 2)).toBeLessThan(1e-3);
      const constant = lines.find((line) => line.startsWith("constant"))?.split(" ")[3];
      expect(Math.abs(Number(constant) - 1)).toBeLessThan(1e-3);
      const jupiter = lines.find((line) => line.startsWith("mass of Jupiter"))?.split(" ")[3];
      expect(Number(jupiter)).toBeGreaterThan(8e-4);
      expect(Number(jupiter)).toBeLessThan(1.1e-3);
      expect(existsSync(lines.at(-1)?.split(": ")[1] as string)).toBe(true);
    },
  ],
  [
    "kepler-orbit.ts",
    10,
    (lines) => {
      expect(lines).toHaveLength(4);
      const [euler, verlet, pefrl] = lines.map((line) => Number(line.split(" ").at(-1)));
      expect(verlet).toBeLessThan(euler as number);
      expect(pefrl).toBeLessThan(1e-6);
    },
  ],
  [
    "own-potential.ts",
    100,
    (lines) => {
      expect(lines).toHaveLength(3);
      for (const line of lines) expect(Number(line.split(" ").at(-1))).toBeLessThan(1e-12);
    },
  ],
  [
    "own-integrator.ts",
    4,
    (lines) => {
      expect(lines).toHaveLength(4);
      expect(Number(lines[3]?.split(" ").at(-1))).toBeCloseTo(3, 1);
    },
  ],
  [
    "own-metric.ts",
    1000,
    (lines) => {
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(Number(line.split(" ").at(-1))).toBeCloseTo(1, 1);
    },
  ],
  [
    "learn-and-simulate.ts",
    40,
    (lines) => {
      expect(lines).toHaveLength(5);
      const [position, energy, momentum, angular] = lines
        .slice(1)
        .map((line) => Number(line.split(" ").at(-1)));
      expect(position).toBeLessThan(0.01);
      expect(energy).toBeLessThan(0.01);
      expect(momentum).toBeLessThan(1e-12);
      expect(angular).toBeLessThan(1e-11);
    },
  ],
  [
    "tfjs-pair-network.ts",
    10,
    (lines) => {
      expect(lines).toHaveLength(4);
      const [loss, position, momentum, angular] = lines.map((line) =>
        Number(line.split(" ").at(-1)),
      );
      expect(loss).toBeLessThan(1e-5);
      expect(position).toBeLessThan(0.1);
      expect(momentum).toBeLessThan(1e-12);
      expect(angular).toBeLessThan(1e-11);
    },
  ],
  [
    "lagrangian-network.ts",
    40,
    (lines) => {
      expect(lines).toHaveLength(2);
      const [error, drift] = lines.map((line) => Number(line.split(" ").at(-1)));
      expect(error).toBeLessThan(0.3);
      expect(drift).toBeLessThan(1e-3);
    },
  ],
  [
    "export-to-tfjs.ts",
    20,
    (lines) => {
      expect(lines).toHaveLength(4);
      const [forces, rounding] = lines.slice(2).map((line) => Number(line.split(" ").at(-1)));
      expect(forces).toBeLessThan(1e-4);
      expect(rounding).toBeLessThan(1e-7);
    },
  ],
];

/** A minute by itself: CI runs it. */
const LONG = "solar-system/main.ts";

describe.each(table)("examples/%s", (file, size, check) => {
  it.skipIf(file === LONG && process.env.CI === undefined)("runs", { timeout: 120_000 }, () => {
    const node = ["--import", "tsx", "--conditions=@mclnn/source"];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...node, path.join(examples, file), String(size)],
      { cwd: root, encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/NaN|undefined|Infinity/);
    check(stdout.trimEnd().split("\n"));
  });
});

/** A potential and a network for the command line, no programs: the command line's tests run them. */
const modules = ["morse.ts", "own-network.ts"];

it("leaves no example out, here and in the README", () => {
  const files = [
    ...readdirSync(examples).filter((file) => file.endsWith(".ts")),
    ...readdirSync(examples)
      .map((folder) => `${folder}/main.ts`)
      .filter((file) => existsSync(path.join(examples, file))),
  ];
  expect([...table.map(([file]) => file), ...modules].sort()).toEqual(files.sort());
  const readme = readFileSync(path.join(examples, "README.md"), "utf8");
  for (const file of files) expect(readme).toContain(`[${file}](${file})`);
});
