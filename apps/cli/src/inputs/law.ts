import type { TrajectorySet } from "@mclnn/datasets";
import { type PairPotential, type Potential, pairwise, pairwiseBySpecies } from "@mclnn/physics";
import { separationRange } from "@mclnn/studies";
import { conflictingOptions } from "../options/errors.ts";
import { checkWhereItWent, guardLaws, guardPotential } from "./guarded-potential.ts";
import { speciesFor } from "./laws-by-species.ts";
import { type NamedPotential, oneLaw, resolvePotential } from "./potential.ts";
import { builtInSystem } from "./system.ts";

/** What says which law is the true one. */
interface LawChoice {
  readonly potential?: string | undefined;
  readonly system?: string | undefined;
}

/**
 * The law that `--system` or `--potential` names, a user's own checked at the separations of the data; undefined where neither was given.
 *
 * @throws MclnnError of kind `input`, for laws by species also
 */
export async function resolveLaw(
  choice: LawChoice,
  data?: TrajectorySet,
): Promise<PairPotential | undefined> {
  const law = await chosen(choice);
  if (law === undefined || "energy" in law) return law;
  return checkedLaw(oneLaw(law).pair, data);
}

/**
 * The potential of some data that `--system` or `--potential` names, one law or laws by species, checked at the separations of the data;
 * undefined where neither was given. The laws are its `pair` or its `pairs`.
 *
 * @throws MclnnError of kind `input`
 */
export async function resolveTruth(
  choice: LawChoice,
  data: TrajectorySet,
): Promise<Potential | undefined> {
  const law = await chosen(choice);
  if (law === undefined) return undefined;
  if ("energy" in law) return pairwise(law);
  if (law.kind !== "species") return pairwise(checkedLaw(law.pair, data));
  const species = speciesFor(law.pair, data, { path: "the data", option: "--data" });
  const range = separationRange(data.positions, data);
  const laws = guardLaws({ ...law.pair, species }, range);
  checkWhereItWent(laws, data.positions, data);
  return { ...pairwiseBySpecies(laws.laws), name: laws.name };
}

/** A built-in system's law, or what `--potential` names. */
async function chosen({
  potential,
  system,
}: LawChoice): Promise<PairPotential | NamedPotential | undefined> {
  if (potential !== undefined && system !== undefined)
    throw conflictingOptions("--system", "one of --potential and --system");
  if (system !== undefined) return builtInSystem(system).pair;
  return potential === undefined ? undefined : resolvePotential(potential);
}

function checkedLaw(pair: PairPotential, data: TrajectorySet | undefined): PairPotential {
  if (data === undefined) return pair;
  const guarded = guardPotential(pair, separationRange(data.positions, data));
  checkWhereItWent(guarded, data.positions, data);
  return guarded;
}
