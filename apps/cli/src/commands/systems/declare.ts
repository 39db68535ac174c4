import { spec } from "../../options/options.ts";

export const SYSTEMS = spec({
  name: "systems",
  summary: "list built-in systems, potentials and integrators",
  description:
    "Lists the built-in systems (--system), the built-in potentials with their parameters (--potential) " +
    "and the integrators (--integrator).",
  options: {},
  examples: ["mclnn systems", "mclnn systems --json"],
});
