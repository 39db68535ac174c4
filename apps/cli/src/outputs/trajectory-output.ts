import { extname } from "node:path";
import type { TrajectorySet } from "@mclnn/datasets";
import { formatOf, formats } from "@mclnn/datasets/formats";
import { MclnnError } from "@mclnn/physics";
import type { Terminal } from "../terminal/terminal.ts";
import { claimFile } from "./output-file.ts";

/** A file of trajectories that a command is going to write. */
export interface TrajectoryOutput {
  readonly path: string;
  /** Name of the format. */
  readonly format: string;
  /** Writes it whole or not at all, and says what the format leaves out. */
  write(set: TrajectorySet, terminal: Pick<Terminal, "remark">): Promise<void>;
}

/**
 * Claims a path for trajectories, in the format that its ending says.
 *
 * @throws MclnnError `unknown-format` for other endings, and as {@link claimFile}
 */
export async function claimTrajectories(
  path: string,
  { option = "--out", force }: { option?: string; force?: boolean | undefined } = {},
): Promise<TrajectoryOutput> {
  const out = await claimFile(path, { option, force });
  const ending = extname(path).toLowerCase();
  const format = formatOf(ending === "" ? ".npz" : path) ?? unknownFormat(path, option);
  return {
    path: out.path,
    format: format.name,
    async write(set, terminal) {
      const encoder = new TextEncoder();
      const pieces: Uint8Array[] = [];
      for (const piece of format.write?.(set, ending) ?? [])
        pieces.push(typeof piece === "string" ? encoder.encode(piece) : piece);
      await out.write(pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces));
      const lost = format.leavesOut?.(set) ?? null;
      if (lost !== null) terminal.remark(`${out.path} leaves out ${lost}.`);
    },
  };
}

function unknownFormat(path: string, option: string): never {
  const endings = formats.flatMap((each) => (each.write === undefined ? [] : each.endings));
  const own = extname(path).toLowerCase();
  throw new MclnnError(`${option} ${path} is of no format that is written`, {
    code: "unknown-format",
    argument: option,
    expected: `a path that ends in ${endings.join(", ")}`,
    got: own,
  });
}
