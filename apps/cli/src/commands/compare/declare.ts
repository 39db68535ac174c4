import { type Command, Option } from "commander";
import { examples } from "../../options/example.ts";
import { count, number } from "../../options/number.ts";
import { widths } from "../../options/widths.ts";
import type { Runner } from "../../session/session.ts";
import type { CompareOptions } from "./plans.ts";

export function registerCompare(program: Command, run: Runner): void {
  program
    .command("compare")
    .summary("train MCLNN, the spline law and the baseline LNN, and see which conserves what")
    .description(
      "Makes data of each system, learns its law with MCLNN, with a spline and with the baseline LNN, rolls all of them " +
        "out from starts they have never seen, prints the errors, and writes results, figures, models, runs and a page.",
    )
    .option(
      "--systems <names>",
      "built-in systems, commas between (default: linear-spring,quartic-spring,gravity)",
    )
    .option(
      "--potential <p>",
      "a potential of your own instead: module, formula in r, or built-in name",
    )
    .option(
      "--initial <file>",
      "state that its data start from, JSON: masses, positions, velocities",
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option(
      "--until <loss>",
      "loss at which the pair laws stop (default: 1e-12; exit code 1 only above 1e-8)",
      number("--until", { above: 0 }),
    )
    .addOption(
      new Option("--hidden <widths>", "hidden widths of both networks")
        .argParser(widths("--hidden"))
        .default([10, 10], "10,10"),
    )
    .option("--trajectories <n>", "training trajectories", count("--trajectories"), 100)
    .option(
      "--validation-trajectories <n>",
      "trajectories that follow, to judge by",
      count("--validation-trajectories"),
      20,
    )
    .option("--records <n>", "records a trajectory, the start included", count("--records", 2), 20)
    .option(
      "--rollout-records <n>",
      "records of a rollout, the start included",
      count("--rollout-records", 2),
      3000,
    )
    .option(
      "--lnn-points <n>",
      "accelerations that the baseline learns from",
      count("--lnn-points"),
      10_000,
    )
    .option(
      "--lnn-epochs <n>",
      "most iterations of the baseline (default: until validation no longer gains)",
      count("--lnn-epochs"),
    )
    .option(
      "--dt <t>",
      "time step (default: the system's own; for a potential of your own, a suggestion that is told)",
      number("--dt", { above: 0 }),
    )
    .option("--stride <n>", "steps between records", count("--stride"), 10)
    .option(
      "--out <dir>",
      "folder for everything (default: out/compare, replacing an earlier compare's)",
    )
    .option("--force", "write to --out even if it holds other files")
    .addHelpText(
      "after",
      examples(
        "mclnn compare",
        "mclnn compare --systems gravity --seed 101 --out gravity-101",
        'mclnn compare --potential "1/r^12-2/r^6" --initial start.json',
      ),
    )
    .action((options: CompareOptions) =>
      run(async (session) => (await import("./run.ts")).compare(options, session)),
    );
}
