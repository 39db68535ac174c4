// What a user gets: every package packed, installed into an empty project, its README's first example type-checked and run there.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import ts from "typescript";
import { readSourceImports } from "./layers/source-imports.mjs";
import { firstExample } from "./readme-code.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";

const root = path.join(import.meta.dirname, "..");
const MOST_LINES = 9;

/** @type {string[]} */
const problems = [];

inScratchFolder((folder) => {
  const manifests = [];
  for (const parent of ["packages", "apps"]) {
    for (const child of readdirSync(path.join(root, parent))) {
      const cwd = path.join(root, parent, child);
      runProgram("pnpm", ["pack", "--pack-destination", folder], { cwd });
      manifests.push(JSON.parse(readFileSync(path.join(cwd, "package.json"), "utf8")));
    }
  }
  const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  if (tarballs.length !== manifests.length) {
    throw new Error(`expected ${manifests.length} tarballs, got ${tarballs.join(", ")}`);
  }
  for (const { name, version } of manifests) {
    const tarball = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
    checkContents(name, runProgram("tar", ["-tzf", tarball], { cwd: folder }).split("\n"));
  }

  writeFileSync(
    path.join(folder, "package.json"),
    '{ "name": "empty-project", "private": true, "type": "module" }',
  );
  const install = ["install", "--no-audit", "--no-fund", "--no-update-notifier"];
  runProgram("npm", [...install, ...tarballs.map((file) => `./${file}`)], { cwd: folder });

  for (const { name, bin } of manifests) {
    const installed = path.join(folder, "node_modules", name);
    if (bin !== undefined) checkCommands(Object.keys(bin), folder);
    const readme = path.join(installed, "README.md");
    if (!existsSync(readme)) continue;
    const example = firstExample(readFileSync(readme, "utf8"));
    if (example === undefined) {
      if (bin === undefined) problems.push(`${name}: README.md has no example in js or ts`);
      continue;
    }
    runExample(name, example, installed, folder);
  }
  checkRequire(manifests.find(({ name }) => name === "@mclnn/physics").name, folder);
});

for (const problem of problems) console.error(problem);
console.log(`tarballs: ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** @param {string} name @param {string[]} files */
function checkContents(name, files) {
  for (const needed of [
    "package/package.json",
    "package/README.md",
    "package/LICENSE",
    "package/dist/index.js",
  ]) {
    if (!files.includes(needed)) problems.push(`${name}: the tarball lacks ${needed}`);
  }
  for (const file of files.filter((each) => /\/test\/|\.tsbuildinfo$|\/etc\//.test(each))) {
    problems.push(`${name}: the tarball should not hold ${file}`);
  }
}

/** @param {string[]} names @param {string} folder */
function checkCommands(names, folder) {
  for (const name of names) {
    for (const args of [["--version"], ["--help"], ["systems", "--json"]]) {
      try {
        const output = runProgram(path.join(folder, "node_modules/.bin", name), args, {
          cwd: folder,
        });
        if (output.trim() === "") problems.push(`${name} ${args.join(" ")} prints nothing`);
        if (args.includes("--json")) JSON.parse(output);
        console.log(`${name} ${args.join(" ")}: runs`);
      } catch (error) {
        problems.push(`${name} ${args.join(" ")}: ${error}`);
      }
    }
  }
}

/**
 * @param {string} name
 * @param {import("./readme-code.mjs").CodeBlock} example
 * @param {string} installed
 * @param {string} folder
 */
function runExample(name, { code, language, line }, installed, folder) {
  const where = `${name}: README.md:${line}`;
  const lines = code
    .trim()
    .split("\n")
    .filter((each) => each.trim() !== "").length;
  if (lines > MOST_LINES)
    problems.push(`${where}: the first example has ${lines} lines, more than ${MOST_LINES}`);

  const { dependencies = {} } = JSON.parse(
    readFileSync(path.join(installed, "package.json"), "utf8"),
  );
  for (const { specifier } of readSourceImports("example.ts", code).imports) {
    if (specifier === null || specifier.startsWith("node:")) continue;
    const packageName = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    if (packageName !== name && !(packageName in dependencies)) {
      problems.push(`${where}: imports ${specifier}, which installing ${name} does not bring`);
    }
  }

  const stem = path.join(folder, `example-${name.replace(/\W+/g, "-")}`);
  const typed = /^t/.test(language);
  writeFileSync(`${stem}.${typed ? "mts" : "mjs"}`, code);
  for (const message of typeErrors(`${stem}.${typed ? "mts" : "mjs"}`))
    problems.push(`${where}: ${message}`);
  if (typed) {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(`${stem}.mjs`, outputText);
  }
  const before = readdirSync(folder);
  try {
    const output = runProgram(process.execPath, [`${stem}.mjs`], { cwd: folder });
    console.log(`${name}: the first example prints\n${output.trim().replace(/^/gm, "    ")}`);
    const written = readdirSync(folder).filter((file) => !before.includes(file));
    if (output.trim() === "" && written.length === 0) {
      problems.push(`${where}: the example prints nothing and writes nothing`);
    }
    if (/\bNaN\b|undefined/.test(output))
      problems.push(`${where}: the example prints NaN or undefined`);
  } catch (error) {
    problems.push(`${where}: the example does not run: ${error}`);
  }
}

/** Type errors of a file, and of the packages' own declarations, as a strict user sees them. @param {string} file */
function typeErrors(file) {
  const typeRoots = [path.join(root, "node_modules/@types")];
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts"],
    strict: true,
    exactOptionalPropertyTypes: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    types: ["node"],
    typeRoots,
  });
  return ts.getPreEmitDiagnostics(program).flatMap((diagnostic) => {
    const source = diagnostic.file?.fileName ?? "";
    // Only what is ours: the example and @mclnn declarations.
    if (/node_modules\/(?!@mclnn\/)/.test(source)) return [];
    return [
      `${path.basename(source)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`,
    ];
  });
}

/** `require()` of an ES module works on every supported Node. @param {string} name @param {string} folder */
function checkRequire(name, folder) {
  try {
    createRequire(path.join(folder, "consumer.cjs"))(name);
  } catch (error) {
    problems.push(`require("${name}"): ${error}`);
  }
}
