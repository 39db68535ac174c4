import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import { DONE, type ExitCode } from "../../exit-code.ts";
import { examples } from "../../options/example.ts";
import type { Runner, Session } from "../../session.ts";

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
    .action((folder: string) => run((session) => init(folder, session)));
}

async function init(folder: string, { terminal }: Session): Promise<ExitCode> {
  const [
    { checkWritable, kindOf, SPECIAL },
    { projectFiles },
    { readdir, mkdir },
    { join, resolve },
  ] = await Promise.all([
    import("../../outputs/place.ts"),
    import("./project.ts"),
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const path = resolve(folder);
  const kind = await kindOf(path);
  const refuse = (code: "not-a-folder" | "folder-not-empty", got: string): never => {
    throw new MclnnError(`${folder || '""'} cannot become a project`, {
      code,
      argument: "dir",
      expected: "a new or empty folder",
      got,
    });
  };
  if (folder.trim() === "") refuse("not-a-folder", "nothing");
  if (kind === "file") refuse("not-a-folder", "a file");
  if (kind === "special") refuse("not-a-folder", SPECIAL);
  if (kind === "folder" && (await readdir(path)).length > 0)
    refuse("folder-not-empty", "a folder with files in it");
  await checkWritable(join(path, "package.json"), "the project");
  const files = await projectFiles(path);
  const { writeFileAtomic } = await import("@mclnn/datasets/node");
  await mkdir(path, { recursive: true });
  for (const [name, text] of files) await writeFileAtomic(join(path, name), text);
  const names = [...files.keys()].sort();
  terminal.print(
    [
      `${folder}: ${names.join(", ")}`,
      "",
      "Next:",
      ...(path === resolve(".") ? [] : [`  cd ${folder}`]),
      "  npm install",
      "  npm start            makes data with potential.ts, learns the law back, draws both",
      "  npm run compare      the full comparison, as a page",
    ].join("\n"),
  );
  terminal.printJson({ project: path, files: names });
  return DONE;
}
