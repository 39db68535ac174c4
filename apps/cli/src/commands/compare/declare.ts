import * as option from "../../options/options.ts";

const { flag, number, text, whole } = option;

const OPTIONS = {
  systems: text(
    "<names>",
    "built-in systems, commas between (default: linear-spring,quartic-spring,gravity)",
  ),
  potential: text("<p>", "a potential of your own instead: module, formula in r, or built-in name"),
  initial: text(
    "<file>",
    "state that its data start from: JSON (masses, positions, velocities), a LAMMPS data file, or the last record of trajectories (FILE@first, FILE@12: another)",
  ),
  seed: number("<n>", "seed of all that is random", whole(0), 100),
  until: number(
    "<loss>",
    "loss at which the pair laws stop (default: 1e-12; exit code 1 only above 1e-8)",
    option.POSITIVE,
  ),
  hidden: option.widths("<widths>", "hidden widths of both networks", [10, 10]),
  trajectories: number("<n>", "training trajectories", whole(), 100),
  validationTrajectories: number("<n>", "trajectories that follow, to judge by", whole(), 20),
  records: number("<n>", "records a trajectory, the start included", whole(2), 20),
  rolloutRecords: number("<n>", "records of a rollout, the start included", whole(2), 3000),
  lnnPoints: number("<n>", "accelerations that the baseline learns from", whole(), 10_000),
  lnnEpochs: number(
    "<n>",
    "most iterations of the baseline (default: until validation no longer gains)",
    whole(),
  ),
  dt: number(
    "<t>",
    "time step (default: the system's own; for a potential of your own, a suggestion that is told)",
    option.POSITIVE,
  ),
  stride: number("<n>", "steps between records", whole(), 10),
  out: text(
    "<dir>",
    "folder for everything (default: one for these laws in out/compare, replacing an earlier compare's)",
  ),
  force: flag("write to --out even if it holds other files"),
};
export type CompareOptions = option.OptionsOf<typeof OPTIONS>;

export const COMPARE = option.spec({
  name: "compare",
  summary: "train MCLNN, the spline law and the baseline LNN, and see which conserves what",
  description:
    "Makes data of each system, learns its law with MCLNN, with a spline and with the baseline LNN, rolls all of them " +
    "out from starts they have never seen, prints the errors, and writes results, figures, models, runs and a page.",
  options: OPTIONS,
  examples: [
    "mclnn compare",
    "mclnn compare --systems gravity --seed 101 --out gravity-101",
    'mclnn compare --potential "1/r^12-2/r^6" --initial start.json',
  ],
});
