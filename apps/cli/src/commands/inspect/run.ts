import { readInput } from "../../inputs/file.ts";
import { describeFile } from "../../inspect/describe-file.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { formatTable } from "../../terminal/table.ts";

/** Says what a file holds. */
export async function inspect(path: string, { terminal }: Session): Promise<ExitCode> {
  const bytes = await readInput(path, "path");
  const { kind, facts, json } = await describeFile(bytes, path);
  terminal.print(formatTable([{ title: path }, { title: kind }], facts, terminal.colours.bold));
  terminal.printJson({ path, kind, bytes: bytes.length, ...json });
  return DONE;
}
