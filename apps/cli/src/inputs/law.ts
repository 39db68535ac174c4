import type { TrajectorySet } from "@mclnn/datasets";
import { MclnnError, type PairPotential } from "@mclnn/physics";
import { checkWhereItWent, guardPotential } from "./guarded-potential.ts";
import { resolvePotential } from "./potential.ts";
import { separationRange } from "./separation-range.ts";
import { builtInSystem } from "./system.ts";

/**
 * The law that `--system` or `--potential` names, a user's own checked at the separations of the data; undefined where neither was given.
 *
 * @throws MclnnError of kind `input`
 */
export async function resolveLaw(
  { potential, system }: { potential?: string | undefined; system?: string | undefined },
  data?: TrajectorySet,
): Promise<PairPotential | undefined> {
  if (potential !== undefined && system !== undefined)
    throw new MclnnError("options exclude each other", {
      code: "conflicting-options",
      argument: "--system",
      expected: "one of --potential and --system",
      got: "both",
    });
  if (system !== undefined) return builtInSystem(system).pair;
  if (potential === undefined) return undefined;
  const { pair } = await resolvePotential(potential);
  if (data === undefined) return pair;
  const guarded = guardPotential(pair, separationRange(data.positions, data));
  checkWhereItWent(guarded, data.positions, data);
  return guarded;
}
