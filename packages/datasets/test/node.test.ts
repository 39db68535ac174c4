import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { experimentByName, generateTrajectories, type TrajectorySet } from "../src/index.ts";
import {
  readStateFile,
  readTrajectoryFile,
  writeFileAtomic,
  writeTrajectoryFile,
} from "../src/node/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mclnn-"));
});
afterEach(() => rm(folder, { recursive: true }));

const codeOf = (error: unknown): unknown => isMclnnError(error) && [error.kind, error.code];

describe("files", () => {
  it("trajectories are written and read back", async () => {
    const e = experimentByName("gravity");
    const system = createSystem({ masses: e.masses, dimension: 3, potential: pairwise(e.pair) });
    const set = generateTrajectories({ system, start: e.trainStart, trajectories: 2 });
    const path = join(folder, "data.npz");
    await writeTrajectoryFile(path, set);
    expect(await readTrajectoryFile(path)).toEqual(set);
    expect(await readdir(folder)).toEqual(["data.npz"]);
  });

  it("trajectories replace a file only by force, and what cannot be used is said of the file", async () => {
    const set: TrajectorySet = {
      ...{ trajectories: 1, records: 1, particles: 1, dimension: 2, provenance: {} },
      ...{
        masses: Float64Array.of(1),
        times: Float64Array.of(0),
        positions: Float64Array.of(1, 2),
      },
    };
    const path = join(folder, "data.npz");
    await writeFile(path, "something else");
    await expect(writeTrajectoryFile(path, set)).rejects.toMatchObject({ code: "file-exists" });
    const said = { message: expect.stringContaining(path) };
    await expect(readTrajectoryFile(path)).rejects.toMatchObject({ code: "bad-zip", ...said });
    await expect(readStateFile(path)).rejects.toMatchObject({ code: "bad-json", ...said });
    await writeTrajectoryFile(path, set, { force: true });
    expect(await readTrajectoryFile(path)).toEqual(set);
  });

  it("nothing that is there is replaced without force, and no temporary file stays", async () => {
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "old");
    await expect(writeFileAtomic(path, "new")).rejects.toSatisfy(
      (e) => String(codeOf(e)) === "input,file-exists",
    );
    expect(await readFile(path, "utf8")).toBe("old");
    await writeFileAtomic(path, "new", { force: true });
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  it("force replaces a link, not what it points to", async () => {
    await writeFile(join(folder, "target"), "kept");
    await symlink(join(folder, "target"), join(folder, "link"));
    await writeFileAtomic(join(folder, "link"), "new", { force: true });
    expect(await readFile(join(folder, "target"), "utf8")).toBe("kept");
  });

  it("a write that fails leaves what was there, and no temporary file", async () => {
    const path = join(folder, "taken");
    await mkdir(path);
    await writeFile(join(path, "inside"), "kept");
    const error = await writeFileAtomic(path, "x", { force: true }).catch((e: unknown) => e);
    expect(codeOf(error)).toEqual(["input", "write-failed"]);
    expect(String(error)).toContain("a file, not a folder");
    expect(codeOf(await writeFileAtomic(path, "x").catch((e: unknown) => e))).toEqual([
      "input",
      "file-exists",
    ]);
    expect(await readdir(folder)).toEqual(["taken"]);
    expect(await readFile(join(path, "inside"), "utf8")).toBe("kept");
  });

  it("of two writers of one new name, one is told that it is taken", async () => {
    const path = join(folder, "once");
    const outcomes = await Promise.allSettled(
      ["a", "b", "c"].map((text) => writeFileAtomic(path, text)),
    );
    const refused = outcomes.filter((each) => each.status === "rejected");
    expect(refused.map(({ reason }) => codeOf(reason))).toEqual([
      ["input", "file-exists"],
      ["input", "file-exists"],
    ]);
    expect(await readFile(path, "utf8")).toMatch(/^[abc]$/);
    expect(await readdir(folder)).toEqual(["once"]);
  });

  it("a set that cannot be written leaves no file", async () => {
    const e = experimentByName("gravity");
    const system = createSystem({ masses: e.masses, dimension: 3, potential: pairwise(e.pair) });
    const set = generateTrajectories({ system, start: e.trainStart, trajectories: 1 });
    set.positions[3] = Number.NaN;
    const error = await writeTrajectoryFile(join(folder, "x.npz"), set).catch((x: unknown) => x);
    expect(codeOf(error)).toEqual(["input", "not-finite"]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("a missing folder is said, before anything is written", async () => {
    const error = await writeFileAtomic(join(folder, "no", "a.txt"), "x").catch((e: unknown) => e);
    expect(codeOf(error)).toEqual(["input", "no-folder"]);
  });

  it("files that cannot be read are named", async () => {
    const error = await readTrajectoryFile(join(folder, "none.npz")).catch((e: unknown) => e);
    expect(codeOf(error)).toEqual(["input", "cannot-read"]);
    expect(String(error)).toContain("none.npz");
    await writeFile(join(folder, "s.json"), "{}");
    expect(codeOf(await readStateFile(join(folder, "s.json")).catch((e: unknown) => e))).toEqual([
      "input",
      "missing-key",
    ]);
  });
});
