import type { TrajectorySet } from "@mclnn/datasets";
import type { LawBond } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { checkedBonds } from "@mclnn/physics/forces";
import type { TrainOptions } from "../runs/train-options.ts";

/**
 * The bonds that are told; null where all pairs feel each other, or who does has to be found out.
 *
 * @throws MclnnError `bad-option`, `conflicting-options`
 */
export function bondsTold(
  options: TrainOptions,
  { particles }: TrajectorySet,
): readonly LawBond[] | null {
  const { bonds = "all" } = options;
  if (bonds === "all") return null;
  refuseBeside(options, bonds);
  if (bonds === "unknown") return null;
  const own = checkedBonds(bonds);
  for (const [i, j] of own)
    if (Math.max(i, j) >= particles)
      refuse("bonds", `particles from 0 to ${particles - 1}`, `particle ${Math.max(i, j)}`);
  if (own.every(([, , w]) => w === 0)) refuse("bonds", "a bond with a weight", "none");
  return own.filter(([, , w]) => w !== 0).map(([i, j, w]): LawBond => [i, j, w, null]);
}

function refuseBeside(
  { coupling = "none", fitMasses, optimizer = "auto", model = "mclnn" }: TrainOptions,
  bonds: NonNullable<TrainOptions["bonds"]>,
): void {
  const conflict = (argument: string, expected: string, got: string): never => {
    throw new MclnnError("bonds do not go with this", {
      code: "conflicting-options",
      argument,
      expected,
      got,
    });
  };
  if (model === "lnn") conflict("model", "mclnn or spline, laws of pairs, with bonds", model);
  if (coupling !== "none") conflict("coupling", "none: bonds have weights of their own", coupling);
  if (fitMasses === true) conflict("fitMasses", "masses that are given, with bonds", "true");
  if (bonds === "unknown" && optimizer !== "auto")
    conflict("optimizer", "auto, where bonds are looked for", optimizer);
}

function refuse(argument: string, expected: string, got: string): never {
  throw new MclnnError("bonds cannot be used", { code: "bad-option", argument, expected, got });
}
