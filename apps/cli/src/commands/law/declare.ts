import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import { number } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { LawOptions } from "./run.ts";

export function registerLaw(program: Command, run: Runner): void {
  program
    .command("law")
    .summary("write the learned law as numbers or a picture")
    .description(
      "Writes the law of an mclnn or spline model: columns r, energy, slope, slopeSd (empty without error bars), " +
        "dataShare (share of the training separations nearest to r), energySd, and pair where there are species. " +
        "The ending of --out chooses the format.",
    )
    .option("--model <file>", "model, safetensors")
    .option("--potential <p>", "true potential to draw beside it (svg, png)")
    .option("--system <name>", "built-in system whose law to draw beside it (svg, png)")
    .option("--pair <a-b>", "of a model with several species: this law only, for example 0-1")
    .option(
      "--points <n>",
      "number of separations",
      number("--points", { integer: true, atLeast: 2, atMost: 1_000_000 }),
      200,
    )
    .option(
      "--from <r>",
      "first separation (default: nearest seen)",
      number("--from", { above: 0 }),
    )
    .option("--to <r>", "last separation (default: farthest seen)", number("--to", { above: 0 }))
    .option("--out <file>", "law.csv, law.json, law.npz, law.svg or law.png")
    .option(
      "--power-law",
      "say which power law V' = c r^p comes nearest, with error bars (--out may be left out then)",
    )
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn law --model gravity.safetensors --out law.csv",
        'mclnn law --model gravity.safetensors --potential "-1/r" --out law.svg',
        "mclnn law --model gravity.safetensors --power-law",
      ),
    )
    .action((options: LawOptions) =>
      run(async (session) => (await import("./run.ts")).law(options, session)),
    );
}
