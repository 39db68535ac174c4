import type { Command } from "commander";
import { DONE, type ExitCode } from "../../exit-code.ts";
import { examples } from "../../options/example.ts";
import type { Runner, Session } from "../../session.ts";
import { formatTable } from "../../terminal/table.ts";

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
    .action((path: string) => run((session) => inspect(path, session)));
}

async function inspect(path: string, { terminal }: Session): Promise<ExitCode> {
  const { readInput } = await import("../../inputs/file.ts");
  const { describeFile } = await import("../../inspect/describe-file.ts");
  const bytes = await readInput(path, "path");
  const { kind, facts, json } = await describeFile(bytes, path);
  terminal.print(formatTable([{ title: path }, { title: kind }], facts, terminal.colours.bold));
  terminal.printJson({ path, kind, bytes: bytes.length, ...json });
  return DONE;
}
