import * as option from "../../options/options.ts";
import { positives } from "../../options/positives.ts";

const { flag, number, text, whole } = option;

const OPTIONS = {
  system: text("<name>", "built-in system: linear-spring, quartic-spring, gravity"),
  potential: text(
    "<p>",
    "potential of your own: module, formula in r, or built-in name; by species: '0-0: ... | 0-1: ...'",
  ),
  initial: text(
    "<file>",
    "state to start from: JSON (masses, positions, velocities), a LAMMPS data file, or the last record of trajectories (FILE@first, FILE@12: another)",
  ),
  start: text("<name>", "start of a built-in system: train, test, tilted, larger (default: train)"),
  trajectories: number("<n>", "number of trajectories", whole(), 100),
  records: number("<n>", "records a trajectory, the start included", whole(2), 20),
  dt: number("<t>", "time step", option.POSITIVE, 0.01),
  stride: number("<n>", "steps between records", whole(), 10),
  scheme: option.choice(
    "<scheme>",
    "segments of one run, or random starts",
    ["segments", "random"],
    "segments",
  ),
  noise: number("<sigma>", "standard deviation of noise on positions", { atLeast: 0 }, 0),
  seed: number("<n>", "seed of all that is random", whole(0), 100),
  skip: number("<n>", "trajectories to leave out first (a validation set: 100)", whole(0), 0),
  integrator: text("<name>", "method of integration (default: velocity-verlet)"),
  motion: option.choice(
    "<kind>",
    "newtonian, overdamped (Brownian: no inertia, positions only), langevin (inertia and friction)",
    ["newtonian", "overdamped", "langevin"],
    "newtonian",
  ),
  diffusion: option.parsed(
    "<d>",
    "D of --motion overdamped, length^2 a time: one, or one a species: 1,0.4",
    positives,
  ),
  friction: number("<gamma>", "friction of --motion langevin, a rate", option.POSITIVE),
  temperature: number(
    "<kT>",
    "kT of --motion overdamped and langevin, in the law's energy (default: 1)",
    option.POSITIVE,
  ),
  velocityNoise: number("<sigma>", "standard deviation of noise on velocities", { atLeast: 0 }, 0),
  dropVelocities: flag("keep positions only"),
  missing: number(
    "<share>",
    "share of the observations (particle by particle) that are missing",
    { atLeast: 0, below: 1 },
    0,
  ),
  missingRecords: number(
    "<share>",
    "share of the records that are missing, all particles together",
    { atLeast: 0, below: 1 },
    0,
  ),
  shortest: number(
    "<n>",
    "trajectories of unequal length: from n records to all of them",
    whole(2),
  ),
  out: text("<file>", "where to write: .npz, .extxyz, .lammpstrj, .csv, .tsv", "data.npz"),
  force: flag("overwrite what is there"),
};
export type GenerateOptions = option.OptionsOf<typeof OPTIONS>;

export const GENERATE = option.spec({
  name: "generate",
  summary: "make trajectories to learn from",
  description:
    "Rolls out a system and writes its trajectories as NPZ: positions [trajectory, record, particle, dimension], " +
    "velocities, times and masses. Record 0 is the start.",
  options: OPTIONS,
  examples: [
    "mclnn generate --system gravity --out gravity.npz",
    'mclnn generate --potential "0-0: 0.5*(r-1)^2 | 0-1: 1/r | 1-1: 1/r" --initial two.json',
    'mclnn generate --potential "0.5*(r-1)^4" --initial start.json --trajectories 50 --out own.npz',
    'mclnn generate --potential "20*exp(-r)" --initial dots.json --motion overdamped --diffusion 0.5 --dt 0.001',
  ],
});
