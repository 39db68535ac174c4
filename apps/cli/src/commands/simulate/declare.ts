import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import { count, number } from "../../options/number.ts";
import type { Runner } from "../../session/session.ts";
import type { SimulateOptions } from "./run.ts";

export function registerSimulate(program: Command, run: Runner): void {
  program
    .command("simulate")
    .summary("roll out a learned or a true law")
    .description(
      "Rolls out a learned law (--model), a built-in system (--system) or a potential of your own (--potential) from a " +
        "start, writes the run as NPZ and says what it conserved. Ctrl-C keeps the records so far.",
    )
    .option("--model <file>", "learned law, safetensors")
    .option(
      "--direct",
      "evaluate the learned law itself at every pair, not its table: slower, and the same within 1e-9 of the largest force",
    )
    .option("--system <name>", "built-in system: linear-spring, quartic-spring, gravity")
    .option(
      "--potential <p>",
      "potential of your own: module, formula in r, or built-in name; by species: '0-0: ... | 0-1: ...'",
    )
    .option("--initial <file>", "state to start from, JSON: masses, positions, velocities")
    .option(
      "--start <name>",
      "start of a built-in system: train, test, tilted, larger (default: train); gravity:test with --model or --potential",
    )
    .option("--records <n>", "records, the start included", count("--records"), 3000)
    .option("--dt <t>", "time step", number("--dt", { above: 0 }), 0.01)
    .option("--stride <n>", "steps between records", count("--stride"), 10)
    .option("--integrator <name>", "method of integration (see `mclnn systems`)", "velocity-verlet")
    .option(
      "--exact-momentum",
      "positions and momenta on a grid: total momentum never changes in any bit, and reversed runs return bit for bit",
    )
    .option(
      "--momentum-grid <exponent>",
      "grid of --exact-momentum, a power of two: -40 is 2^-40 (default: -40)",
      number("--momentum-grid", { integer: true, atLeast: -300, atMost: 300 }),
    )
    .option("--out <file>", "where to write the run", "run.npz")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn simulate --model gravity.safetensors --start gravity:test --out run.npz",
        'mclnn simulate --potential "lennard-jones:epsilon=1,sigma=1" --initial start.json --records 1000',
      ),
    )
    .action((options: SimulateOptions) =>
      run(async (session) => (await import("./run.ts")).simulate(options, session)),
    );
}
