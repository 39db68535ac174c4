import { readInput } from "../../inputs/file.ts";
import { describeFile } from "../../inspect/describe-file.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { tell } from "../../terminal/fact.ts";

/** Says what a file holds. */
export async function inspect(path: string, { terminal }: Session): Promise<ExitCode> {
  const bytes = await readInput(path, "path");
  const { kind, facts } = await describeFile(bytes, path);
  tell(terminal, [path, kind], facts, { path, kind, bytes: bytes.length });
  return DONE;
}
