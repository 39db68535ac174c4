import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runProgram } from "../scratch.mjs";

/** Programs that install packages. @typedef {"npm" | "pnpm"} Manager */

/**
 * A Node to try things with.
 *
 * @typedef {object} Node
 * @property {string} version - major, or the one that runs this
 * @property {string} program - its path
 */

/** The Node of a major version, from the npm package `node`; this one for null. @param {string | null} version @returns {Node} */
export function nodeOf(version) {
  if (version === null) return { version: process.versions.node, program: process.execPath };
  const program = runProgram("npx", ["-y", `node@${version}`, "-p", "process.execPath"], {
    cwd: "/",
  }).trim();
  return { version, program };
}

/** An empty project into which tarballs are installed, as its user would install packages. */
export class Project {
  /**
   * @param {string} folder - made by this
   * @param {{ manager: Manager, node: Node }} tools
   */
  constructor(folder, { manager, node }) {
    this.folder = folder;
    this.manager = manager;
    this.node = node;
    mkdirSync(folder, { recursive: true });
  }

  /**
   * @param {readonly import("./pack.mjs").Tarball[]} direct - what the user asks for
   * @param {readonly import("./pack.mjs").Tarball[]} all - also what that needs, which no registry has yet
   * @param {Record<string, string>} [others] - packages of the registry
   * @param {Record<string, unknown>} [manifest] - more of package.json
   */
  install(direct, all, others = {}, manifest = {}) {
    const files = (/** @type {readonly import("./pack.mjs").Tarball[]} */ list) =>
      Object.fromEntries(list.map(({ name, file }) => [name, `file:${file}`]));
    this.write(
      "package.json",
      JSON.stringify(
        {
          name: "a-project",
          private: true,
          type: "module",
          ...manifest,
          dependencies: { ...files(direct), ...others },
          ...(this.manager === "npm" ? { overrides: files(all) } : {}),
        },
        null,
        2,
      ),
    );
    if (this.manager === "npm") {
      const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline"];
      this.run("npm", ["install", ...quiet, "--loglevel=error"]);
    } else {
      this.write("pnpm-workspace.yaml", `overrides:\n${lines(files(all))}pmOnFail: ignore\n`);
      this.run("pnpm", ["install", "--prefer-offline", "--reporter=silent"]);
    }
  }

  /** @param {string} name @param {string} text */
  write(name, text) {
    writeFileSync(path.join(this.folder, name), text);
  }

  /** Runs a program in the project, with its Node in front of all others. @param {string} program @param {readonly string[]} args */
  run(program, args) {
    const bin = path.join(this.folder, "node_modules/.bin");
    const PATH = [bin, path.dirname(this.node.program), process.env.PATH].join(path.delimiter);
    return runProgram(program === "node" ? this.node.program : program, args, {
      cwd: this.folder,
      env: { PATH, NODE_OPTIONS: undefined, NODE_PATH: undefined },
    });
  }
}

/** @param {Record<string, string>} entries */
function lines(entries) {
  return Object.entries(entries)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}\n`)
    .join("");
}
