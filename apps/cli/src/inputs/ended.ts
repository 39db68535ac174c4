import { type Force, type PairPotential, pairwise, pairwiseBySpecies } from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";

/** A potential whose laws end at a cutoff, those that end before stay; as it is where none is given, or no law of pairs is behind it. */
export function endedAt<F extends Force>(potential: F, cutoff: number | undefined): F {
  if (cutoff === undefined) return potential;
  const { pair, pairs, name } = potential;
  const ended = (law: PairPotential): PairPotential =>
    (law.cutoff ?? Number.POSITIVE_INFINITY) <= cutoff ? law : withCutoff(law, { cutoff });
  if (pair !== undefined) return { ...potential, ...pairwise(ended(pair)), name };
  if (pairs === undefined) return potential;
  return {
    ...potential,
    ...pairwiseBySpecies(pairs.map((each) => ({ ...each, pair: ended(each.pair) }))),
    name,
  };
}
