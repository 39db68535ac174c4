import type { ReadTrajectories } from "@mclnn/datasets/formats";
import { readInput } from "../../inputs/file.ts";
import { readTrajectories } from "../../inputs/trajectories.ts";
import { trajectorySource } from "../../inputs/trajectory-source.ts";
import { describeFile, isLookedAtWhole } from "../../inspect/describe-file.ts";
import { describeTrajectories } from "../../inspect/trajectories.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { tell } from "../../terminal/fact.ts";
import type { InspectOptions } from "./declare.ts";

const NOTHING = new Uint8Array(0);

/** Says what a file holds. */
export async function inspect(
  path: string,
  options: InspectOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  const source = await trajectorySource(path, "path");
  const read = (): Promise<ReadTrajectories> =>
    readTrajectories(path, "path", { options, terminal, for: "look" });
  const head: Uint8Array = (await source.bytes()[Symbol.asyncIterator]().next()).value ?? NOTHING;
  const { kind, facts } = isLookedAtWhole(head.subarray(0, 64))
    ? await describeFile(await readInput(path, "path"), path, read)
    : describeTrajectories(await read());
  tell(terminal, [path, kind], facts, { path, kind, bytes: source.size ?? null });
  return DONE;
}
