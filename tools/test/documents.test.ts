import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

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

it("every package brings the licence of the workspace", () => {
  for (const folder of packages) expect(read(`${folder}/LICENSE`)).toBe(read("LICENSE"));
});

it("what others cite has the version of @mclnn/cli, the licence, and no DOI that is not there yet", () => {
  const { version } = JSON.parse(read("apps/cli/package.json")) as { version: string };
  expect(read("CITATION.cff")).toContain(`\nversion: ${version}\n`);
  for (const file of ["codemeta.json", ".zenodo.json"])
    expect(JSON.parse(read(file))).toMatchObject({
      version,
      license: expect.stringMatching(/MIT$/),
    });
  expect(read("CITATION.cff")).not.toMatch(/^doi:/m);
});
