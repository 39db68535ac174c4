import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { countThrows, findThrows } from "../throws.mjs";

const root = path.join(import.meta.dirname, "../..");

const filesUnder = (folder: string, suffix: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(suffix))
    .map((file) => path.posix.join(folder, file.split(path.sep).join("/")));

const packages = ["packages", "apps"].flatMap((parent) =>
  readdirSync(path.join(root, parent)).map((child) => `${parent}/${child}`),
);
const sources = packages.flatMap((folder) => filesUnder(`${folder}/src`, ".ts"));

/** Where renderPdf catches whatever is thrown. */
const TURNED_INTO_BAD_SVG = "packages/report/src/node/pdf/";

/** What is thrown that is neither an MclnnError by its type nor what was caught: where, what, and why that is right. */
const OTHERS: readonly (readonly [file: string, text: string, reason: string])[] = [
  [
    "packages/datasets/src/node/write-file-atomic.ts",
    'Object.assign(new Error("ENOSPC: the write took no bytes"), { code: "ENOSPC" })',
    "what the system would say; writeFileAtomic turns it into write-failed",
  ],
  [
    "packages/datasets/src/node/write-file-atomic.ts",
    'Object.assign(new Error("the name is taken"), { code: "EEXIST" })',
    "what a link would say; writeFileAtomic turns it into file-exists",
  ],
  [
    "packages/learning/src/node/threads.ts",
    "this.lose(null)",
    "what a thread reported, revived as it was thrown there; thread-lost where it is gone",
  ],
  [
    "apps/cli/src/commands/law/formula.ts",
    "error",
    "what was caught, whatever is not about the records",
  ],
  ["packages/integrators/src/create-run.ts", "end.error", "what the run ended with, an MclnnError"],
  ["packages/learning/src/node/threads.ts", "this.forget()", "the same"],
  ["packages/learning/src/node/threads.ts", "this.forget()", "the same"],
  ["packages/learning/src/node/threads.ts", "this.errors.get(first)", "the same"],
  [
    "packages/learning/src/node/work-on-thread.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source as it stands there
    "new Error(`no task is called ${task}`)",
    "a fault of ours: tasks and their names are in one file",
  ],
  ["packages/learning/src/runs/pausing.ts", "end.error", "what the steps threw, again"],
  [
    "apps/cli/src/checkpoint/checkpoint-folder.ts",
    "first",
    "the error of the newest checkpoint, an MclnnError as the line above it checked",
  ],
  [
    "packages/studies/src/compare/baseline.ts",
    "blame(error)",
    "what was caught, with its input named",
  ],
  ["packages/studies/src/compare/own-times.ts", "blamed", "the same"],
  ["packages/studies/src/compare/pair-laws.ts", "blame(error)", "the same"],
  ["apps/cli/src/commands/simulate/run.ts", "blame(error)", "the same"],
  [
    "apps/playground/src/learner/learner.ts",
    "new Refused(DIED)",
    "what the page says of a worker that died",
  ],
  [
    "apps/playground/src/learner/learner.ts",
    "new Refused(data.refusal)",
    "what the worker refused, with its code",
  ],
  ["apps/cli/src/jobs/job-pool.ts", "errorFrom(message.error)", "what a job threw in its thread"],
  ["apps/cli/src/jobs/job-pool.ts", "errors.get(first)", "what a job threw, here or in its thread"],
];

describe("every throw", () => {
  const found = findThrows(root, sources);

  it("of the sources is an MclnnError by its type, or what was caught, or one of the named others", () => {
    const others = found.filter(
      ({ kind, file }) => kind === "other" && !file.startsWith(TURNED_INTO_BAD_SVG),
    );
    expect(others.map(({ file, text }) => `${file}: ${text}`).sort()).toEqual(
      OTHERS.map(([file, text]) => `${file}: ${text}`).sort(),
    );
    for (const [, , reason] of OTHERS) expect(reason.length).toBeGreaterThan(5);
    // The search itself works: an empty answer would satisfy the rest.
    expect(found.filter(({ kind }) => kind === "typed").length).toBeGreaterThan(350);
    expect(found.filter(({ kind }) => kind === "rethrown").length).toBeGreaterThan(25);
  });

  // The command line's dist/ is one bundle of these sources and of commander, whose errors failure.ts puts into words.
  const built = packages
    .filter((folder) => folder !== "apps/cli")
    .flatMap((folder) => (existsSync(path.join(root, folder, "dist")) ? [folder] : []))
    .flatMap((folder) => filesUnder(`${folder}/dist`, ".js"))
    .filter((file) => newer(file, sourceOf(file)));

  it.skipIf(built.length === 0)("of dist/ is a throw of the sources: as many, file by file", () => {
    for (const file of built)
      expect(countThrows(file, read(file)), file).toBe(
        countThrows(sourceOf(file), read(sourceOf(file))),
      );
  });
});

function sourceOf(built: string): string {
  return built.replace("/dist/", "/src/").replace(/\.js$/, ".ts");
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

/** Whether a file was built from the source as it is now: a stale dist/ says nothing. */
function newer(file: string, source: string): boolean {
  const [built, from] = [file, source].map((each) => path.join(root, each)) as [string, string];
  return existsSync(from) && statSync(built).mtimeMs >= statSync(from).mtimeMs;
}

const table: [string, string, string[]][] = [
  ["an MclnnError", 'throw new MclnnError("x", details);', ["typed"]],
  ["what makes one", "const no = () => new MclnnError('x', details); throw no();", ["typed"]],
  ["what was caught", "try { f(); } catch (error) { throw error; }", ["rethrown"]],
  ["what a promise failed with", "g().catch((e: unknown) => { throw e; });", ["rethrown"]],
  ["an error without a code", 'throw new Error("x");', ["other"]],
  ["a kind of error that JavaScript knows", 'throw new TypeError("x");', ["other"]],
  ["a text", 'throw "x";', ["other"]],
  ["either arm", "throw y ? new MclnnError('x', details) : new Error('x');", ["typed", "other"]],
  ["a rejection", "new Promise((_, reject) => reject(new Error('x')));", ["other"]],
  ["another one", "Promise.reject(new MclnnError('x', details));", ["typed"]],
];

it("tells apart what is thrown", () => {
  const head =
    "class MclnnError extends Error { constructor(text: string, details: object) { super(text); } }\n" +
    "declare const details: object, y: boolean, f: () => void, g: () => Promise<void>;\n";
  const sample = (k: number): string => path.join(import.meta.dirname, `throws-sample-${k}.ts`);
  const texts = new Map(table.map(([, text], k) => [sample(k), `${head}${text}\nexport {};`]));
  const found = findThrows(root, [...texts.keys()], (file) => texts.get(file));
  for (const [k, [what, , kinds]] of table.entries())
    expect(
      found.filter(({ file }) => file === sample(k)).map(({ kind }) => kind),
      what,
    ).toEqual(kinds);
});
