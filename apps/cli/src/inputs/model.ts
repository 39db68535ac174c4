import type { MclnnModel, Model, SpeciesModel, SplineModel } from "@mclnn/models";
import { MclnnError, type Potential, pairwise, pairwiseBySpecies } from "@mclnn/physics";
import { badOption } from "../options/errors.ts";
import { readInput } from "./file.ts";

/** A model file named on the command line. @throws MclnnError of kind `input` */
export async function readModel(path: string, option = "--model"): Promise<Model> {
  const bytes = await readInput(path, option);
  const { decodeModel } = await import("@mclnn/models");
  return decodeModel(bytes, { source: path });
}

/** A network of all positions is only for the particles it was trained on. @throws MclnnError `wrong-model` */
export function checkFitsModel(
  path: string,
  model: Model,
  { masses, dimension }: { readonly masses: Float64Array; readonly dimension: number },
): void {
  if (model.kind !== "lnn") return;
  if (model.particles !== masses.length || model.dimension !== dimension)
    throw new MclnnError(`${path} is for other particles`, {
      code: "wrong-model",
      argument: "--model",
      expected: `${model.particles} bodies in ${model.dimension} dimensions, as the lnn model was trained on`,
      got: `${masses.length} bodies in ${dimension} dimensions`,
      mend: "An mclnn or spline model serves any number of bodies.",
    });
}

/** A learned law as it is, without its table. @throws MclnnError `wrong-model` for a baseline, which has none */
export function directPotential(path: string, model: Model): Potential {
  switch (model.kind) {
    case "lnn":
      throw new MclnnError(`${path} has no table`, {
        code: "wrong-model",
        argument: "--direct",
        expected: "a pair law",
        got: "the baseline, whose network is always evaluated itself",
        mend: "Leave --direct out.",
      });
    case "species":
      return pairwiseBySpecies(
        model.laws.map(({ species, model: law }) => ({ species, pair: law.pair })),
      );
    default:
      return pairwise(model.pair);
  }
}

/** One law of a species model, by the text of `--pair`: "0-1". @throws MclnnError `bad-option` */
export function lawOfPair(
  { laws }: SpeciesModel,
  pair: string | undefined,
  path: string,
): MclnnModel | SplineModel {
  const names = laws.map(({ species }) => species.join("-"));
  const law = laws[names.indexOf(pair ?? "")];
  if (law === undefined)
    throw badOption("--pair", `one of ${names.join(", ")}`, pair ?? "nothing", {
      what: `${path} has a law for each pair of species`,
      mend: `Try --pair ${names[0]}.`,
    });
  return law.model;
}
