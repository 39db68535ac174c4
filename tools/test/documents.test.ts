import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { errorCodes } from "../error-codes.mjs";

const root = path.join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

const filesUnder = (folder: string, suffix: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(suffix))
    .map((file) => path.join(folder, file));

const packages = ["packages", "apps"].flatMap((parent) =>
  readdirSync(path.join(root, parent)).map((child) => `${parent}/${child}`),
);

const documents = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md"],
  ...filesUnder("docs", ".md").filter((file) => !file.startsWith(path.join("docs", "api"))),
  ...packages.map((folder) => `${folder}/README.md`),
];

it.each(documents)("%s: every link leads somewhere", (document) => {
  for (const [, target] of read(document).matchAll(/\]\(([^)#:]+)\)/g)) {
    const file = path.join(root, path.dirname(document), target as string);
    expect(existsSync(file), `${document} points at ${target}`).toBe(true);
  }
});

/** Why a training ended before there was anything to keep: the one code that is the value of a variable, `interrupted`. */
const INTERRUPTIONS = ["aborted", "epochs", "time-limit"];

it("docs/errors.md lists every error code of the sources, and no other", () => {
  const used = new Set<string>();
  for (const file of packages.flatMap((folder) => filesUnder(`${folder}/src`, ".ts"))) {
    const { codes, computed } = errorCodes(file, read(file));
    for (const code of codes) used.add(code);
    for (const expression of computed) {
      expect(expression, `${file}: a code that docs/errors.md cannot know`).toMatch(
        /\binterrupted$/,
      );
      for (const code of INTERRUPTIONS) used.add(code);
    }
  }
  const listed = [...read("docs/errors.md").matchAll(/^\| `([a-z0-9-]+)`/gm)].map(
    ([, code]) => code,
  );
  expect(listed).toEqual([...used].sort());
});

it("every package brings the licence of the workspace", () => {
  for (const folder of packages) expect(read(`${folder}/LICENSE`)).toBe(read("LICENSE"));
});
