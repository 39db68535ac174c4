import { decodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import { readInput } from "./file.ts";

/** A trajectory file named on the command line. @throws MclnnError of kind `input` */
export async function readTrajectories(
  path: string,
  option: string,
  { missingAsNan = false }: { missingAsNan?: boolean } = {},
): Promise<TrajectorySet> {
  return decodeTrajectorySet(await readInput(path, option), { source: path, missingAsNan });
}
