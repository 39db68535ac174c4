import * as option from "../../options/options.ts";
import { positives } from "../../options/positives.ts";

const { flag, number, text, whole } = option;

const OPTIONS = {
  model: text("<file>", "learned law, safetensors"),
  direct: flag(
    "evaluate the learned law itself at every pair, not its table: slower, and the same within 1e-9 of the largest force",
  ),
  system: text("<name>", "built-in system: linear-spring, quartic-spring, gravity"),
  potential: text(
    "<p>",
    "potential of your own: module, formula in r, or built-in name; by species: '0-0: ... | 0-1: ...'",
  ),
  initial: text(
    "<file>",
    "state to start from: JSON (masses, positions, velocities), a LAMMPS data file, or the last record of trajectories (FILE@first, FILE@12: another)",
  ),
  start: text(
    "<name>",
    "start of a built-in system: train, test, tilted, larger (default: train); gravity:test with --model or --potential",
  ),
  cutoff: number(
    "<r>",
    "separation at which laws of pairs end, shifted to V = 0 there (default: where a model's own law ends); in a box a law needs one",
    option.POSITIVE,
  ),
  records: number("<n>", "records, the start included", whole(), 3000),
  dt: number(
    "<t>",
    "time step (default: the one that a model was trained with, else 0.01)",
    option.POSITIVE,
  ),
  stride: number("<n>", "steps between records", whole(), 10),
  integrator: text(
    "<name>",
    "method of integration, see `mclnn systems` (default: with a model's own dt the one that it was trained with, else velocity-verlet)",
  ),
  motion: option.choice(
    "<kind>",
    "newtonian, overdamped (Brownian), langevin (default: the model's own, else newtonian)",
    ["newtonian", "overdamped", "langevin"],
  ),
  diffusion: option.parsed("<d>", "D of --motion overdamped: one, or one a species", positives),
  friction: number("<gamma>", "friction of --motion langevin, a rate", option.POSITIVE),
  temperature: number("<kT>", "kT of both, in the law's energy (default: 1)", option.POSITIVE),
  seed: number("<n>", "seed of the noise of --motion overdamped and langevin", whole(0), 100),
  exactMomentum: flag(
    "positions and momenta on a grid: total momentum never changes in any bit, and reversed runs return bit for bit",
  ),
  momentumGrid: number(
    "<exponent>",
    "grid of --exact-momentum, a power of two: -40 is 2^-40 (default: -40)",
    { integer: true, atLeast: -300, atMost: 300 },
  ),
  out: text("<file>", "where to write the run: .npz, .extxyz, .lammpstrj, .csv, .tsv", "run.npz"),
  force: flag("overwrite what is there"),
};
export type SimulateOptions = option.OptionsOf<typeof OPTIONS>;

export const SIMULATE = option.spec({
  name: "simulate",
  summary: "roll out a learned or a true law",
  description:
    "Rolls out a learned law (--model), a built-in system (--system) or a potential of your own (--potential) from a " +
    "start, writes the run as NPZ and says what it conserved. Ctrl-C keeps the records so far. A run that is no motion of the law " +
    "but of steps too long for it is written all the same, said, and ends with exit code 1.",
  options: OPTIONS,
  examples: [
    "mclnn simulate --model gravity.safetensors --start gravity:test --out run.npz",
    "mclnn simulate --model liquid.safetensors --initial run.lammpstrj --out run.extxyz",
    'mclnn simulate --potential "lennard-jones:epsilon=1,sigma=1" --initial start.json --records 1000',
  ],
});
