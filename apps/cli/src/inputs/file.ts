import { readFile } from "node:fs/promises";
import { MclnnError } from "@mclnn/physics";

/** The bytes of a file named on the command line. @throws MclnnError naming the option and the path */
export async function readInput(path: string, option: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new MclnnError(`${option} ${path} cannot be read`, {
      code: code === "ENOENT" ? "file-not-found" : "unreadable-file",
      argument: option,
      expected: "the path of a file that may be read",
      got: code === "ENOENT" ? "no such file" : code === "EISDIR" ? "a folder" : (code ?? message),
      cause: error,
    });
  }
}
