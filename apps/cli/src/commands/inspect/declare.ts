import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import type { Runner } from "../../session/session.ts";

export function registerInspect(program: Command, run: Runner): void {
  program
    .command("inspect")
    .summary("say what a file holds")
    .description(
      "Says what a file holds: trajectories or arrays (.npz), a model (.safetensors), a state, results or a law (.json).",
    )
    .argument("<path>", "the file")
    .addHelpText(
      "after",
      examples("mclnn inspect data.npz", "mclnn inspect --json law.safetensors"),
    )
    .action((path: string) =>
      run(async (session) => (await import("./run.ts")).inspect(path, session)),
    );
}
