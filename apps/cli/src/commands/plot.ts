import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { examples } from "../options/example.ts";
import type { Runner, Session } from "../session.ts";

/** Options of `plot`, as the command line gives them. */
export interface PlotOptions {
  readonly model?: string;
  readonly run?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function registerPlot(program: Command, run: Runner): void {
  program
    .command("plot")
    .summary("draw a model or a run")
    .description(
      "Draws a model (its V and V' with the separations it was trained on) or a run (the bodies' paths), as SVG or PNG.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--run <file>", "run or trajectories, NPZ")
    .option("--out <file>", "picture.svg or picture.png")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn plot --model gravity.safetensors --out law.png",
        "mclnn plot --run run.npz --out run.svg",
      ),
    )
    .action((options: PlotOptions) => run((session) => plotAction(options, session)));
}

async function plotAction(options: PlotOptions, session: Session): Promise<ExitCode> {
  const { plot } = await import("../pictures/plot.ts");
  return plot(options, session);
}
