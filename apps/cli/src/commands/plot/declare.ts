import { INPUT_DT, INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { choice, flag, number, type OptionsOf, spec, text, whole } from "../../options/options.ts";

const OPTIONS = {
  model: text("<file>", "model, safetensors"),
  run: text("<file>", "run or trajectories"),
  figure: choice("<name>", "of a run: paths, conserved (default: paths)", ["paths", "conserved"]),
  trajectory: number("<n>", "of a run's file with several, from 0 (default: 0)", whole(0)),
  potential: text(
    "<p>",
    "the law behind the energies of a run (conserved), or the true law beside a model",
  ),
  system: text("<name>", "built-in system whose law that is"),
  pair: text("<a-b>", "of a model with several species: which law, for example 0-1"),
  ...INPUT_DT,
  ...INPUT_OPTIONS,
  out: text("<file>", "picture.svg, picture.png or picture.pdf"),
  force: flag("overwrite what is there"),
};
export type PlotOptions = OptionsOf<typeof OPTIONS>;

export const PLOT = spec({
  name: "plot",
  summary: "draw a model or a run",
  description:
    "Draws a run (the bodies' paths, or what it conserves: momenta, and energies where the law is given) or a model, as SVG, PNG or PDF. " +
    "The figure of a model is that of `mclnn law --out FILE.svg`, which also takes --from and --to.",
  options: OPTIONS,
  examples: [
    "mclnn plot --model gravity.safetensors --out law.png",
    "mclnn plot --run run.npz --out run.svg",
    "mclnn plot --run run.npz --figure conserved --system gravity --out conserved.pdf",
  ],
});
