// Runs the command line of this clone, from any of its folders; builds it first where something changed since, and is silent where nothing did.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const root = path.join(import.meta.dirname, "..");
const program = path.join(root, "apps/cli/bin/mclnn.js");
const stamp = path.join(root, "node_modules/.cache/mclnn-built");

/** What the build reads, as names, sizes and times. */
function sources() {
  const hash = createHash("sha256");
  /** @param {string} file */
  const add = (file) => {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  /** @param {string} folder */
  const walk = (folder) => {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true }).sort(
      (a, b) => (a.name < b.name ? -1 : 1),
    )) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(name);
      else add(name);
    }
  };
  for (const file of ["tsconfig.base.json", "pnpm-lock.yaml", "turbo.json"]) add(file);
  for (const parent of ["packages", "apps"])
    for (const name of readdirSync(path.join(root, parent))) {
      const folder = `${parent}/${name}`;
      if (!existsSync(path.join(root, folder, "src"))) continue;
      walk(`${folder}/src`);
      for (const entry of readdirSync(path.join(root, folder)))
        if (/\.(json|mjs)$/.test(entry)) add(`${folder}/${entry}`);
      // A build that was taken away is made again.
      hash.update(existsSync(path.join(root, folder, "dist")) ? "built" : "gone");
    }
  return hash.digest("hex");
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== sources()) {
  const { status } = spawnSync(
    "turbo run build --filter=@mclnn/cli... --output-logs=errors-only --log-order=stream",
    // What the program prints is all that is on standard output.
    { cwd: root, shell: true, stdio: ["ignore", 2, 2] },
  );
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources());
}

// Package managers run scripts at the root; paths are meant from where the person is.
process.chdir(process.env.INIT_CWD ?? process.cwd());
await import(pathToFileURL(program).href);
