import { spec } from "../../options/options.ts";

export const INSPECT = spec({
  name: "inspect",
  argument: { name: "path", help: "the file" },
  summary: "say what a file holds",
  description:
    "Says what a file holds: trajectories or arrays (.npz), a model (.safetensors), a state, results or a law (.json).",
  options: {},
  examples: ["mclnn inspect data.npz", "mclnn inspect --json law.safetensors"],
});
