import { bonded } from "@mclnn/physics/forces";
import type { LawBond, MclnnModel, SplineModel } from "./model.ts";

/** A law that acts between some particles only. @throws MclnnError `bad-option` */
export function withBonds<M extends MclnnModel | SplineModel>(
  model: M,
  bonds: readonly LawBond[],
): M {
  const own = bonds.map(([i, j, weight, sd]): LawBond => [i, j, weight, sd]);
  const potential = bonded(
    { ...model.table, coupling: "none" },
    own.map(([i, j, weight]) => [i, j, weight] as const),
  );
  return { ...model, bonds: own, potential };
}
