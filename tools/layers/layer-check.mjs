import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { importCycles } from "./import-cycles.mjs";
import {
  BROWSER_SAFE,
  BUNDLED,
  INEXACT_ALLOWED,
  LAYERS_IN_WORDS,
  LONG_ALLOWED,
  layerOf,
  NODE_FOLDERS,
  OTHER_SOURCES,
  SAME_BITS,
  SCOPE,
} from "./layer-table.mjs";
import { readInexactArithmetic } from "./source-arithmetic.mjs";
import { readSourceImports } from "./source-imports.mjs";
import { MOST_LINES, readLongSources } from "./source-sizes.mjs";

/**
 * @typedef {object} Violation
 * @property {string} file - relative to the workspace, with `/`
 * @property {number} line
 * @property {"layer" | "cycle" | "folder" | "platform" | "deep-import" | "undeclared" | "unknown-package" | "arithmetic" | "size"} rule
 * @property {string} message
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} name - without scope
 * @property {string} folder - relative to the workspace
 * @property {any} manifest - its package.json
 */

/**
 * Checks every source file under packages/&#42;/src and apps/&#42;/src of a workspace.
 *
 * @param {string} root
 * @param {{ inexact?: typeof INEXACT_ALLOWED, long?: typeof LONG_ALLOWED }} [options] - inexact functions, and long functions and files, that may stay
 * @returns {{ violations: Violation[], files: number, imports: number }}
 */
export function checkLayers(root, { inexact = INEXACT_ALLOWED, long = LONG_ALLOWED } = {}) {
  const packages = workspacePackages(root);
  const check = new LayerCheck(root, packages);
  for (const workspacePackage of packages) {
    check.checkPackage(workspacePackage);
    check.checkArithmetic(workspacePackage, inexact);
    check.checkSizes(workspacePackage, long);
  }
  const { violations, files, imports } = check;
  violations.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { violations, files, imports };
}

/** @returns {WorkspacePackage[]} */
function workspacePackages(/** @type {string} */ root) {
  return ["packages", "apps"]
    .filter((parent) => existsSync(path.join(root, parent)))
    .flatMap((parent) => readdirSync(path.join(root, parent)).map((child) => `${parent}/${child}`))
    .filter((folder) => existsSync(path.join(root, folder, "package.json")))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
      return { name: String(manifest.name).replace(SCOPE, ""), folder, manifest };
    });
}

class LayerCheck {
  /** @type {Violation[]} */
  violations = [];
  files = 0;
  imports = 0;

  /**
   * @param {string} root
   * @param {WorkspacePackage[]} packages
   */
  constructor(root, packages) {
    this.root = root;
    this.packages = new Map(packages.map((each) => [each.name, each]));
  }

