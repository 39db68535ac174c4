import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import { number } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { EvaluateOptions } from "./run.ts";

export function registerEvaluate(program: Command, run: Runner): void {
  program
    .command("evaluate")
    .summary("errors and conservation of a model against trajectories")
    .description(
      "Rolls a model out from the start of each trajectory and compares. Energies are evaluated with the true potential, " +
        "where one is given; without it only what needs none is told.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--data <file>", "trajectories to compare with, NPZ")
    .option("--potential <p>", "true potential: module, formula in r, or built-in name")
    .option("--system <name>", "built-in system whose potential is the true one")
    .option(
      "--dt <t>",
      "time step of the rollout (default: the data's provenance, else the model's)",
      number("--dt", { above: 0 }),
    )
    .option("--out <dir>", "folder for results.json, figures and runs")
    .option("--force", "write to --out even if it holds files")
    .addHelpText(
      "after",
      examples(
        "mclnn evaluate --model gravity.safetensors --data test.npz --system gravity",
        'mclnn evaluate --model law.safetensors --data test.npz --potential "-1/r" --out evaluation',
      ),
    )
    .action((options: EvaluateOptions) =>
      run(async (session) => (await import("./run.ts")).evaluate(options, session)),
    );
}
