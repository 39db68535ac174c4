import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { nodeFileSystem, writeFileAtomic } from "@mclnn/datasets/node";
import { isMclnnError } from "@mclnn/physics";
import {
  type Call,
  failingFileSystem,
  systemError,
} from "../../../packages/datasets/test/failing-file-system.ts";
import { inFolder } from "../../process.ts";
import type { Promised, Tally } from "../promise.ts";

const OLD = "what was there before";
const CODES = { quick: ["EIO", "ENOSPC"], full: ["EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR"] };
/** Bytes that one write takes. */
const SHORT = { quick: [1000, 0], full: [1, 7, 100, 4095, 4096, 9999, 0] };

export const writes: Promised = {
  name: "writes",
  promise:
    "Saves are whole or not at all: each system call fails, writes fall short, a disk is full; the old file stays and the error says what to do",
  async check(size, tally) {
    await inFolder(async (folder) => {
      const contents = "x".repeat(10_000);
      for (const code of CODES[size])
        for (const force of [true, false])
          await failEachCall(folder, { code, force, contents }, tally);
      for (const writes of SHORT[size]) {
        const file = path.join(folder, "short");
        await writeFile(file, OLD);
        const fileSystem = failingFileSystem(nodeFileSystem, () => null, { writes });
        const error = await writeFileAtomic(file, contents, { force: true, fileSystem }).catch(
          (e: unknown) => e,
        );
        const there = await readFile(file, "utf8");
        tally.expect(
          writes > 0
            ? error === undefined && there === contents
            : saysWhatToDo(error, file) && there === OLD,
          `writes of ${writes} bytes: ${error}`,
        );
      }
      await onFullDisk(path.join(folder, "full"), tally);
    });
  },
};

/** Fails the first call, then the second, and so on to the last that a write makes. */
async function failEachCall(
  folder: string,
  { code, force, contents }: { code: string; force: boolean; contents: string },
  tally: Tally,
): Promise<void> {
  for (let index = 0; ; index++) {
    const place = path.join(folder, `${code}-${force}-${index}`);
    const file = path.join(place, "file");
    await mkdir(place);
    if (force) await writeFile(file, OLD);
    const fileSystem = failingFileSystem(nodeFileSystem, (call, k) =>
      k === index ? systemError(code, call) : null,
    );
    const error = await writeFileAtomic(file, contents, { force, fileSystem }).catch(
      (e: unknown) => e,
    );
    const call: Call | undefined = fileSystem.calls[index];
    if (call === undefined) return;
    // Whether a name is free is asked before anything is done, and the answer is taken as it is.
    if (call === "exists") continue;
    const there = await readFile(file, "utf8").catch(() => null);
    const held =
      error === undefined
        ? there === contents
        : there === (force ? OLD : null) &&
          saysWhatToDo(error, file) &&
          (await readdir(place)).length === (force ? 1 : 0);
    tally.expect(held, `${code} at ${call} (force ${force}): ${there?.slice(0, 30)}, ${error}`);
  }
}

/** A file that is replaced and one that is new, on a disk that has no room. */
async function onFullDisk(place: string, tally: Tally): Promise<void> {
  const run = promisify(execFile);
  await mkdir(place);
  try {
    await run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place]);
  } catch {
    tally.skipped.push("a full disk: a small tmpfs may not be mounted here");
    return;
  }
  try {
    const file = path.join(place, "file");
    await writeFileAtomic(file, OLD);
    for (const [name, force] of [
      ["file", true],
      ["new", false],
    ] as const) {
      const error = await writeFileAtomic(path.join(place, name), "x".repeat(100_000), {
        force,
      }).catch((e: unknown) => e);
      tally.expect(
        saysWhatToDo(error, path.join(place, name)) && String(error).includes("ENOSPC"),
        `full disk: ${error}`,
      );
      const names = await readdir(place);
      tally.expect(
        names.join() === "file" && (await readFile(file, "utf8")) === OLD,
        `full disk: ${names} are there`,
      );
    }
  } finally {
    await run("umount", [place]);
  }
}

function saysWhatToDo(error: unknown, file: string): boolean {
  return (
    isMclnnError(error) &&
    error.code === "write-failed" &&
    error.argument === file &&
    error.message.includes(file) &&
    /Free some space|Check the (disk|folder)/.test(error.message)
  );
}
