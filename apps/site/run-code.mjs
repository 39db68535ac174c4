// Runs the commands that the pages tell (docs/start, learn, do), page by page, by the command line that was built, each in a folder that holds what lies in
// `files` beside the page, under its name.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { codeBlocks } from "../../tools/readme-code.mjs";
import { inScratchFolder } from "../../tools/scratch.mjs";

const root = path.join(import.meta.dirname, "../..");
const program = path.join(root, "apps/cli/bin/mclnn.js");
const pages = ["start", "learn", "do"].flatMap((folder) =>
  readdirSync(path.join(root, "docs", folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join("docs", folder, name)),
);
let [commands, failed] = [0, 0];
inScratchFolder((scratch) => {
  for (const page of pages) {
    const cwd = path.join(scratch, path.basename(page, ".md"));
    const files = path.join(root, path.dirname(page), "files", path.basename(page, ".md"));
    if (existsSync(files)) cpSync(files, cwd, { recursive: true });
    else mkdirSync(cwd);
    for (const { code, line } of codeBlocks(readFileSync(path.join(root, page), "utf8")))
      for (const command of code.split("\n").filter((each) => each.startsWith("mclnn "))) {
        commands++;
        const args = command.split(/\s+/).slice(1);
        const ran = spawnSync(process.execPath, [program, ...args], { cwd, encoding: "utf8" });
        if (ran.status === 0) continue;
        failed++;
        console.error(`${page}:${line}: ${command}\n${ran.stderr}`);
      }
  }
});
console.log(`pages: ${commands} commands, ${failed} failed`);
process.exitCode = failed > 0 || commands === 0 ? 1 : 0;
