import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import type { Runner } from "../../session/session.ts";

export function registerSystems(program: Command, run: Runner): void {
  program
    .command("systems")
    .summary("list built-in systems, potentials and integrators")
    .description(
      "Lists the built-in systems (--system), the built-in potentials with their parameters (--potential) " +
        "and the integrators (--integrator).",
    )
    .addHelpText("after", examples("mclnn systems", "mclnn systems --json"))
    .action(() => run(async (session) => (await import("./run.ts")).systems(session)));
}
