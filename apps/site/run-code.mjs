// Runs the commands that the pages tell (docs/start, learn, do), page by page, each in an empty folder, by the command line that was built.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { codeBlocks } from "../../tools/readme-code.mjs";
import { inScratchFolder } from "../../tools/scratch.mjs";

const root = path.join(import.meta.dirname, "../..");
const program = path.join(root, "apps/cli/bin/mclnn.js");
const pages = ["start", "learn", "do"].flatMap((folder) =>
  readdirSync(path.join(root, "docs", folder)).map((name) => path.join("docs", folder, name)),
);
let [commands, failed] = [0, 0];
inScratchFolder((scratch) => {
  for (const page of pages) {
    const cwd = path.join(scratch, path.basename(page, ".md"));
    mkdirSync(cwd);
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
