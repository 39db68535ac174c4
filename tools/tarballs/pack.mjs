import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../scratch.mjs";

/**
 * @typedef {object} Tarball
 * @property {string} name - of the package
 * @property {string} folder - of its sources, from the root of the workspace
 * @property {string} file - of the tarball, in full
 * @property {any} manifest - its package.json as it would be published
 * @property {string[]} contents - paths in the tarball, without `package/`
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
      const tar = (/** @type {string[]} */ ...args) => runProgram("tar", args, { cwd: folder });
      const contents = tar("-tzf", file)
        .trim()
        .split("\n")
        .map((each) => each.replace(/^package\//, ""));
      const manifest = JSON.parse(tar("-xzOf", file, "package/package.json"));
      return [{ name, folder: own, file, manifest, contents }];
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
