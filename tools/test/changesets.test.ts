import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";

const root = path.join(import.meta.dirname, "../..");

/** Packages that a pending changeset names. */
const pending = new Set(
  readdirSync(path.join(root, ".changeset"))
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .flatMap((name) => {
      const [, front = ""] = readFileSync(path.join(root, ".changeset", name), "utf8").split("---");
      return [...front.matchAll(/"(@mclnn\/[a-z]+)": (?:patch|minor|major)/g)].map(
        ([, each]) => each as string,
      );
    }),
);

const manifest = JSON.parse(readFileSync(path.join(root, "apps/cli/package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const bundled = Object.keys(manifest.devDependencies).filter((name) => name.startsWith("@mclnn/"));

it("a release of a package inside the bundled command line is a release of @mclnn/cli too", () => {
  expect(bundled).toContain("@mclnn/models");
  const changed = bundled.filter((name) => pending.has(name));
  if (changed.length > 0) expect([...pending]).toContain("@mclnn/cli");
});

it("packages keep versions of their own", () => {
  const { fixed, linked } = JSON.parse(
    readFileSync(path.join(root, ".changeset/config.json"), "utf8"),
  ) as Record<string, unknown[]>;
  expect([fixed, linked]).toEqual([[], []]);
});
