import { INPUT_DT, INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { flag, type OptionsOf, spec } from "../../options/options.ts";

const OPTIONS = { ...INPUT_DT, ...INPUT_OPTIONS, force: flag("overwrite what is there") };
export type ConvertOptions = OptionsOf<typeof OPTIONS>;

export const CONVERT = spec({
  name: "convert",
  operands: [
    { name: "in", help: "trajectories in any format that is read" },
    { name: "out", help: "where to write; the ending says in which format" },
  ],
  summary: "trajectories from one format to another",
  description:
    "Reads trajectories (the contents say in which format they are) and writes them as the ending says: .npz, .npy, .extxyz, .lammpstrj, " +
    ".csv, .tsv. Numbers are written with all their digits.",
  options: OPTIONS,
  examples: [
    "mclnn convert run.lammpstrj data.npz --dt 0.005 --mass 1=39.948",
    "mclnn convert tracks.csv tracks.npz --fps 100 --scale 0.12um/px",
    "mclnn convert run.npz run.extxyz",
  ],
});
