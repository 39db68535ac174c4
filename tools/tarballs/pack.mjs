import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../scratch.mjs";

/**
 * @typedef {object} Tarball
 * @property {string} name - of the package
 * @property {string} folder - of its sources, from the root of the workspace
 * @property {string} file - of the tarball, in full
 * @property {string} unpacked - folder of what it holds
 * @property {any} manifest - its package.json as it would be published
 * @property {string[]} contents - paths of the files that it holds
 */

/**
 * Packs every package that is published.
 *
 * @param {string} root - of the workspace
 * @param {string} folder - to pack into
 * @returns {Tarball[]}
 */
export function packAll(root, folder) {
  return ["packages", "apps"]
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((child) => `${parent}/${child}`))
    .flatMap((own) => {
      const cwd = path.join(root, own);
      const { name, version, ...rest } = JSON.parse(
        readFileSync(path.join(cwd, "package.json"), "utf8"),
      );
      if (rest.private === true) return [];
      runProgram("pnpm", ["pack", "--pack-destination", folder], { cwd });
      const file = path.join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
      const unpacked = path.join(folder, "unpacked", own);
      mkdirSync(unpacked, { recursive: true });
      runProgram("tar", ["-xzf", file, "--strip-components=1"], { cwd: unpacked });
      const contents = readdirSync(unpacked, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(unpacked, path.join(entry.parentPath, entry.name)));
      const manifest = JSON.parse(readFileSync(path.join(unpacked, "package.json"), "utf8"));
      return [{ name, folder: own, file, unpacked, manifest, contents }];
    });
}

/**
 * A package and all of ours that it needs, to any depth.
 *
 * @param {string} name
 * @param {readonly Tarball[]} tarballs
 * @returns {Tarball[]}
 */
export function withNeeds(name, tarballs) {
  /** @type {Set<Tarball>} */
  const out = new Set();
  const add = (/** @type {string} */ each) => {
    const tarball = tarballs.find((t) => t.name === each);
    if (tarball === undefined || out.has(tarball)) return;
    out.add(tarball);
    for (const needed of Object.keys(tarball.manifest.dependencies ?? {})) add(needed);
  };
  add(name);
  return [...out];
}
