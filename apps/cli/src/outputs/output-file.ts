import { mkdir } from "node:fs/promises";
import { dirname, extname, resolve } from "node:path";
import { MclnnError } from "@mclnn/physics";
import { checkWritable, kindOf, SPECIAL } from "./place.ts";

/** A file that a command is going to write, checked before the work starts. */
export interface OutputFile {
  readonly path: string;
  /** Makes the folder if need be and writes the file whole or not at all. */
  write(contents: Uint8Array | string): Promise<void>;
}

/** Endings of files of other kinds: a reader would take the file for what it is not. */
const OTHER_ENDINGS = new Set([
  ".csv",
  ".html",
  ".json",
  ".npy",
  ".npz",
  ".pdf",
  ".png",
  ".safetensors",
  ".svg",
  ".tsv",
  ".txt",
]);

/**
 * Claims a path for a command's output.
 *
 * @param ending - of what is written, for example `.npz`: a path that ends like a file of another kind is refused
 * @throws MclnnError `file-exists` without `force`; `not-writable`; `not-a-file`; `unknown-format`
 */
export async function claimFile(
  path: string,
  {
    option = "--out",
    force = false,
    ending,
  }: { option?: string; force?: boolean | undefined; ending?: string } = {},
): Promise<OutputFile> {
  const full = resolve(path);
  const empty = path.trim() === "";
  const kind = empty ? "nothing" : await kindOf(full);
  const got = empty
    ? "nothing"
    : path === "-"
      ? "-, and files are not written to standard output"
      : kind === "folder" || /[/\\]$/.test(path)
        ? "a folder"
        : kind === "special"
          ? SPECIAL
          : undefined;
  if (got !== undefined)
    throw new MclnnError(`${option} ${JSON.stringify(path)} cannot be written`, {
      code: "not-a-file",
      argument: option,
      expected: "the path of a file",
      got,
    });
  if (kind === "file" && !force)
    throw new MclnnError(`${option} ${path} exists already`, {
      code: "file-exists",
      argument: option,
      expected: "a path where there is no file",
      got: "a file",
      mend: "Choose another path, or give --force to overwrite.",
    });
  const own = extname(path).toLowerCase();
  if (ending !== undefined && own !== ending && OTHER_ENDINGS.has(own))
    throw new MclnnError(`${option} ${path} would not be what its name says`, {
      code: "unknown-format",
      argument: option,
      expected: `a path that ends in ${ending}`,
      got: own,
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
