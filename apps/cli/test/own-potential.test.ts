import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { encodeNpz } from "@mclnn/datasets";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { isOwnCode, resolvePotential } from "../src/inputs/potential.ts";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

const r = Float64Array.from({ length: 60 }, (_, k) => 0.6 + 0.02 * k);
const energy = r.map((x) => 0.5 * (x - 1) ** 4);
const rows = (separator: string): string =>
  Array.from(r, (x, k) => `${x}${separator}${energy[k]}`).join("\n");

const FILES: Record<string, string> = {
  "named.csv": `energy,r,slopeSd\n${Array.from(r, (x, k) => `${energy[k]},${x},`).join("\n")}\n`,
  "bare.csv": `# r, V\n${rows(", ")}\n`,
  "blanks.tsv": rows(" \t "),
  "table.json": JSON.stringify({ r: Array.from(r), V: Array.from(energy) }),
  "law.ts": `import { power } from "./power.ts";
    enum Place { rest = 1 }
    export default { name: "own" as string, energy: (r: number): number => 0.5 * (r - Place.rest) ** power };`,
  "js-ending.mts": `import { power } from "./power.js";
    export default { name: "own", energy: (r: number) => 0.5 * (r - 1) ** power };`,
  "power.ts": "export const power: number = 4;",
  "of-parameters.mjs": `export default ({ stiffness = 1, power = 2 }) => ({ name: "own", energy: (r) => (stiffness / 2) * (r - 1) ** power });`,
  "a-class.mjs": `class Own { name = "own"; #k = 0.5; energy(r) { return this.#k * (r - 1) ** 4; } } export default new Own();`,
  "node_modules/mclnn-potential-quartic/package.json": `{ "name": "mclnn-potential-quartic", "version": "1.0.0", "type": "module", "exports": { "import": "./own.js" } }`,
  "node_modules/mclnn-potential-quartic/own.js": `export default ({ k = 1 } = {}) => ({ name: "quartic", energy: (r) => (k / 2) * (r - 1) ** 4 });`,
  "node_modules/@somebody/mclnn-potential-4/package.json": `{ "name": "@somebody/mclnn-potential-4", "version": "1.0.0", "main": "main.cjs" }`,
  "node_modules/@somebody/mclnn-potential-4/main.cjs": `module.exports = { name: "quartic", energy: (r) => 0.5 * (r - 1) ** 4 };`,
  "kink.mjs": `export default { name: "kinked", energy: (r) => Math.abs(r - 1), slope: (r) => Math.sign(r - 1) };`,
  "unsorted.csv": "1,2\n2,3\n1.5,3\n",
  "words.csv": "r,energy\n1,2\n2,x\n3,1\n",
  "columns.csv": "a,b\n1,2\n2,2\n3,1\n",
  "negative.csv": "-1,2\n0.5,3\n1,4\n2,4\n",
  "short.csv": "1.1,0.1\n1.15,0.2\n1.25,0.4\n",
  "list.json": "[1, 2, 3]",
  "syntax.ts": `export default { name: "x" energy: 1 };`,
  "missing-import.ts": `import "./not-there.ts"; export default { name: "x", energy: (r: number) => r };`,
};

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(at(name, ".."), { recursive: true });
    writeFileSync(at(name), text);
  }
  writeFileSync(at("table.npz"), encodeNpz({ r, energy }));
  const state = {
    masses: [1, 1],
    positions: [
      [0, 0],
      [1.2, 0],
    ],
    velocities: [
      [0, 0.1],
      [0, -0.1],
    ],
  };
  writeFileSync(at("start.json"), JSON.stringify(state));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** The potential that a text names, said in the scratch folder. */
const named = (spec: string) => {
  vi.spyOn(process, "cwd").mockReturnValue(at());
  return resolvePotential(spec);
};

