import { declare } from "../../options/options.ts";

export const registerInspect = declare({
  name: "inspect",
  argument: { name: "path", help: "the file" },
  summary: "say what a file holds",
  description:
    "Says what a file holds: trajectories or arrays (.npz), a model (.safetensors), a state, results or a law (.json).",
  options: {},
  examples: ["mclnn inspect data.npz", "mclnn inspect --json law.safetensors"],
  run: async (_, session, path) => (await import("./run.ts")).inspect(path, session),
});
