import { spec } from "../../options/options.ts";

export const SYSTEMS = spec({
  name: "systems",
  summary: "list built-in systems, potentials, integrators, terms and formats",
  description:
    "Lists the built-in systems (--system), the built-in potentials with their parameters (--potential), " +
    "the integrators (--integrator), the terms that a law may have beside its pairs (--terms) and the formats of trajectories.",
  options: {},
  examples: ["mclnn systems", "mclnn systems --json"],
});
