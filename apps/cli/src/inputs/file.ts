import { readFile, stat } from "node:fs/promises";
import { MclnnError } from "@mclnn/physics";

/** The bytes of a file named on the command line. @throws MclnnError naming the option and the path */
export async function readInput(path: string, option: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw await unreadable(error as NodeJS.ErrnoException, path, option);
  }
}

/** What to say of a file that the system does not let us read. */
export async function unreadable(
  error: NodeJS.ErrnoException,
  path: string,
  option: string,
): Promise<MclnnError> {
  const { code, message } = error;
  // Node's own limit of what it reads at once.
  if (code === "ERR_FS_FILE_TOO_LARGE")
    return new MclnnError(`${option} ${path} is too large`, {
      code: "unreadable-file",
      argument: option,
      expected: "a file of less than 2 GiB",
      got: `${((await stat(path)).size / 2 ** 30).toFixed(1)} GiB`,
      mend: "Put fewer trajectories or records into one file; a law needs hundreds of trajectories, not millions.",
      cause: error,
    });
  return new MclnnError(`${option} ${path} cannot be read`, {
    code: code === "ENOENT" ? "file-not-found" : "unreadable-file",
    argument: option,
    expected: "the path of a file that may be read",
    got: code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : (code ?? message),
    cause: error,
  });
}
