import { aseScale } from "../inputs/law-units.ts";
import { endsOf, type LawEverywhere, lawsEverywhere } from "./everywhere.ts";
import type { LawFormat } from "./format.ts";
import { dictOf, rowsOf } from "./python.ts";

/** Rows from the nearest separation seen to the cut: forces within 1e-9 of the law's. */
const POINTS = 4000;

/** A calculator for ASE in one file of Python, its table inside. */
export const ase: LawFormat = {
  name: "ASE calculator",
  option: "ase",
  endings: [".py"],
  reads: ["units"],
  encode(written) {
    const { units, points = POINTS } = written.options;
    const { energy, length } = aseScale(units);
    const laws = lawsEverywhere(written);
    return [
      `"""Pair law learned by mclnn, a calculator for ASE: ${endsOf(written)}"""`,
      PROGRAM,
      `ENERGY = ${energy}  # electronvolts in the law's unit of energy`,
      `LENGTH = ${length}  # angstroms in its unit of length`,
      `COUPLING = "${laws[0]?.coupling}"`,
      `TABLES = ${dictOf(laws, (law) => rowsOf(rows(law, points)))}`,
    ].join("\n");
  },
  remark: endsOf,
};

/** r, V and V': two rows for the continuation, whose pieces are parabolas, then equal steps. */
function rows({ law, from, to }: LawEverywhere, points: number): readonly number[][] {
  const r = Array.from({ length: points }, (_, k) =>
    k === points - 1 ? to : from + ((to - from) * k) / (points - 1),
  );
  return [0, from / 2, ...r].map((x) => [x, law.energy(x), law.slope(x)]);
}

const PROGRAM = `
import numpy as np
from ase.calculators.calculator import Calculator, all_changes
from ase.neighborlist import neighbor_list


class Law:
    """V(r): cubics through V and V' of a table, 0 from its last row on."""

    def __init__(self, text):
        self.r, self.v, self.d = np.array(text.split(), float).reshape(-1, 3).T
        self.cut = self.r[-1]

    def __call__(self, r):
        k = np.clip(np.searchsorted(self.r, r, side="right") - 1, 0, len(self.r) - 2)
        h = self.r[k + 1] - self.r[k]
        t = (r - self.r[k]) / h
        rise = (self.v[k + 1] - self.v[k]) / h
        a, b = self.d[k], self.d[k + 1]
        c2, c3 = 3 * rise - 2 * a - b, a + b - 2 * rise
        inside = r < self.cut
        energy = self.v[k] + h * t * (a + t * (c2 + t * c3))
        return np.where(inside, energy, 0), np.where(inside, a + t * (2 * c2 + 3 * t * c3), 0)


class MclnnCalculator(Calculator):
    """Energy, forces and stress of the learned law, for any cell.

    species: the law's species of each chemical symbol, {"Ar": 0, "Kr": 1}, or of each atom, [0, 0, 1]; all 0 unless given.
    """

    implemented_properties = ["energy", "energies", "free_energy", "forces", "stress"]

    def __init__(self, species=None, **options):
        super().__init__(**options)
        self.species = species
        self.laws = {pair: Law(text) for pair, text in TABLES.items()}
        self.reach = max(law.cut for law in self.laws.values()) * LENGTH

    def species_of(self, atoms):
        if self.species is None:
            return np.zeros(len(atoms), int)
        if isinstance(self.species, dict):
            return np.array([self.species[symbol] for symbol in atoms.get_chemical_symbols()])
        return np.asarray(self.species)

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        atoms, n = self.atoms, len(self.atoms)
        i, j, d, D = neighbor_list("ijdD", atoms, self.reach)
        species = self.species_of(atoms)
        first, second = np.minimum(species[i], species[j]), np.maximum(species[i], species[j])
        energy, slope = np.zeros(len(d)), np.zeros(len(d))
        for pair in sorted(set(zip(first.tolist(), second.tolist()))):
            if pair not in self.laws:
                raise ValueError(f"no law was learned for species {pair[0]}-{pair[1]}: there are {sorted(self.laws)}")
            of = (first == pair[0]) & (second == pair[1])
            energy[of], slope[of] = self.laws[pair](d[of] / LENGTH)
        factor = ENERGY
        if COUPLING != "none":
            weights = atoms.get_masses() if COUPLING == "mass-product" else atoms.get_initial_charges()
            factor = ENERGY * weights[i] * weights[j]
        energy, slope = energy * factor, slope * factor / LENGTH
        pull = (slope / d)[:, None] * D
        forces = np.stack([np.bincount(i, pull[:, c], n) for c in range(3)], axis=1)
        energies = np.bincount(i, energy, n) / 2
        self.results = {"energy": energies.sum(), "free_energy": energies.sum(), "energies": energies, "forces": forces}
        if atoms.cell.rank == 3:
            stress = np.einsum("k,ka,kb->ab", slope / d, D, D) / (2 * atoms.get_volume())
            self.results["stress"] = stress.flat[[0, 4, 8, 5, 2, 1]]

`;
