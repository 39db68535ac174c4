import { declare } from "../../options/options.ts";

export const registerSystems = declare({
  name: "systems",
  summary: "list built-in systems, potentials and integrators",
  description:
    "Lists the built-in systems (--system), the built-in potentials with their parameters (--potential) " +
    "and the integrators (--integrator).",
  options: {},
  examples: ["mclnn systems", "mclnn systems --json"],
  run: async (_, session) => (await import("./run.ts")).systems(session),
});
