import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The files of the workspace that are in git, by their paths from its root. */
export interface Tree {
  readonly root: string;
  readonly names: readonly string[];
  /** @returns null where there is no such file */
  read(name: string): string | null;
}

export function treeOf(root: string): Tree {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 << 20,
    },
  );
  const texts = new Map<string, string | null>();
  return {
    root,
    names: listed.split("\0").filter((name) => name !== "" && existsSync(path.join(root, name))),
    read(name) {
      const known = texts.get(name);
      if (known !== undefined) return known;
      const file = path.join(root, name);
      const text = existsSync(file) ? readFileSync(file, "utf8") : null;
      texts.set(name, text);
      return text;
    },
  };
}

/** The tree with one file changed, or added where there is none. */
export function changed(tree: Tree, name: string, change: (text: string) => string): Tree {
  const text = change(tree.read(name) ?? "");
  return {
    root: tree.root,
    names: tree.names.includes(name) ? tree.names : [...tree.names, name],
    read: (each) => (each === name ? text : tree.read(each)),
  };
}

/** A file that must be there, as JSON. */
export function readJson<T>(tree: Tree, name: string): T {
  return JSON.parse(tree.read(name) ?? "null") as T;
}
