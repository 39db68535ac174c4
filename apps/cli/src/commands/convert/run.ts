import { readTrajectories } from "../../inputs/trajectories.ts";
import { claimTrajectories } from "../../outputs/trajectory-output.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import type { ConvertOptions } from "./declare.ts";

/** Trajectories from one format to another. */
export async function convert(
  [from, to]: readonly [string, string],
  options: ConvertOptions,
  { terminal }: Session,
): Promise<ExitCode> {
  const out = await claimTrajectories(to, { option: "out", force: options.force });
  const { set, format } = await readTrajectories(from, "in", { options, terminal, for: "look" });
  await out.write(set, terminal);
  const { trajectories, records, particles, dimension } = set;
  terminal.print(
    `${format}, ${trajectories === 1 ? "" : `${trajectories} x `}${records} records of ${particles} particles, to ${out.format}: ${out.path}`,
  );
  terminal.printJson({
    ...{ data: out.path, from: format, to: out.format },
    ...{ trajectories, records, particles, dimension },
  });
  return DONE;
}
