import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeFileAtomic } from "@mclnn/datasets/node";
import { MclnnError } from "@mclnn/physics";
import { checkWritable, kindOf, SPECIAL } from "../../outputs/place.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { projectFiles } from "./project.ts";

/** Writes a small project. @throws MclnnError `not-a-folder`, `folder-not-empty`, `not-writable` */
export async function init(folder: string, { terminal }: Session): Promise<ExitCode> {
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
