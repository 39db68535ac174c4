// Publishes the packages whose versions no registry has yet. `--dry-run` only says what that would be: each tarball, its size and contents.
import { readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pythonWith } from "./python/with.mjs";
import { inScratchFolder, runProgram } from "./scratch.mjs";
import { contentsProblems } from "./tarballs/contents.mjs";
import { packAll } from "./tarballs/pack.mjs";

const root = path.join(import.meta.dirname, "..");
const dryRun = process.argv.includes("--dry-run");
const unknown = process.argv.slice(2).filter((each) => each !== "--dry-run");
if (unknown.length > 0) throw new Error(`expected --dry-run or nothing, got ${unknown.join(" ")}`);

const changed = runProgram("git", ["status", "--porcelain"], { cwd: root });
if (changed !== "" && !dryRun)
  throw new Error(
    `expected a clean working tree, so that what is published is in git, got\n${changed}`,
  );

// Nothing of an earlier build may slip in.
for (const parent of ["packages", "apps"])
  for (const child of readdirSync(path.join(root, parent)))
    rmSync(path.join(root, parent, child, "dist"), { recursive: true, force: true });
runProgram("pnpm", ["exec", "turbo", "run", "build", "--force", "--output-logs=errors-only"], {
  cwd: root,
});

const problems = inScratchFolder((folder) => {
  const tarballs = packAll(root, folder);
  for (const { name, file, manifest, contents } of tarballs) {
    const groups = new Map();
    for (const each of contents) {
      const group = each.includes("/") ? `${each.split("/", 1)[0]}/` : each;
      groups.set(group, (groups.get(group) ?? 0) + 1);
    }
    const listed = [...groups].map(([group, count]) =>
      count > 1 || group.endsWith("/") ? `${group} ${count}` : group,
    );
    const kilobytes = (statSync(file).size / 1000).toFixed(0).padStart(5);
    console.log(`${name}@${manifest.version} ${kilobytes} kB: ${listed.sort().join(", ")}`);
  }
  return tarballs.flatMap((tarball) => contentsProblems(tarball, root));
});
// The wheel goes by another registry's own program: it is built here, beside what npm gets, and where to is said.
const wheels = path.join(root, "out/wheels");
inScratchFolder((folder) => {
  const python = pythonWith(folder, ["hatchling"]);
  if (python === null) {
    console.log(
      "skipped (1): the wheel, no python3 with hatchling here, and none could be installed",
    );
    return;
  }
  rmSync(wheels, { recursive: true, force: true });
  runProgram(python, ["-m", "hatchling", "build", "-d", wheels], {
    cwd: path.join(root, "python"),
  });
  for (const file of readdirSync(wheels)) {
    const kilobytes = (statSync(path.join(wheels, file)).size / 1000).toFixed(0).padStart(5);
    console.log(`${file} ${kilobytes} kB: out/wheels; publish it with twine upload`);
  }
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else if (dryRun) console.log("a dry run: nothing was published");
else console.log(runProgram("pnpm", ["exec", "changeset", "publish"], { cwd: root }));
