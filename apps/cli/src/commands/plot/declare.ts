import type { Command } from "commander";
import { choice } from "../../options/choice.ts";
import { examples } from "../../options/example.ts";
import { count } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { PlotOptions } from "./run.ts";

export function registerPlot(program: Command, run: Runner): void {
  program
    .command("plot")
    .summary("draw a model or a run")
    .description(
      "Draws a model (its V and V' with the separations it was trained on) or a run (the bodies' paths, or what it " +
        "conserves: momenta, and energies where the law is given), as SVG or PNG.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--run <file>", "run or trajectories, NPZ")
    .option(
      "--figure <name>",
      "of a run: paths, conserved (default: paths)",
      choice("--figure", ["paths", "conserved"]),
    )
    .option(
      "--trajectory <n>",
      "of a run's file with several, from 0 (default: 0)",
      count("--trajectory", 0),
    )
    .option(
      "--potential <p>",
      "the law behind the energies of a run (conserved), or the true law beside a model",
    )
    .option("--system <name>", "built-in system whose law that is")
    .option("--pair <a-b>", "of a model with several species: which law, for example 0-1")
    .option("--out <file>", "picture.svg or picture.png")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn plot --model gravity.safetensors --out law.png",
        "mclnn plot --run run.npz --out run.svg",
        "mclnn plot --run run.npz --figure conserved --system gravity --out conserved.png",
      ),
    )
    .action((options: PlotOptions) =>
      run(async (session) => (await import("./run.ts")).plot(options, session)),
    );
}
