// `pnpm reproduction` runs the whole reproduction and writes docs/reproduction/ from it; `pnpm reproduction --check` runs the quick one and fails
// with a diff where a claim's verdict is not the one that is committed.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { smallMarkdown } from "./reproduction/small-markdown.mjs";
import { verdictDiff } from "./reproduction/verdict-diff.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");
const docs = path.join(root, "docs", "reproduction");
const program = path.join(root, "apps", "cli", "bin", "mclnn.js");

/** Figures that are kept in the repository, by file name. */
const FIGURES = [
  "fig2-linear-spring",
  "fig4-lagrangian",
  "fig5-linear-spring",
  "fig5-quartic-spring",
  "fig5-gravity",
  "table1",
  "baselines-linear-spring",
  "efficiency",
];
/** What all of docs/reproduction/ may take, in bytes. */
const BUDGET = 700_000;

/** @param {string} folder @param {readonly string[]} args @returns {Record<string, string>} verdicts by name of the claim */
function reproduce(folder, args) {
  const out = runProgram(
    process.execPath,
    [program, "reproduce", "--json", "--out", folder, ...args],
    { cwd: root },
  );
  const { claims } = JSON.parse(out);
  return Object.fromEntries(
    claims.map((/** @type {{ name: string, verdict: string }} */ { name, verdict }) => [
      name,
      verdict,
    ]),
  );
}

function write() {
  // Relative: the page names it.
  const folder = path.join("out", "reproduction");
  const verdicts = reproduce(folder, process.argv.slice(2));
  rmSync(docs, { recursive: true, force: true });
  mkdirSync(path.join(docs, "figures"), { recursive: true });
  const markdown = readFileSync(path.join(root, folder, "reproduction.md"), "utf8");
  writeFileSync(path.join(docs, "README.md"), smallMarkdown(markdown, FIGURES));
  writeFileSync(path.join(docs, "verdicts.json"), `${JSON.stringify(verdicts, null, 2)}\n`);
  for (const name of FIGURES)
    writeFileSync(
      path.join(docs, "figures", `${name}.svg`),
      readFileSync(path.join(root, folder, "figures", `${name}.svg`)),
    );
  const bytes = readdirSync(docs, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(path.join(entry.parentPath, entry.name)).length, 0);
  if (bytes > BUDGET)
    throw new Error(
      `docs/reproduction takes ${bytes} bytes, more than ${BUDGET}: keep fewer figures`,
    );
  console.log(`docs/reproduction: ${bytes} bytes`);
}

function check() {
  const committed = JSON.parse(readFileSync(path.join(docs, "verdicts.json"), "utf8"));
  const began = performance.now();
  const found = inScratchFolder((folder) => reproduce(path.join(folder, "quick"), ["--quick"]));
  const diff = verdictDiff(committed, found);
  console.log(
    `${Object.keys(found).length} claims at quick size in ${Math.round((performance.now() - began) / 1000)} s`,
  );
  if (diff.length === 0) return;
  console.log(
    [
      "verdicts differ from docs/reproduction/verdicts.json (`pnpm reproduction` writes it):",
      ...diff,
    ].join("\n"),
  );
  process.exitCode = 1;
}

if (process.argv.includes("--check")) check();
else write();
