import {
  choice,
  flag,
  number,
  type OptionsOf,
  POSITIVE,
  spec,
  text,
  whole,
} from "../../options/options.ts";

const OPTIONS = {
  model: text("<file>", "learned law, safetensors"),
  initial: text(
    "<file>",
    "state to start from: a state, a record of trajectories (the last), a LAMMPS data file",
  ),
  steps: number("<n>", "steps of the run", whole()),
  dt: number("<t>", "time step (default: the one that the model was trained with)", POSITIVE),
  cutoff: number(
    "<r>",
    "separation at which the laws end (default: where the model's do)",
    POSITIVE,
  ),
  units: choice(
    "<name>",
    "units of the data in LAMMPS' words (default: those of the model's data, else lj)",
    [...["lj", "metal", "real", "si", "cgs", "micro", "nano"]],
  ),
  check: flag("where LAMMPS is installed, compare its forces with ours in 1,000 configurations"),
  out: text("<folder>", "where to write"),
  force: flag("overwrite what is there"),
};
export type ExportOptions = OptionsOf<typeof OPTIONS>;

export const EXPORT = spec({
  name: "export",
  operands: [{ name: "program", help: "lammps" }],
  summary: "a folder that LAMMPS runs as it is",
  description:
    "Writes a learned law and a start as LAMMPS takes them: table, data file, input script, and a job for Slurm. Species, unequal masses, boxes and two dimensions " +
    "are kept. The run comes back by inspect, evaluate and plot of its dump.",
  options: OPTIONS,
  examples: [
    "mclnn export lammps --model liquid.safetensors --initial run.lammpstrj --steps 10000 --out large",
    "mclnn export lammps --model argon.safetensors --initial state.json --steps 10000 --units metal --check --out argon",
  ],
});
