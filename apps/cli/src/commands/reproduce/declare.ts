import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import { count } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { ReproduceOptions } from "./run.ts";

export function registerReproduce(program: Command, run: Runner): void {
  program
    .command("reproduce")
    .summary("the whole paper: every figure, table and claim, on one page")
    .description(
      "Computes every figure and table of the paper beside the truth, baselines that had every chance, how much data each model needs, " +
        "the lemmas on random networks, and a verdict on every claim, and writes one page, figures and numbers. " +
        "Interrupted and started again it goes on from what is done.",
    )
    .option("--out <dir>", "folder for everything (default: out/reproduce)")
    .option(
      "--only <parts>",
      "parts, commas between: claims, fig2 ... fig7, table1, baselines, efficiency, theory, recipe, starts",
    )
    .option("--quick", "the quick version, in about a minute; the page says so")
    .option(
      "--paper-recipe",
      "also train MCLNN and LNN by the paper's literal recipe (Adam, 100,000 epochs, full batch); says how long before it starts",
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option("--force", "write to --out even if it holds other results")
    .addHelpText(
      "after",
      examples(
        "mclnn reproduce --out paper",
        "mclnn reproduce --only fig5,table1 --out paper",
        "mclnn reproduce --quick --out quick",
      ),
    )
    .action((options: ReproduceOptions) =>
      run(async (session) => (await import("./run.ts")).reproduce(options, session)),
    );
}
