import { readFile } from "node:fs/promises";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { parseState, type StateFile } from "../state-file.ts";
import { decodeTrajectorySet, encodeTrajectorySet } from "../trajectory-file.ts";
import type { TrajectorySet } from "../trajectory-set.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** Reads and checks a trajectory file (NPZ). @throws MclnnError of kind `input` */
export async function readTrajectoryFile(path: string): Promise<TrajectorySet> {
  return decodeTrajectorySet(await read(path), { source: path });
}

/** Writes a trajectory file (NPZ), whole or not at all. @throws as `writeFileAtomic` */
export async function writeTrajectoryFile(
  path: string,
  set: TrajectorySet,
  options: { force?: boolean } = {},
): Promise<void> {
  checkArgument("options", options, { force: "flag?" });
  const { force = false } = options;
  await writeFileAtomic(path, encodeTrajectorySet(set), { force });
}

/** Reads and checks a state file (JSON). @throws MclnnError of kind `input` */
export async function readStateFile(path: string): Promise<StateFile> {
  return parseState(new TextDecoder().decode(await read(path)), { source: path });
}

async function read(path: string): Promise<Uint8Array> {
  checkArgument("path", path, "text");
  try {
    return await readFile(path);
  } catch (cause) {
    throw new MclnnError(`${path} cannot be read`, {
      code: "cannot-read",
      argument: path,
      expected: "a file that can be read",
      got: (cause as Error).message,
      cause,
    });
  }
}