  /** @param {WorkspacePackage} own */
  checkPackage(own) {
    const manifestFile = `${own.folder}/package.json`;
    if (layerOf(own.name) < 0) {
      this.#report(
        manifestFile,
        1,
        "unknown-package",
        `${own.name} has no layer; give it one in tools/layers/layer-table.mjs`,
      );
      return;
    }
    /** Files to the files they import, types included. @type {Map<string, string[]>} */
    const graph = new Map();
    /** @type {Map<string, number>} */
    const lines = new Map();
    for (const file of sourceFiles(this.root, `${own.folder}/src`)) {
      const { imports, platformGlobals } = readSourceImports(
        file,
        readFileSync(path.join(this.root, file), "utf8"),
      );
      this.files++;
      this.imports += imports.length;
      const browserSafe = isBrowserSafe(own, file);
      /** @type {string[]} */
      const targets = [];
      for (const { specifier, line } of imports) {
        if (specifier === null) {
          if (browserSafe) {
            this.#report(
              file,
              line,
              "platform",
              "a computed import() cannot be checked; name the module in a string",
            );
          }
        } else if (specifier.startsWith(".")) {
          const target = path.posix.join(path.posix.dirname(file), specifier);
          this.#checkRelative(own, file, line, specifier, target, browserSafe);
          targets.push(target);
          lines.set(`${file} ${target}`, line);
        } else if (isBuiltin(specifier) || specifier === "node") {
          if (browserSafe) {
            this.#report(
              file,
              line,
              "platform",
              `${own.name} runs in a browser and may not import ${specifier}; Node code goes to src/node/`,
            );
          }
        } else {
          this.#checkPackageImport(own, file, line, specifier, browserSafe);
        }
      }
      if (browserSafe) {
        for (const { name, line } of platformGlobals) {
          this.#report(
            file,
            line,
            "platform",
            `${own.name} runs in browsers and in Node and may not use the global ${name}`,
          );
        }
      }
      graph.set(file, targets);
    }
    this.#checkFolders(own, graph, lines);
    for (const cycle of importCycles(graph)) {
      const [first, second] = /** @type {[string, string]} */ (cycle.slice(0, 2));
      const names = cycle.map((file) => path.posix.relative(`${own.folder}/src`, file));
      this.#report(
        first,
        lines.get(`${first} ${second}`) ?? 1,
        "cycle",
        `import cycle ${names.join(" -> ")}`,
      );
    }
  }

  /**
   * Folders of a package import one way: no two of them each other. Files beside `index.ts` are in none.
   *
   * @param {WorkspacePackage} own
   * @param {ReadonlyMap<string, readonly string[]>} graph
   * @param {ReadonlyMap<string, number>} lines
   */
  #checkFolders(own, graph, lines) {
    const folderOf = (/** @type {string} */ file) =>
      path.posix.relative(`${own.folder}/src`, file).split("/").slice(0, -1)[0] ?? "";
    /** The first import from one folder into another. @type {Map<string, { file: string, target: string }>} */
    const ties = new Map();
    for (const [file, targets] of graph)
      for (const target of targets) {
        const [from, to] = [folderOf(file), folderOf(target)];
        const tie = `${from} ${to}`;
        if (from !== to && from !== "" && !ties.has(tie)) ties.set(tie, { file, target });
      }
    for (const [tie, { file, target }] of ties) {
      const [from, to] = tie.split(" ");
      const back = ties.get(`${to} ${from}`);
      if (back === undefined || /** @type {string} */ (from) > /** @type {string} */ (to)) continue;
      this.#report(
        file,
        lines.get(`${file} ${target}`) ?? 1,
        "folder",
        `${from}/ imports ${to}/, and ${to}/ imports ${from}/ (${back.file})`,
      );
    }
  }

  /**
   * @param {WorkspacePackage} own
   * @param {typeof INEXACT_ALLOWED} inexact
   */
  checkArithmetic(own, inexact) {
    if (!SAME_BITS.includes(own.name)) return;
    const folders = ["src", ...OTHER_SOURCES].map((folder) => `${own.folder}/${folder}`);
    this.#checkExcept(own, "arithmetic", inexact, folders, (file, text) =>
      readInexactArithmetic(file, text).map(({ name, line }) => ({
        name,
        line,
        message: `${name} has other bits in other engines; use products and the portable functions of ${SCOPE}physics`,
      })),
    );
  }

  /**
   * @param {WorkspacePackage} own
   * @param {typeof LONG_ALLOWED} long
   */
  checkSizes(own, long) {
    this.#checkExcept(own, "size", long, [`${own.folder}/src`], (file, text) =>
      readLongSources(file, text).map(({ name, line, lines, kind }) => ({
        name,
        line,
        message: `${name || "the file"} has ${lines} lines, a ${kind} at most ${MOST_LINES[kind]}; split it into parts that a name says`,
      })),
    );
  }

  /**
   * Reports what is found and not excepted, and exceptions that nothing needs.
   *
   * @param {WorkspacePackage} own
   * @param {Violation["rule"]} rule
   * @param {readonly { file: string, name: string }[]} exceptions
   * @param {readonly string[]} folders
   * @param {(file: string, text: string) => { name: string, line: number, message: string }[]} find
   */
  #checkExcept(own, rule, exceptions, folders, find) {
    const allowed = exceptions.filter(({ file }) => file.startsWith(`${own.folder}/`));
    const needed = new Set();
    for (const file of folders.flatMap((folder) => sourceFiles(this.root, folder)))
      for (const { name, line, message } of find(
        file,
        readFileSync(path.join(this.root, file), "utf8"),
      )) {
        const exception = allowed.find((each) => each.file === file && each.name === name);
        if (exception === undefined) this.#report(file, line, rule, message);
        else needed.add(exception);
      }
    for (const exception of allowed)
      if (!needed.has(exception))
        this.#report(
          exception.file,
          1,
          rule,
          `${exception.name || "the file"} is allowed but not ${rule === "size" ? "too long" : "used"}`,
        );
  }

  /**
   * @param {WorkspacePackage} own
   * @param {string} file
   * @param {number} line
   * @param {string} specifier
   * @param {string} target
   * @param {boolean} browserSafe
   */
  #checkRelative(own, file, line, specifier, target, browserSafe) {
    if (!target.startsWith(`${own.folder}/src/`)) {
      this.#report(
        file,
        line,
        "deep-import",
        `${specifier} leaves ${own.folder}/src; import the other package by its name`,
      );
    } else if (browserSafe && !isBrowserSafe(own, target)) {
      this.#report(
        file,
        line,
        "platform",
        `${specifier} is Node code; only the subpath ${SCOPE}${own.name}/node may load it`,
      );
    }
  }

  /**
   * @param {WorkspacePackage} own
   * @param {string} file
   * @param {number} line
   * @param {string} specifier
   * @param {boolean} browserSafe
   */
  #checkPackageImport(own, file, line, specifier, browserSafe) {
    const packageName = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } = own.manifest;
    const inside = BUNDLED.includes(own.name) ? devDependencies : {};
    const declared = { ...dependencies, ...inside, ...peerDependencies, ...optionalDependencies };
    if (packageName !== own.manifest.name && !(packageName in declared)) {
      this.#report(
        file,
        line,
        "undeclared",
        `${packageName} is not in the dependencies of ${own.folder}/package.json`,
      );
    }
    if (!packageName.startsWith(SCOPE)) return;

    const name = packageName.slice(SCOPE.length);
    const target = this.packages.get(name);
    if (name === own.name) {
      this.#report(
        file,
        line,
        "deep-import",
        `${own.name} imports itself by name; import the file`,
      );
      return;
    }
    if (layerOf(name) >= layerOf(own.name)) {
      this.#report(
        file,
        line,
        "layer",
        `${own.name} may not import ${packageName}: imports run down the layers ${LAYERS_IN_WORDS}`,
      );
    }
    const subpath = `.${specifier.slice(packageName.length)}`;
    if (target !== undefined && !(subpath in (target.manifest.exports ?? {}))) {
      this.#report(
        file,
        line,
        "deep-import",
        `${specifier} is not among the exports of ${packageName}`,
      );
    }
    if (browserSafe && NODE_FOLDERS.some((folder) => subpath === `./${folder}`)) {
      this.#report(
        file,
        line,
        "platform",
        `${own.name} runs in a browser and may not import ${specifier}`,
      );
    }
  }

  /**
   * @param {string} file
   * @param {number} line
   * @param {Violation["rule"]} rule
   * @param {string} message
   */
  #report(file, line, rule, message) {
    this.violations.push({ file, line, rule, message });
  }
}

function isBrowserSafe(/** @type {WorkspacePackage} */ own, /** @type {string} */ file) {
  const inNodeFolder = NODE_FOLDERS.some((folder) =>
    file.startsWith(`${own.folder}/src/${folder}/`),
  );
  return BROWSER_SAFE.includes(own.name) && !inNodeFolder;
}

/** @returns {string[]} relative to `root`, sorted */
function sourceFiles(/** @type {string} */ root, /** @type {string} */ folder) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join(folder, file.split(path.sep).join("/")))
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file) && !file.endsWith(".d.ts"))
    .sort();
}
