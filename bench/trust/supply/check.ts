import { actionProblems } from "./actions.ts";
import { installProblems } from "./installs.ts";
import { lockfileProblems } from "./lockfile.ts";
import { manifestProblems } from "./manifests.ts";
import { peerProblems } from "./peers.ts";
import { settingProblems } from "./settings.ts";
import type { Tree } from "./tree.ts";

/** What is looked at in the files of the workspace alone, without building anything. */
const LOOKS: Readonly<Record<string, (tree: Tree) => string[]>> = {
  installs: installProblems,
  settings: settingProblems,
  lockfile: lockfileProblems,
  manifests: manifestProblems,
  actions: actionProblems,
  peers: peerProblems,
};

/** Problems, by what was looked at. */
export function supplyProblems(tree: Tree): Map<string, string[]> {
  return new Map(Object.entries(LOOKS).map(([name, look]) => [name, look(tree)]));
}
