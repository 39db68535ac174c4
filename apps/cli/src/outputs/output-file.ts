import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MclnnError } from "@mclnn/physics";
import { checkWritable, kindOf } from "./place.ts";

/** A file that a command is going to write, checked before the work starts. */
export interface OutputFile {
  readonly path: string;
  /** Makes the folder if need be and writes the file whole or not at all. */
  write(contents: Uint8Array | string): Promise<void>;
}

/**
 * Claims a path for a command's output.
 *
 * @throws MclnnError `file-exists` without `force`; `not-writable`; `not-a-file`
 */
export async function claimFile(
  path: string,
  { option = "--out", force = false }: { option?: string; force?: boolean | undefined } = {},
): Promise<OutputFile> {
  const full = resolve(path);
  const kind = path === "" ? "folder" : await kindOf(full);
  if (kind === "folder" || /[/\\]$/.test(path))
    throw new MclnnError(`${option} ${path} cannot be written`, {
      code: "not-a-file",
      argument: option,
      expected: "the path of a file",
      got: path === "" ? "nothing" : "a folder",
    });
  if (kind === "file" && !force)
    throw new MclnnError(`${option} ${path} exists already`, {
      code: "file-exists",
      argument: option,
      expected: "a path where there is no file",
      got: "a file",
      mend: "Choose another path, or give --force to overwrite.",
    });
  await checkWritable(full, option);
  return {
    path,
    async write(contents) {
      const { writeFileAtomic } = await import("@mclnn/datasets/node");
      await mkdir(dirname(full), { recursive: true });
      await writeFileAtomic(full, contents, { force });
    },
  };
}
