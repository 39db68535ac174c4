// `pnpm reproduction` runs the whole reproduction and writes docs/reproduction/ from it; `pnpm reproduction --check` runs the quick one and fails
// with a diff where a claim's verdict is not the one that is committed. `--from DIR` takes a whole reproduction that is there already.
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

/** @param {string} folder - from the root @param {readonly string[]} args */
function reproduce(folder, args) {
  runProgram(process.execPath, [program, "reproduce", "--json", "--out", folder, ...args], {
    cwd: root,
  });
}

/** Verdicts by name of the claim. @param {string} folder @returns {Record<string, string>} */
function verdictsIn(folder) {
  const { claims } = JSON.parse(readFileSync(path.join(folder, "results.json"), "utf8"));
  return Object.fromEntries(
    claims.map((/** @type {{ name: string, verdict: string }} */ { name, verdict }) => [
      name,
      verdict,
    ]),
  );
}

function write() {
  const from = process.argv.indexOf("--from");
  // Relative: the page names it.
  const given = from < 0 ? path.join("out", "reproduction") : process.argv[from + 1];
  if (given === undefined) throw new Error("--from needs the folder of a reproduction");
  if (from < 0) reproduce(given, []);
  const folder = path.resolve(root, given);
  const { size } = JSON.parse(readFileSync(path.join(folder, "results.json"), "utf8"));
  if (size !== "full")
    throw new Error(`${given} holds a reproduction of ${size} size, not of full`);
  const markdown = readFileSync(path.join(folder, "reproduction.md"), "utf8");
  rmSync(docs, { recursive: true, force: true });
  mkdirSync(path.join(docs, "figures"), { recursive: true });
  writeFileSync(path.join(docs, "README.md"), smallMarkdown(markdown, FIGURES));
  writeFileSync(
    path.join(docs, "verdicts.json"),
    `${JSON.stringify(verdictsIn(folder), null, 2)}\n`,
  );
  for (const name of FIGURES)
    writeFileSync(
      path.join(docs, "figures", `${name}.svg`),
      readFileSync(path.join(folder, "figures", `${name}.svg`)),
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
  const found = inScratchFolder((folder) => {
    const quick = path.join(folder, "quick");
    reproduce(quick, ["--quick"]);
    return verdictsIn(quick);
  });
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
