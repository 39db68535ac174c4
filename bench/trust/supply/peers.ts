import { readJson, type Tree } from "./tree.ts";

/** What the programs that we are measured beside ask for, where it is not one exact version. */
export function peerProblems(tree: Tree): string[] {
  const problems: string[] = [];
  for (const name of tree.names.filter((each) =>
    /^bench\/peers\/[^/]+\/requirements\.txt$/.test(each),
  ))
    for (const line of (tree.read(name) ?? "").split("\n").filter((each) => each.trim() !== ""))
      if (!/^[\w.-]+==\d[\w.+]*$/.test(line)) problems.push(`${name}: ${line} is not one version`);
  for (const name of tree.names.filter((each) =>
    /^bench\/peers\/[^/]+\/package\.json$/.test(each),
  )) {
    const { dependencies = {} } = readJson<{ dependencies?: Record<string, string> }>(tree, name);
    for (const [needed, range] of Object.entries(dependencies))
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))
        problems.push(`${name}: ${needed} ${range} is not one version`);
  }
  return problems;
}
