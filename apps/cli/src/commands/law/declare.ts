import { INPUT_DT, INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { flag, number, type OptionsOf, POSITIVE, spec, text } from "../../options/options.ts";

const OPTIONS = {
  model: text("<file>", "model, safetensors"),
  potential: text("<p>", "true potential to draw beside it (svg, png, pdf)"),
  system: text("<name>", "built-in system whose law to draw beside it (svg, png, pdf)"),
  pair: text("<a-b>", "of a model with several species: this law only, for example 0-1"),
  term: text("<name>", "another term than the pair law: its function, or its constants"),
  points: number(
    "<n>",
    "number of separations (default: 200; in a .table 20000, .xvg 5000, --ase 4000, --openmm 10000)",
    { integer: true, atLeast: 2, atMost: 1_000_000 },
  ),
  from: number("<r>", "first separation (default: nearest seen)", POSITIVE),
  to: number("<r>", "last separation (default: farthest seen)", POSITIVE),
  out: text(
    "<file>",
    "law.csv, law.json, law.npz, law.svg, law.png, law.pdf, law.tex (the formula), law.table (LAMMPS) or law.xvg (GROMACS)",
  ),
  ase: text("<file>", "law.py, a calculator for ASE"),
  openmm: text("<file>", "law.py, forces for OpenMM"),
  powerLaw: flag(
    "say which power law V' = c r^p comes nearest, with error bars (--out may be left out then)",
  ),
  formula: flag(
    "look for the formula: Lennard-Jones, Morse, sums of powers, ..., its constants with error bars (--out may be left out then)",
  ),
  data: text(
    "<file>",
    "with --formula: the records of the training, to which constants are fitted (default: where the model says they are; none: the law alone)",
  ),
  maxConstants: number("<n>", "with --formula: constants that a formula has at most (default: 6)", {
    integer: true,
    atLeast: 1,
    atMost: 9,
  }),
  blocks: text(
    "<file>",
    "with --formula: a module whose default export is a block of your own, or a list",
  ),
  ...INPUT_DT,
  ...INPUT_OPTIONS,
  units: text(
    "<name>",
    "of the data, in LAMMPS' words (lj, metal, real, ...): for files of other programs, and with --formula",
  ),
  force: flag("overwrite what is there"),
};
export type LawOptions = OptionsOf<typeof OPTIONS>;

export const LAW = spec({
  name: "law",
  summary: "write the learned law as numbers or a picture",
  description:
    "Writes the law of an mclnn or spline model: columns r, energy, slope, slopeSd (empty without error bars), " +
    "dataShare (share of the training separations nearest to r), energySd, and pair where there are species. " +
    "The ending of --out chooses the format. Files of LAMMPS, GROMACS, ASE and OpenMM continue the law below --from and cut it at --to.",
  options: OPTIONS,
  examples: [
    "mclnn law --model gravity.safetensors --out law.csv",
    'mclnn law --model gravity.safetensors --potential "-1/r" --out law.svg',
    "mclnn law --model gravity.safetensors --power-law",
    "mclnn law --model stirred.safetensors --term general-drag --out drag.csv",
    "mclnn law --model argon.safetensors --units metal --out argon.table --ase argon.py",
    "mclnn law --model argon.safetensors --formula",
  ],
});
