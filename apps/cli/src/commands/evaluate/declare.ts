import { INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { flag, number, type OptionsOf, POSITIVE, spec, text } from "../../options/options.ts";

const OPTIONS = {
  model: text("<file>", "model, safetensors"),
  data: text("<file>", "trajectories to compare with"),
  potential: text("<p>", "true potential: module, formula in r, or built-in name"),
  system: text("<name>", "built-in system whose potential is the true one"),
  dt: number(
    "<t>",
    "time step of the rollout (default: the data's provenance, else the model's)",
    POSITIVE,
  ),
  ...INPUT_OPTIONS,
  out: text("<dir>", "folder for results.json, figures and runs"),
  force: flag("write to --out even if it holds files"),
};
export type EvaluateOptions = OptionsOf<typeof OPTIONS>;

export const EVALUATE = spec({
  name: "evaluate",
  summary: "errors and conservation of a model against trajectories",
  description:
    "Rolls a model out from the start of each trajectory and compares. Energies are evaluated with the true potential, " +
    "where one is given; without it only what needs none is told.",
  options: OPTIONS,
  examples: [
    "mclnn evaluate --model gravity.safetensors --data test.npz --system gravity",
    'mclnn evaluate --model law.safetensors --data test.npz --potential "-1/r" --out evaluation',
  ],
});
