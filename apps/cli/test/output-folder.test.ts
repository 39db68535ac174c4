import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { MclnnError } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { readManifest } from "../src/outputs/manifest.ts";
import { claimFolder, type FolderClaim } from "../src/outputs/output-folder.ts";
import { scratchFolder } from "./run-cli.ts";

const at = scratchFolder();

const claim: FolderClaim = { command: "compare", replace: true };

async function publish(
  folder: string,
  files: Record<string, string>,
  options: Partial<FolderClaim> = {},
): Promise<void> {
  const output = await claimFolder(folder, { ...claim, ...options });
  for (const [name, contents] of Object.entries(files)) await output.write(name, contents);
  await output.publish();
}

/** Every file in a folder with its contents, the manifest left out. */
function contents(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== ".mclnn-output.json")
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, "utf8")])
      .sort(),
  );
}

describe("an output folder", () => {
  it("appears whole, with a manifest, and leaves nothing beside it", async () => {
    const folder = at("new", "deep", "out");
    const output = await claimFolder(folder, claim);
    await output.write("a.txt", "1");
    await output.write("figures/b.svg", "2");
    expect(existsSync(folder)).toBe(false);
    await output.publish();
    expect(contents(folder)).toEqual({ "a.txt": "1", "figures/b.svg": "2" });
    expect(await readManifest(folder)).toMatchObject({
      command: "compare",
      files: ["a.txt", "figures/b.svg"],
    });
    expect(readdirSync(at("new", "deep"))).toEqual(["out"]);
  });

  it("leaves no trace when it is discarded", async () => {
    const output = await claimFolder(at("discarded", "out"), claim);
    await output.write("a.txt", "1");
    await output.discard();
    expect(existsSync(at("discarded"))).toBe(false);
  });

  it("is one run's alone: the second is refused with pid and host of the first", async () => {
    const folder = at("one", "out");
    const output = await claimFolder(folder, claim);
    const error = await claimFolder(folder, claim).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "in-use", kind: "input", argument: "--out" });
    expect((error as MclnnError).got).toContain(`process ${process.pid} on ${hostname()}`);
    await output.write("a.txt", "1");
    await output.publish();
    await (await claimFolder(folder, claim)).discard();
    expect(contents(folder)).toEqual({ "a.txt": "1" });
    expect(readdirSync(at("one"))).toEqual(["out"]);
  });

  it.each([
    ["while it built", ["partial"], "earlier"],
    ["while it swapped the folders", ["partial", "old"], "earlier"],
    ["after it swapped them", ["old"], "new"],
  ])("tidies up after a run that was killed %s", async (when, left, kept) => {
    const folder = at(`killed ${when}`, "out");
    await publish(folder, { "a.txt": kept });
    for (const what of left) {
      const place = join(folder, "..", `.out.${what}-0123456789ab`);
      if (what === "old") {
        mkdirSync(place);
        if (kept === "earlier") renameSync(folder, join(place, "results"));
        else mkdirSync(join(place, "results"));
      } else mkdirSync(place);
    }
    await (await claimFolder(folder, claim)).discard();
    expect(contents(folder)).toEqual({ "a.txt": kept });
    expect(readdirSync(join(folder, ".."))).toEqual(["out"]);
  });

  // Root may write anywhere.
  const isRoot = process.getuid?.() === 0;
  it.skipIf(isRoot)("is built inside where its parent may not be written to", async () => {
    const folder = at("inside", "out");
    await publish(folder, { "a.txt": "1", "b/c.txt": "2" });
    chmodSync(at("inside"), 0o500);
    try {
      await publish(folder, { "a.txt": "3" });
    } finally {
      chmodSync(at("inside"), 0o700);
    }
    expect(contents(folder)).toEqual({ "a.txt": "3" });
  });

  it("replaces what an earlier run left, files that are gone now among them", async () => {
    const folder = at("again");
    await publish(folder, { "a.txt": "1", "old/b.txt": "2" });
    await publish(folder, { "a.txt": "3", "c.txt": "4" });
    expect(contents(folder)).toEqual({ "a.txt": "3", "c.txt": "4" });
    expect(existsSync(join(folder, "old"))).toBe(false);
  });

  it("keeps files that are not its own, in its own folders too", async () => {
    const folder = at("shared");
    await publish(folder, { "a.txt": "1", "figures/b.svg": "2" });
    writeFileSync(join(folder, "notes.md"), "mine");
    writeFileSync(join(folder, "figures", "mine.svg"), "mine");
    await publish(folder, { "a.txt": "3" });
    expect(contents(folder)).toEqual({
      "a.txt": "3",
      "figures/mine.svg": "mine",
      "notes.md": "mine",
    });
  });

  const refusals: [string, Record<string, string>, Partial<FolderClaim>, string][] = [
    ["a folder with other files", { "notes.md": "mine" }, {}, "folder-not-empty"],
    ["another command's results", { "x.txt": "1" }, { command: "evaluate" }, "folder-not-empty"],
    [
      "its own earlier results where they are not to be replaced",
      { "x.txt": "1" },
      { replace: false },
      "folder-not-empty",
    ],
    [
      "a collision that is certain",
      { "results.json": "mine" },
      { beside: true, certain: ["results.json"] },
      "file-exists",
    ],
  ];
  for (const [what, files, options, code] of refusals)
    it(`refuses ${what}, and takes it with force`, async () => {
      const folder = at(`refused-${code}-${what.length}`);
      if (what.includes("results w") || what.startsWith("another")) await publish(folder, files);
      else {
        mkdirSync(folder);
        for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      }
      const before = contents(folder);
      await expect(publish(folder, { "results.json": "new" }, options)).rejects.toMatchObject({
        code,
        kind: "input",
      });
      expect(contents(folder)).toEqual(before);
      await publish(folder, { "results.json": "new" }, { ...options, force: true });
      expect(contents(folder)["results.json"]).toBe("new");
      if (files["notes.md"] !== undefined) expect(contents(folder)["notes.md"]).toBe("mine");
    });

  it("refuses a collision that shows only at the end, and changes nothing", async () => {
    const folder = at("late");
    mkdirSync(folder);
    writeFileSync(join(folder, "b.txt"), "mine");
    await expect(
      publish(folder, { "a.txt": "1", "b.txt": "2" }, { beside: true }),
    ).rejects.toMatchObject({ code: "file-exists", got: "b.txt" });
    expect(contents(folder)).toEqual({ "b.txt": "mine" });
    expect(readdirSync(at()).filter((name) => name.startsWith(".late"))).toEqual([]);
  });

  it("does not trust a manifest that leads out of the folder", async () => {
    const folder = at("forged");
    mkdirSync(folder);
    writeFileSync(at("precious.txt"), "mine");
    writeFileSync(
      join(folder, ".mclnn-output.json"),
      JSON.stringify({
        format: "mclnn-output",
        version: 1,
        command: "compare",
        files: ["../precious.txt"],
      }),
    );
    await expect(publish(folder, { "a.txt": "1" })).rejects.toMatchObject({
      code: "folder-not-empty",
    });
    await publish(folder, { "a.txt": "1" }, { force: true });
    expect(readFileSync(at("precious.txt"), "utf8")).toBe("mine");
  });

  it("goes through a link to the folder behind it", async () => {
    mkdirSync(at("behind"));
    symlinkSync(at("behind"), at("link"));
    await publish(at("link"), { "a.txt": "1" });
    expect(contents(at("behind"))).toEqual({ "a.txt": "1" });
  });

  it("refuses a path that is a file, and one below a file", async () => {
    writeFileSync(at("plain"), "");
    await expect(claimFolder(at("plain"), claim)).rejects.toMatchObject({ code: "not-a-folder" });
    await expect(claimFolder(at("plain", "out"), claim)).rejects.toMatchObject({
      code: "not-writable",
    });
  });
});
