import { described } from "../arguments/described.ts";
import type { Bodies } from "../bodies.ts";
import { MclnnError } from "../errors.ts";
import type { Potential, SpeciesPairPotential } from "../force.ts";
import { pairSum } from "./pair-sum.ts";

/**
 * Potential of particles of several species, with a law for each pair of species: V = sum over pairs of w_ij V_(s_i s_j)(|q_i - q_j|),
 * w_ij by each law's own coupling.
 *
 * Laws are symmetric in the two species; forces are central, equal and opposite, so linear and angular momentum are conserved. Where all laws
 * are the same it equals {@link pairwise} bit for bit. Its `pairs` are the laws, in the order given, the lower species first.
 *
 * @param laws - one for each pair of species that occurs; species are whole numbers from 0
 * @throws MclnnError `bad-potential` for no laws, two laws for one pair of species, or a law that cannot be used; `bad-species`. When energy
 * or forces are asked for: `missing-species` for bodies without species, `missing-law` for a pair without a law, `bad-shape` for species that
 * do not fit the masses, and what {@link pairwise} throws
 */
export function pairwiseBySpecies(laws: readonly SpeciesPairPotential[]): Potential {
  const given: readonly SpeciesPairPotential[] =
    typeof laws === "object" ? Array.from(laws ?? []) : [];
  if (given.length === 0)
    throw new MclnnError("a potential by species needs laws", {
      code: "bad-potential",
      argument: "laws",
      expected: "an array with a law for each pair of species",
      got: described(laws),
    });
  const kinds = [...new Set(given.flatMap((law) => checked(law?.species)))];
  const table = new Int32Array(kinds.length * kinds.length).fill(-1);
  const pairs = given.map(({ species, pair }, law): SpeciesPairPotential => {
    const [a, b] = species.map((s) => kinds.indexOf(s)) as [number, number];
    if (table[a * kinds.length + b] >= 0)
      throw new MclnnError(`species ${species.join(" and ")} have two laws`, {
        code: "bad-potential",
        argument: "laws",
        expected: "one law for a pair of species, in either order",
        got: given.map((each) => each.species.join("-")).join(", "),
        mend: "sumOfPairs() adds two laws to one.",
      });
    table[a * kinds.length + b] = law;
    table[b * kinds.length + a] = law;
    const [s, t] = species;
    return { species: s <= t ? [s, t] : [t, s], pair };
  });
  const names = pairs.map(({ species }) => species.join("-"));
  const kindOf = new Map(kinds.map((species, kind) => [species, kind]));
  let ofParticles = new Int32Array(0);
  const sum = pairSum(
    pairs.map(({ pair }) => pair),
    {
      table,
      width: kinds.length,
      kinds(bodies) {
        const species = speciesOf(bodies);
        // Stryker disable next-line ConditionalExpression: spares an array
        if (ofParticles.length !== species.length) ofParticles = new Int32Array(species.length);
        for (let i = 0; i < species.length; i++) ofParticles[i] = kindOf.get(species[i]) ?? -1;
        return ofParticles;
      },
      missing(bodies, i, j) {
        const [s, t] = [i, j].map((k) => speciesOf(bodies)[k]).sort((a, b) => a - b);
        return new MclnnError(`there is no law between species ${s} and ${t}`, {
          code: "missing-law",
          argument: "laws",
          expected: `a law for ${s}-${t}, of particles ${i} and ${j}`,
          got: `laws for ${names.join(", ")}`,
          mend: "Add that law, one of energy 0 if they do not act on each other.",
        });
      },
    },
  );
  return {
    name: pairs.map(({ pair }, k) => `${names[k]}: ${pair.name}`).join(" | "),
    pairs,
    ...sum,
  };
}

function checked(species: unknown): readonly number[] {
  if (
    !Array.isArray(species) ||
    species.length !== 2 ||
    !species.every((s: unknown) => Number.isInteger(s) && (s as number) >= 0)
  )
    throw new MclnnError("the species of a law cannot be used", {
      code: "bad-species",
      argument: "laws",
      expected: "two whole numbers from 0, such as [0, 1]",
      got: Array.isArray(species) ? `[${species.map(described).join(", ")}]` : described(species),
    });
  return species as readonly number[];
}

function speciesOf({ masses, species }: Bodies): Int32Array {
  if (species === undefined)
    throw new MclnnError("laws by species need species", {
      code: "missing-species",
      argument: "species",
      expected: "a species for every particle",
      got: "none",
      mend: "createSystem({ ..., species: [0, 0, 1] }).",
    });
  if (species.length !== masses.length)
    throw new MclnnError("species do not fit the masses", {
      code: "bad-shape",
      argument: "species",
      expected: `${masses.length} numbers`,
      got: `${species.length}`,
    });
  return species;
}
