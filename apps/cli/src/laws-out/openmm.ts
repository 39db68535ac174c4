import { nanometreScale } from "../inputs/law-units.ts";
import { endsOf, exact, lawsEverywhere } from "./everywhere.ts";
import type { LawFormat } from "./format.ts";
import { dictOf } from "./python.ts";

/** Values from r = 0 to the cut. */
const POINTS = 10_000;

/** A function for OpenMM in one file of Python, its table inside. */
export const openmm: LawFormat = {
  name: "OpenMM forces",
  option: "openmm",
  endings: [".py"],
  reads: ["units"],
  encode(written) {
    const { units, points = POINTS } = written.options;
    const { energy, length } = nanometreScale(units);
    const laws = lawsEverywhere(written);
    const tables = dictOf(laws, ({ law, to }) => {
      const values = Array.from({ length: points }, (_, k) =>
        exact(law.energy((to * k) / (points - 1))),
      );
      return `(${to}, """\n${values.join("\n")}\n""")`;
    });
    return [
      `"""Pair law learned by mclnn, forces for OpenMM: ${endsOf(written)}"""`,
      PROGRAM,
      `ENERGY = ${energy}  # kilojoules a mole in the law's unit of energy`,
      `LENGTH = ${length}  # nanometres in its unit of length`,
      `COUPLING = "${laws[0]?.coupling}"`,
      `TABLES = ${tables}`,
    ].join("\n");
  },
  remark: endsOf,
};

const PROGRAM = `
import openmm


def forces(species, weights=None, periodic=False):
    """The forces of the learned law, to be added to an openmm.System: one for each pair of species.

    species: the law's species of each particle, all 0 for a law of one. weights: of each particle, where COUPLING is a product of masses or charges.
    """
    if (weights is None) != (COUPLING == "none"):
        raise ValueError(f"weights are for laws with a coupling; this one has {COUPLING}")
    made = []
    for (a, b), (cut, text) in TABLES.items():
        groups = [{k for k, s in enumerate(species) if s == of} for of in (a, b)]
        if not all(groups):
            continue
        values = [ENERGY * float(value) for value in text.split()]
        force = openmm.CustomNonbondedForce("law(r)" if weights is None else "weight1*weight2*law(r)")
        force.addTabulatedFunction("law", openmm.Continuous1DFunction(values, 0, cut * LENGTH))
        if weights is not None:
            force.addPerParticleParameter("weight")
        for k in range(len(species)):
            force.addParticle([] if weights is None else [weights[k]])
        force.addInteractionGroup(*groups)
        force.setNonbondedMethod(force.CutoffPeriodic if periodic else force.CutoffNonPeriodic)
        force.setCutoffDistance(cut * LENGTH)
        made.append(force)
    return made

`;
