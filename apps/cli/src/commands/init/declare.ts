import type { Command } from "commander";
import { examples } from "../../options/example.ts";
import type { Runner } from "../../session/session.ts";

export function registerInit(program: Command, run: Runner): void {
  program
    .command("init")
    .argument("<dir>", "folder for the project, new or empty")
    .summary("write a small project with a potential of your own")
    .description(
      "Writes a project to begin with: a potential in TypeScript, a start, and a program that makes data, learns the law back, " +
        "compares and draws. `npm install` and `npm start` run it.",
    )
    .addHelpText("after", examples("mclnn init my-law"))
    .action((folder: string) =>
      run(async (session) => (await import("./run.ts")).init(folder, session)),
    );
}
