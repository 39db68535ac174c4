import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeResult, encodeResult } from "../src/commands/reproduce/encoding.ts";
import { readInput } from "../src/inputs/file.ts";
import { MANIFEST_NAME, readManifest } from "../src/outputs/manifest.ts";
import { refusal } from "./refusal.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mclnn-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("files named on the command line", () => {
  it("are read whole", async () => {
    const path = join(folder, "a");
    await writeFile(path, Uint8Array.of(1, 2, 3));
    expect([...(await readInput(path, "--data"))]).toEqual([1, 2, 3]);
  });

  it.each([
    ["one that is not there", "none", "file-not-found", "no such file"],
    ["a folder", ".", "unreadable-file", "a folder"],
    ["a name that no file can have", "a\0b", "unreadable-file", "ERR_INVALID_ARG_VALUE"],
    ["a name below a file", "a/b", "unreadable-file", "ENOTDIR"],
  ])("are refused with the option and the path: %s", async (_, name, code, got) => {
    const path = `${folder}${sep}${name}`;
    const refused = await refusal(readInput(path, "--data"));
    expect(refused).toMatchObject({ code, argument: "--data", got });
    expect(refused.message).toMatch(/^--data .* cannot be read: expected the path of a file/s);
    expect(refused.message).toContain(path);
    expect(refused.cause).toBeInstanceOf(Error);
  });

  it("are refused from 2 GiB on, which is more than can be read at once", async () => {
    const path = join(folder, "large");
    // All hole: it takes no room.
    const file = await open(path, "w");
    await file.truncate(2.5 * 2 ** 30);
    await file.close();
    const refused = await refusal(readInput(path, "--data"));
    expect(refused).toMatchObject({
      code: "unreadable-file",
      argument: "--data",
      expected: "a file of less than 2 GiB",
      got: "2.5 GiB",
    });
    expect(refused.cause).toMatchObject({ code: "ERR_FS_FILE_TOO_LARGE" });
  });
});

describe("the list of what was written to a folder", () => {
  const good = {
    format: "mclnn-output",
    version: 1,
    command: "compare",
    files: ["a", "b/c", "..d"],
  };
  const readFrom = async (text: string) => {
    await writeFile(join(folder, MANIFEST_NAME), text);
    return readManifest(folder);
  };

  it("is read where all its files stay inside", async () => {
    expect(MANIFEST_NAME).toBe(".mclnn-output.json");
    expect(await readFrom(JSON.stringify(good))).toEqual(good);
    expect(await readFrom(JSON.stringify({ ...good, files: [] }))).toEqual({ ...good, files: [] });
    const inside = { ...good, files: ["a/../b", "./a"] };
    expect(await readFrom(JSON.stringify(inside))).toEqual(inside);
  });

  it.each<[string, object]>([
    ["another format", { format: "x" }],
    ["another version", { version: 2 }],
    ["no command", { command: undefined }],
    ["a command that is no text", { command: 1 }],
    ["no files", { files: undefined }],
    ["files that are no list", { files: "a" }],
    ["a file that is no text", { files: ["a", 1] }],
    ["a file without a name", { files: [""] }],
    ["the folder itself", { files: ["."] }],
    ["the folder itself by a way round", { files: ["a/.."] }],
    ["the folder above", { files: [".."] }],
    ["a file above", { files: ["../a"] }],
    ["a file above by a way round", { files: ["a/../../b"] }],
    ["a file from the root", { files: ["/a"] }],
  ])("is no list with %s", async (_, change) => {
    expect(await readFrom(JSON.stringify({ ...good, ...change }))).toBeUndefined();
  });

  it.each(["", "{", "null", "5", "[]"])("is none where the file holds %j", async (text) => {
    expect(await readFrom(text)).toBeUndefined();
  });

  it("is none where there is no file", async () => {
    expect(await readManifest(join(folder, "none"))).toBeUndefined();
  });
});

describe("stored results", () => {
  it("come back in every bit, arrays as they were", () => {
    const numbers = Float64Array.of(0.1, -0, 5e-324, Number.NaN, Number.POSITIVE_INFINITY);
    // A part of a larger array, which begins and ends in its middle.
    const value = { a: [1, { b: numbers.subarray(1, 4) }], c: null, d: "x", e: numbers };
    expect(decodeResult(encodeResult(value))).toStrictEqual({
      ...{ c: null, d: "x", e: numbers },
      a: [1, { b: numbers.slice(1, 4) }],
    });
    expect(encodeResult(Float64Array.of(1))).toBe('{"float64":"AAAAAAAA8D8="}');
  });

  it("leave alone what only looks like an array", () => {
    for (const value of [
      { float64: 1 },
      { float64: "AAAAAAAA8D8=", more: 1 },
      { float: "AA" },
      null,
      5,
    ])
      expect(decodeResult(JSON.stringify(value))).toEqual(value);
  });
});
