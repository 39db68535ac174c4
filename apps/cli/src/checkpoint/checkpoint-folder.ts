import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Lock, takeLock, writeFileAtomic } from "@mclnn/datasets/node";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import { isMclnnError } from "@mclnn/physics";
import { checkWritable, folderAt, removeEmpty } from "../outputs/place.ts";

/** A folder of checkpoints that is this run's alone. Two are kept, so that a damaged one costs an interval and no more. */
export interface CheckpointFolder {
  readonly path: string;
  /** What the newest whole checkpoint holds; null in a folder without any. @throws MclnnError `wrong-checksum` ... when none is whole */
  newest(warn: (text: string) => void): Promise<Checkpoint | null>;
  /** Adds a checkpoint, and removes those older than the last two. @throws MclnnError `write-failed`, `lock-lost` */
  save(checkpoint: Checkpoint): Promise<void>;
  /** Writes another file of the run, in place of the one that is there. */
  write(name: string, contents: string): Promise<void>;
  /** Contents of such a file; null where there is none. */
  read(name: string): Promise<string | null>;
  /** Lets another run use the folder. */
  close(): Promise<void>;
}

const NAME = /^checkpoint-(\d{6,})\.safetensors$/;
const TEMPORARY = /^\.checkpoint-.*\.tmp$/;

/**
 * Opens a folder of checkpoints, made if need be.
 *
 * @throws MclnnError `in-use` while another run has it; `not-a-folder`, `not-writable`
 */
export async function openCheckpointFolder(
  path: string,
  option: string,
): Promise<CheckpointFolder> {
  const full = resolve(path);
  await folderAt(path, option);
  await checkWritable(join(full, "lock"), option);
  const made = await mkdir(full, { recursive: true });
  const lock: Lock = await takeLock(join(full, "lock"), {
    place: `the folder ${path}`,
    argument: option,
  });
  for (const name of await readdir(full))
    if (TEMPORARY.test(name)) await rm(join(full, name), { force: true });
  /** Number of the last checkpoint that was whole when it was written or read. */
  let last = -1;

  const numbers = async (): Promise<number[]> =>
    (await readdir(full))
      .flatMap((name) => (NAME.test(name) ? [Number((NAME.exec(name) as RegExpExecArray)[1])] : []))
      .sort((a, b) => b - a);
  const fileOf = (n: number): string =>
    join(full, `checkpoint-${String(n).padStart(6, "0")}.safetensors`);

  return {
    path,
    async newest(warn) {
      let first: unknown;
      for (const n of await numbers()) {
        const source = fileOf(n);
        try {
          const checkpoint = decodeCheckpoint(await readFile(source), { source });
          last = n;
          if (first !== undefined)
            warn(`${(first as Error).message} The checkpoint before it is used: ${source}`);
          return checkpoint;
        } catch (error) {
          if (!isMclnnError(error)) throw error;
          first ??= error;
        }
      }
      if (first !== undefined) throw first;
      return null;
    },
    async save(checkpoint) {
      await lock.check();
      const there = await numbers();
      const next = Math.max(last, ...there, -1) + 1;
      await writeFileAtomic(fileOf(next), encodeCheckpoint(checkpoint));
      for (const n of there) if (n !== last) await rm(fileOf(n), { force: true });
      last = next;
    },
    async write(name, contents) {
      await lock.check();
      await writeFileAtomic(join(full, name), contents, { force: true });
    },
    async read(name) {
      return readFile(join(full, name), "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
    },
    async close() {
      await lock.release();
      if (made !== undefined) await removeEmpty(full, made);
    },
  };
}
