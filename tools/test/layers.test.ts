import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { checkLayers } from "../layers/layer-check.mjs";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A workspace in which every import a layer may make is declared and exported, plus `files`. */
function workspace(files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), "layers-"));
  folders.push(root);
  const manifest = (name: string, dependencies: string[], subpaths: string[] = []) =>
    JSON.stringify({
      name: `@mclnn/${name}`,
      exports: Object.fromEntries([".", ...subpaths].map((subpath) => [subpath, "x"])),
      dependencies: Object.fromEntries(dependencies.map((each) => [each, "*"])),
    });
  const all: Record<string, string> = {
    "packages/physics/package.json": manifest("physics", ["@mclnn/models"]),
    "packages/integrators/package.json": manifest("integrators", ["@mclnn/physics"]),
    "packages/datasets/package.json": manifest("datasets", ["@mclnn/physics"], ["./node"]),
    "packages/metrics/package.json": manifest("metrics", ["@mclnn/datasets"]),
    "packages/models/package.json": manifest("models", ["@mclnn/physics", "@mclnn/datasets"]),
    "packages/report/package.json": manifest("report", ["@mclnn/physics"]),
    "apps/cli/package.json": manifest("cli", ["@mclnn/physics", "@mclnn/datasets", "commander"]),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

type Exceptions = NonNullable<Parameters<typeof checkLayers>[1]>;

const check = (files: Record<string, string>, exceptions: Exceptions = {}) =>
  checkLayers(workspace(files), { inexact: [], long: [], ...exceptions }).violations;

const findings = (files: Record<string, string>): string[] =>
  check(files).map(({ file, line, rule }) => `${file}:${line} ${rule}`);

const physics = "packages/physics/src/a.ts";
const models = "packages/models/src/a.ts";

/** A function of that many lines. */
const lines = (count: number, head = "function a() {", tail = "}"): string =>
  [head, ...Array<string>(count - 2).fill("  ;"), tail].join("\n");

const violations: [string, Record<string, string>, string[]][] = [
  [
    "a static import upwards",
    { [physics]: 'import { a } from "@mclnn/models";' },
    [`${physics}:1 layer`],
  ],
  [
    "a type-only import upwards",
    { [physics]: '\nimport type { a } from "@mclnn/models";' },
    [`${physics}:2 layer`],
  ],
  [
    "export from upwards",
    { [physics]: 'export { a } from "@mclnn/models";' },
    [`${physics}:1 layer`],
  ],
  [
    "a dynamic import upwards",
    { [physics]: 'const a = 1;\nawait import("@mclnn/models");' },
    [`${physics}:2 layer`],
  ],
  [
    "a type position import upwards",
    { [physics]: 'type A = import("@mclnn/models").A;' },
    [`${physics}:1 layer`],
  ],
  [
    "a cycle of two files",
    {
      [physics]: 'import { b } from "./b.ts";',
      "packages/physics/src/b.ts": '\nexport * from "./a.ts";',
    },
    [`${physics}:1 cycle`],
  ],
  [
    "a cycle of three files through folders",
    {
      [physics]: 'import { b } from "./b/b.ts";',
      "packages/physics/src/b/b.ts": 'import "./c.ts";',
      "packages/physics/src/b/c.ts": 'import { type A } from "../a.ts";',
    },
    [`${physics}:1 cycle`],
  ],
  [
    "a cycle of types only",
    {
      [physics]: 'import type { B } from "./b.ts";',
      "packages/physics/src/b.ts": 'import type { A } from "./a.ts";',
    },
    [`${physics}:1 cycle`],
  ],
  [
    "two folders that import each other, types included, however deep the files lie",
    {
      "packages/physics/src/b/b.ts": '\nimport "../c/c.ts";',
      "packages/physics/src/c/d/d.ts": 'import type { E } from "../../b/e.ts";',
    },
    ["packages/physics/src/b/b.ts:2 folder"],
  ],
  ["a file that imports itself", { [physics]: 'import "./a.ts";' }, [`${physics}:1 cycle`]],
  ["node: in a browser-safe entry", { [models]: 'import "node:fs";' }, [`${models}:1 platform`]],
  [
    "a Node builtin without its prefix",
    { [models]: 'import type { A } from "fs";' },
    [`${models}:1 platform`],
  ],
  [
    "node: outside datasets/src/node",
    { "packages/datasets/src/a.ts": 'import "node:fs";' },
    ["packages/datasets/src/a.ts:1 platform"],
  ],
  [
    "the main entry loading Node code of its own package",
    {
      "packages/datasets/src/a.ts": 'export { b } from "./node/b.ts";',
      "packages/datasets/src/node/b.ts": 'import "node:fs";',
    },
    ["packages/datasets/src/a.ts:1 platform"],
  ],
  [
    "a Node subpath in a browser-safe package",
    { [models]: 'import "@mclnn/datasets/node";' },
    [`${models}:1 platform`],
  ],
  [
    "Node types by reference",
    { [models]: '/// <reference types="node" />' },
    [`${models}:1 platform`],
  ],
  ["a Node global", { [models]: "\n\nprocess.exit();" }, [`${models}:3 platform`]],
  ["a Node global by globalThis", { [models]: "globalThis.process;" }, [`${models}:1 platform`]],
  ["a page's global", { [models]: "export const a = document.title;" }, [`${models}:1 platform`]],
  [
    "a Node global declared by hand",
    { [models]: "declare const process: 1;" },
    [`${models}:1 platform`],
  ],
  ["a computed import in a browser", { [models]: "await import(name);" }, [`${models}:1 platform`]],
  [
    "a path into another package",
    { [models]: 'import "../../physics/src/a.ts";' },
    [`${models}:1 deep-import`],
  ],
  [
    "a path into a package's src",
    { [models]: 'import "@mclnn/physics/src/a.ts";' },
    [`${models}:1 deep-import`],
  ],
  [
    "a package importing itself by name",
    { [models]: 'import "@mclnn/models";' },
    [`${models}:1 deep-import`],
  ],
  [
    "an undeclared package of the workspace",
    { [models]: 'import "@mclnn/integrators";' },
    [`${models}:1 undeclared`],
  ],
  [
    "an undeclared package of others",
    { [models]: 'import "lodash/fp";' },
    [`${models}:1 undeclared`],
  ],
  [
    "an import from the wrong side, in an app",
    { "packages/report/src/a.ts": 'import "@mclnn/cli";' },
    ["packages/report/src/a.ts:1 undeclared", "packages/report/src/a.ts:1 layer"],
  ],
  ...["Math.exp(1)", "a ** 3", "2 ** b", "Math[b]", "a **= 2", "const { exp } = Math"].map(
    (code): (typeof violations)[number] => [
      `bits that differ between engines: ${code}`,
      { [models]: `\n${code};` },
      [`${models}:2 arithmetic`],
    ],
  ),
  [
    "the same in kernels, with fused operations",
    {
      "packages/models/assembly/a.ts": "NativeMath.exp(1);\nf64x2.relaxed_madd(a, b, c);",
      "apps/cli/src/a.ts": "Math.random();",
    },
    [
      "apps/cli/src/a.ts:1 arithmetic",
      "packages/models/assembly/a.ts:1 arithmetic",
      "packages/models/assembly/a.ts:2 arithmetic",
    ],
  ],
  ["a function of 81 lines", { [models]: `\n${lines(81)}` }, [`${models}:2 size`]],
  [
    "a long arrow function, and the one that it is in",
    {
      "apps/cli/src/a.ts": lines(
        83,
        "function a() {",
        `${lines(81, "const b = () => {", "};")}\n}`,
      ),
    },
    ["apps/cli/src/a.ts:1 size", "apps/cli/src/a.ts:83 size"],
  ],
  [
    "a long method and a long constructor",
    { [models]: `class A {\n${lines(81, "b() {")}\n${lines(81, "constructor() {")}\n}` },
    [`${models}:2 size`, `${models}:83 size`],
  ],
  ["a file of 401 lines", { [models]: ";\n".repeat(401) }, [`${models}:1 size`]],
  [
    "a package without a layer",
    { "packages/new/package.json": '{ "name": "@mclnn/new" }' },
    ["packages/new/package.json:1 unknown-package"],
  ],
];

it.each(violations)("finds %s", (_, files, expected) => {
  expect(findings(files)).toEqual(expected);
});

const allowed: [string, Record<string, string>][] = [
  [
    "imports down",
    { [models]: 'import { a } from "@mclnn/physics";\nexport type { b } from "@mclnn/datasets";' },
  ],
  [
    "imports between folders that go one way, and from the files beside them",
    {
      [physics]: 'import "./b/b.ts";\nimport "./c/c.ts";',
      "packages/physics/src/b/b.ts": 'import "../c/c.ts";\nimport "./d/d.ts";',
      "packages/physics/src/b/d/d.ts": 'import "../../c/e.ts";',
    },
  ],
  [
    "Node in datasets/src/node, in report/src/node and in the CLI",
    {
      "packages/datasets/src/node/a.ts": 'import "node:fs"; process.exit(await import(name));',
      "packages/report/src/node/a.ts": 'import "node:fs";',
      "apps/cli/src/a.ts": 'import "@mclnn/datasets/node"; import "commander"; process.exit();',
    },
  ],
  [
    "members and own variables with the names of globals",
    { [models]: "const location = 1; export const a = { process: location, b: b.document };" },
  ],
  [
    "arithmetic that is exact everywhere, and any in a picture",
    {
      [models]: "Math.sqrt(2 ** -40) * Math.PI + b.Math.exp; a.pow(2);",
      "packages/report/src/a.ts": "Math.exp(1) ** 3;",
    },
  ],
  ["functions of 80 lines and a file of 400", { [models]: `${lines(80)}\n`.repeat(5) }],
  [
    "a class of more than 80 lines, long types and lists",
    {
      [models]: `class A {\n${lines(80, "b() {")}\n}\n${lines(90, "interface B {")}\n${lines(90, "const c = [", "];")}\n`,
      "packages/models/assembly/a.ts": lines(90),
    },
  ],
  [
    "text that looks like an import",
    { [models]: '// import "node:fs";\nconst a = "import(\\"fs\\")";' },
  ],
];

it.each(allowed)("allows %s", (_, files) => {
  expect(findings(files)).toEqual([]);
});

it("says what to do, in words", () => {
  const files = { [physics]: 'import "@mclnn/models";' };
  expect(check(files)[0]?.message).toBe(
    "physics may not import @mclnn/models: imports run down the layers physics < integrators < datasets < metrics < models < learning < tfjs < studies < report < playground < cli < site",
  );
});

it("an inexact function may stay where the table says so, and must be there", () => {
  const files = { [models]: "Math.log10(1);" };
  const row = { file: models, name: "Math.log10", reason: "shown" };
  const rules = (inexact: readonly (typeof row)[]): string[] =>
    check(files, { inexact }).map(({ message }) => message);
  expect(rules([row])).toEqual([]);
  expect(rules([row, { ...row, name: "Math.exp" }])).toEqual(["Math.exp is allowed but not used"]);
});

it("a function or a file may be long where the table says so, and must be", () => {
  const files = { [models]: `${lines(410)}\n`, [physics]: lines(3) };
  const row = { file: models, name: "a", reason: "measured" };
  const messages = (long: readonly (typeof row)[]): string[] =>
    check(files, { long }).map(({ message }) => message);
  expect(messages([row, { ...row, name: "" }])).toEqual([]);
  expect(messages([])).toEqual([
    "the file has 410 lines, a file at most 400; split it into parts that a name says",
    "a has 410 lines, a function at most 80; split it into parts that a name says",
  ]);
  expect(messages([row, { ...row, name: "" }, { ...row, file: physics }])).toEqual([
    "a is allowed but not too long",
  ]);
});

it("names both folders, and the file that imports back", () => {
  const files = {
    "packages/physics/src/b/b.ts": 'import "../c/c.ts";',
    "packages/physics/src/c/d.ts": 'import "../b/e.ts";',
  };
  expect(check(files).map(({ message }) => message)).toEqual([
    "b/ imports c/, and c/ imports b/ (packages/physics/src/c/d.ts)",
  ]);
});