describe("--potential takes (r - 1)^4 / 2 in any of its forms", () => {
  it.each([
    ["0.5*(r-1)^4", "formula", 1e-15],
    ["k/2*(r-1)^4; k=1", "formula", 1e-15],
    ["quartic-spring:stiffness=1", "built-in", 1e-15],
    ["law.ts", "module", 1e-9],
    ["js-ending.mts", "module", 1e-9],
    ["of-parameters.mjs:power=4", "module", 1e-9],
    ["a-class.mjs", "module", 1e-9],
    ["mclnn-potential-quartic", "package", 1e-9],
    ["mclnn-potential-quartic:k=1", "package", 1e-9],
    ["@somebody/mclnn-potential-4", "package", 1e-9],
    ["named.csv", "table", 1e-4],
    ["bare.csv", "table", 1e-4],
    ["blanks.tsv", "table", 1e-4],
    ["table.json", "table", 1e-4],
    ["table.npz", "table", 1e-4],
  ] as const)("%s: %s, V and V' within %d", async (spec, kind, bound) => {
    const inFolder = kind === "module" || kind === "table" ? at(spec) : spec;
    const law = await named(inFolder);
    if (law.kind === "species") throw new Error("one law was named");
    expect(law.kind).toBe(kind);
    expect(isOwnCode(inFolder)).toBe(kind === "module" || kind === "package");
    for (const x of [0.7, 0.95, 1.13, 1.7]) {
      expect(Math.abs(law.pair.energy(x) - 0.5 * (x - 1) ** 4)).toBeLessThan(bound);
      expect(Math.abs(law.pair.slope(x) - 2 * (x - 1) ** 3)).toBeLessThan(bound);
    }
    // Another thread opens it by its `spec`, wherever that thread is.
    vi.restoreAllMocks();
    if (kind !== "package") expect((await resolvePotential(law.spec)).kind).toBe(kind);
  });

  it("by species too, told to be own code where one of them is", async () => {
    const spec = `0-0: ${at("law.ts")} | 0-1: 1/r | 1-1: mclnn-potential-quartic`;
    const law = await named(spec);
    if (law.kind !== "species") throw new Error("laws by species were named");
    expect(law.pair.laws.map(({ pair }) => pair.energy(2))).toEqual([0.5, 0.5, 0.5]);
    expect(isOwnCode(spec)).toBe(true);
    expect(isOwnCode("0-0: 1/r | 0-1: named.csv")).toBe(false);
  });
});

describe("what cannot be used is refused", () => {
  it.each([
    [
      "mclnn-potential-nowhere",
      "package-not-installed",
      /Install it with `npm install mclnn-potential-nowhere`/,
    ],
    ["@a/mclnn-potential-b", "package-not-installed", /npm install @a\/mclnn-potential-b/],
    ["law.ts:k=2", "bad-module", /takes no parameters.*got k/],
    ["of-parameters.mjs:power=x", "bad-module", /expected power=number/],
    ["syntax.ts", "bad-module", /syntax\.ts cannot be loaded.*:1:27/],
    ["missing-import.ts", "bad-module", /not-there\.ts/],
    ["nowhere.ts", "file-not-found", /nowhere\.ts is not there/],
    ["nowhere.csv", "file-not-found", /nowhere\.csv cannot be read/],
    ["unsorted.csv", "bad-table", /increasing separations, got 1\.5 after 2 in row 2/],
    ["words.csv", "bad-table", /a number in column 2 of line 3, got x/],
    ["columns.csv", "bad-table", /columns r and energy, got a, b/],
    ["negative.csv", "bad-table", /separations above 0, got r = -1/],
    ["list.json", "bad-table", /got a list/],
  ])("%s: %s", async (spec, code, message) => {
    const inFolder = /^[a-z-]+\.[a-z]+(:|$)/.test(spec) ? at(spec) : spec;
    const error = await named(inFolder).then(
      () => null,
      (reason) => reason as Error,
    );
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(message);
  });

  it("a table that ends where the particles go: bad-potential, with the range that it has", async () => {
    const { code, stdout } = await runCli([
      ...["simulate", "--potential", at("short.csv"), "--initial", at("start.json")],
      ...["--records", "500", "--out", at("never.npz"), "--json"],
    ]);
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe("bad-potential");
    expect(error.message).toMatch(/does not reach r = .*separations from 1\.1 to 1\.25/);
  });
});

it("says where a force jumps, and goes on", async () => {
  const { code, stderr } = await runCli([
    ...["simulate", "--potential", at("kink.mjs"), "--initial", at("start.json")],
    ...["--records", "60", "--out", at("kink.npz")],
  ]);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/The force of kinked jumps at r = 1, V' from -1 to 1/);
});

it("compares the potential and the start of examples/: MCLNN to 1e-8, V' to 1e-3, and says its times", async () => {
  const examples = join(import.meta.dirname, "../../../examples");
  const { code, stdout, stderr } = await runCli([
    ...["compare", "--potential", join(examples, "morse.ts")],
    ...["--initial", join(examples, "triangle.json"), "--out", at("compared"), "--json"],
    ...["--threads", "1", "--trajectories", "20", "--validation-trajectories", "5"],
    ...["--rollout-records", "100", "--lnn-points", "100", "--lnn-epochs", "3", "--hidden", "6,6"],
  ]);
  expect(code, stderr).toBe(0);
  const { systems } = JSON.parse(stdout) as {
    systems: Record<
      string,
      { models: { mclnn: { trainLoss: number; slopeError: { max: number } } } }
    >;
  };
  const { trainLoss, slopeError } = (systems["morse-bond"] as (typeof systems)[string]).models
    .mclnn;
  expect(trainLoss).toBeLessThan(1e-8);
  expect(slopeError.max).toBeLessThan(1e-3);
  expect(stderr).toMatch(/Time step .*\nTraining data: .*\nSeparations that occur: /);
});
