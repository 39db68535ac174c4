import { INPUT_DT, INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { type OptionsOf, spec } from "../../options/options.ts";

const OPTIONS = { ...INPUT_DT, ...INPUT_OPTIONS };
export type InspectOptions = OptionsOf<typeof OPTIONS>;

export const INSPECT = spec({
  name: "inspect",
  operands: [{ name: "path", help: "the file, or a pattern in quotes: 'dump.*.lammpstrj'" }],
  summary: "say what a file holds",
  description:
    "Says what a file holds: trajectories in any format that is read (NPZ, NumPy, LAMMPS, XYZ, tables of tracks, H5MD, AMBER), arrays, " +
    "a model (.safetensors), a state, results or a law (.json); and what train will do with it.",
  options: OPTIONS,
  examples: [
    "mclnn inspect data.npz",
    "mclnn inspect run.lammpstrj --dt 0.005",
    "mclnn inspect tracks.csv --fps 100 --scale 0.12um/px",
    "mclnn inspect --json law.safetensors",
  ],
});
