import type { Command } from "commander";
import { DONE, type ExitCode } from "../exit-code.ts";
import { examples } from "../options/example.ts";
import type { Runner, Session } from "../session.ts";
import { formatTable } from "../terminal/table.ts";

export function registerSystems(program: Command, run: Runner): void {
  program
    .command("systems")
    .summary("list built-in systems, potentials and integrators")
    .description(
      "Lists the built-in systems (--system), the built-in potentials with their parameters (--potential) " +
        "and the integrators (--integrator).",
    )
    .addHelpText("after", examples("mclnn systems", "mclnn systems --json"))
    .action(() => run(systems));
}

async function systems({ terminal }: Session): Promise<ExitCode> {
  const [{ experiments }, { builtInPotentials }, { integrators }] = await Promise.all([
    import("@mclnn/datasets"),
    import("@mclnn/physics/potentials"),
    import("@mclnn/integrators"),
  ]);
  const { bold } = terminal.colours;
  terminal.print(
    [
      `${bold("Systems")} (--system NAME; starts: train, test, tilted, larger)`,
      "",
      formatTable(
        [
          { title: "name" },
          { title: "title" },
          { title: "potential" },
          { title: "bodies", align: "right" },
          { title: "dt", align: "right" },
          { title: "stride", align: "right" },
        ],
        experiments.map(({ name, title, pair, masses, dt, stride }) => [
          name,
          title,
          pair.name,
          String(masses.length),
          String(dt),
          String(stride),
        ]),
        bold,
      ),
      "",
      `${bold("Potentials")} (--potential name:parameter=value,...; or a formula in r; or a path to a module)`,
      "",
      formatTable(
        [{ title: "name" }, { title: "V(r)" }, { title: "parameters and defaults" }],
        builtInPotentials.map(({ name, formula, parameters }) => [
          name,
          formula,
          Object.entries(parameters)
            .map(([parameter, value]) => `${parameter}=${value}`)
            .join(","),
        ]),
        bold,
      ),
      "",
      `${bold("Integrators")} (--integrator NAME)`,
      "",
      formatTable(
        [
          { title: "name" },
          { title: "order", align: "right" },
          { title: "forces a step", align: "right" },
          { title: "symplectic" },
          { title: "reversible" },
        ],
        integrators.map(({ name, order, forceEvaluations, symplectic, reversible }) => [
          name,
          String(order),
          String(forceEvaluations),
          symplectic ? "yes" : "no",
          reversible ? "yes" : "no",
        ]),
        bold,
      ),
    ].join("\n"),
  );
  terminal.printJson({
    systems: experiments.map(
      ({ name, title, pair, masses, dimension, dt, stride, records, trajectories }) => ({
        name,
        title,
        potential: pair.name,
        parameters: pair.parameters ?? {},
        particles: masses.length,
        dimension,
        dt,
        stride,
        records,
        trajectories,
        starts: ["train", "test", "tilted", "larger"],
      }),
    ),
    potentials: builtInPotentials.map(({ name, formula, parameters }) => ({
      name,
      formula,
      parameters,
    })),
    integrators: integrators.map(
      ({ name, order, symplectic, reversible, forceEvaluations, adaptive }) => ({
        name,
        order,
        symplectic,
        reversible,
        forceEvaluations,
        adaptive,
      }),
    ),
  });
  return DONE;
}
