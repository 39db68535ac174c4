/** Packages from the lowest layer to the highest. An import may only name a package of a lower row. */
const LAYERS = [
  ["physics"],
  ["integrators"],
  ["datasets"],
  ["metrics"],
  ["models"],
  ["learning"],
  ["tfjs"],
  ["studies"],
  ["report"],
  ["playground"],
  ["cli"],
  ["site"],
];

/** npm scope of the workspace's own packages. */
export const SCOPE = "@mclnn/";

/** Packages whose main entry runs in a browser as it is. */
export const BROWSER_SAFE = [
  "physics",
  "integrators",
  "datasets",
  "metrics",
  "models",
  "learning",
  "tfjs",
  "studies",
  "report",
];

/** Packages whose arithmetic reaches data or weights, and so must give the same bits in every engine. The command line adds none. */
export const SAME_BITS = [
  "physics",
  "integrators",
  "datasets",
  "metrics",
  "models",
  "learning",
  "tfjs",
  "studies",
  "cli",
];

/** Folders of sources beside `src/`, in those packages. */
export const OTHER_SOURCES = ["assembly"];

/**
 * Inexact functions that may stay in those packages, since nothing but what is shown comes of them.
 *
 * @type {readonly { file: string, name: string, reason: string }[]}
 */
export const INEXACT_ALLOWED = [
  {
    file: "packages/studies/src/paper/parts/efficiency.ts",
    name: "Math.log10",
    reason: "orders of magnitude in a sentence, with one decimal",
  },
];

/**
 * Functions of more lines than they may have, by name, and files, by an empty one (source-sizes.mjs).
 *
 * @type {readonly { file: string, name: string, reason: string }[]}
 */
export const LONG_ALLOWED = [
  {
    file: "apps/cli/src/commands/train/declare.ts",
    name: "registerTrain",
    reason: "a table: one option of the command after another, in the order of its help",
  },
];

/** Packages that carry their development dependencies inside (docs/adr/0009). */
export const BUNDLED = ["playground", "cli", "site"];

/** Folders (under src/) of browser-safe packages that may use Node; each is an export of its own. */
export const NODE_FOLDERS = ["node"];

/** Globals that only Node or only a browser's page has. */
export const PLATFORM_GLOBALS = new Set([
  "process",
  "Buffer",
  "global",
  "require",
  "__dirname",
  "__filename",
  "setImmediate",
  "clearImmediate",
  "window",
  "document",
  "navigator",
  "location",
  "localStorage",
  "sessionStorage",
  "indexedDB",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "XMLHttpRequest",
  "HTMLElement",
  "Worker",
]);

/** @param {string} name - without scope */
export function layerOf(name) {
  return LAYERS.findIndex((layer) => layer.includes(name));
}

/** The table in one line, for messages. */
export const LAYERS_IN_WORDS = LAYERS.map((layer) => layer.join(", ")).join(" < ");
