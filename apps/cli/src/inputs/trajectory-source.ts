import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type ByteSource, joinedSource } from "@mclnn/datasets/formats";
import { MclnnError } from "@mclnn/physics";
import { unreadable } from "./file.ts";

/** Bytes that are read at once. */
const PIECE = 2 ** 20;
/** Bytes of each file of many in which the number of its step is looked for. */
const HEAD = 4096;

/**
 * A file named on the command line, or the files that a pattern with * and ? names, one frame each, by their steps.
 *
 * @throws MclnnError naming the option and the path
 */
export async function trajectorySource(path: string, option: string): Promise<ByteSource> {
  const pattern = /[*?]/.test(basename(path)) && !(await isThere(path));
  if (!pattern) return fileSource(path, option);
  const folder = dirname(path);
  const wanted = matcher(basename(path));
  const names = (await readdir(folder).catch(() => [])).filter((name) => wanted.test(name));
  if (names.length === 0)
    throw new MclnnError(`${option} ${path} names no file`, {
      code: "file-not-found",
      argument: option,
      expected: "a pattern that files match",
      got: `none in ${folder}`,
    });
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      return { file, name, step: await stepOf(file) };
    }),
  );
  files.sort(
    (a, b) => a.step - b.step || a.name.localeCompare(b.name, "en", { numeric: true }) || 0,
  );
  return joinedSource(path, await Promise.all(files.map(({ file }) => fileSource(file, option))));
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** A pattern of file names: * is any text, ? any letter. */
function matcher(pattern: string): RegExp {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

/** The step that a file of one frame is of; 0 where it does not say. */
async function stepOf(file: string): Promise<number> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const text = buffer.subarray(0, bytesRead).toString("latin1");
    return Number(/(?:ITEM: TIMESTEP\s+|\btimestep[=:]\s*|\bstep=)(\d+)/i.exec(text)?.[1] ?? 0);
  } finally {
    await handle.close();
  }
}

async function fileSource(path: string, option: string): Promise<ByteSource> {
  try {
    const found = await stat(path);
    // A folder opens as a file does; only reading tells.
    const handle = await open(path);
    try {
      await handle.read(Buffer.alloc(1), 0, 1, 0);
    } finally {
      await handle.close();
    }
    return {
      name: path,
      size: found.size,
      bytes: () => createReadStream(path, { highWaterMark: PIECE }),
    };
  } catch (error) {
    throw await unreadable(error as NodeJS.ErrnoException, path, option);
  }
}
