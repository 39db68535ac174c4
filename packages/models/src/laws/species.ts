import { MclnnError, pairwiseBySpecies } from "@mclnn/physics";
import { checkParts } from "./checks.ts";
import type { MclnnModel, SpeciesModel, SplineModel, TrainingRecord } from "./model.ts";

/**
 * Laws of several species as one model: each pair of species has a pair law of its own, and its forces conserve both momenta.
 *
 * @param given - `laws`: one for each pair of species that meets, species in increasing order
 * @throws MclnnError `bad-shape`
 */
export function createSpeciesModel(given: {
  laws: readonly {
    readonly species: readonly [number, number];
    readonly model: MclnnModel | SplineModel;
  }[];
  record: TrainingRecord;
}): SpeciesModel {
  checkParts("options", "species", given);
  const { laws, record } = given;
  const kind = laws[0]?.model.kind;
  if (kind === undefined || laws.some(({ model, species: [a, b] }) => model.kind !== kind || a > b))
    throw new MclnnError("the laws of a species model cannot be used", {
      code: "bad-shape",
      argument: "laws",
      expected: "one or more laws, all mclnn or all spline, of two species in increasing order",
      got:
        laws.map(({ model, species }) => `${model.kind} ${species.join("-")}`).join(", ") || "none",
    });
  return {
    kind: "species",
    lawKind: kind,
    laws: laws.map(({ species, model }) => ({ species, model })),
    potential: pairwiseBySpecies(
      laws.map(({ species, model }) => ({ species, pair: model.table })),
    ),
    parameterCount: laws.reduce((sum, { model }) => sum + model.parameterCount, 0),
    record,
  };
}
