import type { Tree } from "./tree.ts";

const PINNED = /^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40}$|docker:\/\/[^\s@]+@sha256:[0-9a-f]{64}$)/;

/** Actions of workflows, if there are any, that are not named by the hash of a commit. */
export function actionProblems(tree: Tree): string[] {
  return tree.names
    .filter((name) => /(^|\/)(\.github|\.gitea|\.forgejo)\/.*\.ya?ml$/.test(name))
    .flatMap((name) =>
      [...(tree.read(name) ?? "").matchAll(/^\s*-?\s*uses:\s*["']?([^\s"'#]+)/gm)]
        .map(([, action = ""]) => action)
        .filter((action) => !PINNED.test(action))
        .map((action) => `${name}: ${action} is not pinned to a commit`),
    );
}
