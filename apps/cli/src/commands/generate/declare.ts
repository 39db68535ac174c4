import type { Command } from "commander";
import { choice } from "../../options/choice.ts";
import { examples } from "../../options/example.ts";
import { count, number } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { GenerateOptions } from "./run.ts";

export function registerGenerate(program: Command, run: Runner): void {
  program
    .command("generate")
    .summary("make trajectories to learn from")
    .description(
      "Rolls out a system and writes its trajectories as NPZ: positions [trajectory, record, particle, dimension], " +
        "velocities, times and masses. Record 0 is the start.",
    )
    .option("--system <name>", "built-in system: linear-spring, quartic-spring, gravity")
    .option(
      "--potential <p>",
      "potential of your own: module, formula in r, or built-in name; by species: '0-0: ... | 0-1: ...'",
    )
    .option("--initial <file>", "state to start from, JSON: masses, positions, velocities")
    .option(
      "--start <name>",
      "start of a built-in system: train, test, tilted, larger (default: train)",
    )
    .option("--trajectories <n>", "number of trajectories", count("--trajectories"), 100)
    .option("--records <n>", "records a trajectory, the start included", count("--records", 2), 20)
    .option("--dt <t>", "time step", number("--dt", { above: 0 }), 0.01)
    .option("--stride <n>", "steps between records", count("--stride"), 10)
    .option(
      "--scheme <scheme>",
      "segments of one run, or random starts",
      choice("--scheme", ["segments", "random"]),
      "segments",
    )
    .option(
      "--noise <sigma>",
      "standard deviation of noise on positions",
      number("--noise", { atLeast: 0 }),
      0,
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option(
      "--skip <n>",
      "trajectories to leave out first (a validation set: 100)",
      count("--skip", 0),
      0,
    )
    .option("--integrator <name>", "method of integration (default: velocity-verlet)")
    .option(
      "--velocity-noise <sigma>",
      "standard deviation of noise on velocities",
      number("--velocity-noise", { atLeast: 0 }),
      0,
    )
    .option("--drop-velocities", "keep positions only")
    .option(
      "--missing <share>",
      "share of the observations (particle by particle) that are missing",
      number("--missing", { atLeast: 0, below: 1 }),
      0,
    )
    .option(
      "--missing-records <share>",
      "share of the records that are missing, all particles together",
      number("--missing-records", { atLeast: 0, below: 1 }),
      0,
    )
    .option(
      "--shortest <n>",
      "trajectories of unequal length: from n records to all of them",
      count("--shortest", 2),
    )
    .option("--out <file>", "where to write", "data.npz")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn generate --system gravity --out gravity.npz",
        'mclnn generate --potential "0-0: 0.5*(r-1)^2 | 0-1: 1/r | 1-1: 1/r" --initial two.json',
        'mclnn generate --potential "0.5*(r-1)^4" --initial start.json --trajectories 50 --out own.npz',
      ),
    )
    .action((options: GenerateOptions) =>
      run(async (session) => (await import("./run.ts")).generate(options, session)),
    );
}
