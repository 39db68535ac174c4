import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseState } from "@mclnn/datasets";
import { expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

const NAMES = [
  ".gitignore",
  "README.md",
  "link.mjs",
  "main.ts",
  "package.json",
  "potential.ts",
  "start.json",
  "tsconfig.json",
];

it("writes a project, into a new folder or an empty one; depends on exactly what its programs import and the command line", async () => {
  mkdirSync(at("empty"));
  for (const folder of ["A new Law", "empty"]) {
    const { code, stdout, stderr } = await runCli(["init", at(folder), "--json"]);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ project: at(folder), files: NAMES });
    expect(readdirSync(at(folder)).sort()).toEqual(NAMES);
  }
  const read = (name: string): string => readFileSync(at("A new Law", name), "utf8");
  const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
  expect(manifest.name).toBe("a-new-law");
  const imported = new Set(
    [...`${read("main.ts")}${read("potential.ts")}`.matchAll(/from "(@mclnn\/\w+)/g)].map(
      ([, name]) => name as string,
    ),
  );
  // This is a clone: its packages are linked, and nothing is asked of the registry that may not be there.
  expect(manifest.dependencies).toBeUndefined();
  const linked = [...imported, "@mclnn/cli"].sort();
  expect(manifest.scripts?.postinstall).toBe("node link.mjs");
  for (let again = 0; again < 2; again++)
    execFileSync(process.execPath, ["link.mjs"], { cwd: at("A new Law") });
  expect(readdirSync(at("A new Law", "node_modules", "@mclnn"))).toEqual(
    linked.map((name) => name.replace("@mclnn/", "")),
  );
  for (const name of linked) {
    const place = at("A new Law", "node_modules", name, "package.json");
    expect((JSON.parse(readFileSync(place, "utf8")) as { name: string }).name).toBe(name);
  }
  for (const script of Object.values(manifest.scripts ?? {}))
    expect(["jiti", "node", "tsc"]).toContain(script.split(" ")[0]);
  expect(parseState(read("start.json")).masses).toHaveLength(3);
});

it.each([
  ["a folder with a file in it", "full", "folder-not-empty"],
  ["a file", "full/kept.txt", "not-a-folder"],
  ["a place below a file", "full/kept.txt/below", "not-writable"],
])("refuses %s, and leaves it as it is", async (_, name, code) => {
  mkdirSync(at("full"), { recursive: true });
  writeFileSync(at("full", "kept.txt"), "kept");
  const { code: exit, stdout } = await runCli(["init", at(name), "--json"]);
  expect(exit).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
  expect(readdirSync(at("full"))).toEqual(["kept.txt"]);
});
