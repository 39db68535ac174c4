import { parse } from "yaml";
import type { Tree } from "./tree.ts";

/** What pnpm is told, and must be: with why. */
const WANTED: Readonly<Record<string, { readonly is: unknown; readonly why: string }>> = {
  frozenLockfile: { is: true, why: "every install takes what the lockfile says" },
  strictDepBuilds: { is: true, why: "a new install script ends the install" },
  blockExoticSubdeps: { is: true, why: "dependencies come from the registry only" },
  verifyDepsBeforeRun: { is: "install", why: "what runs is what the lockfile says" },
};

/** Dependencies that have an install script, which is never run; and what becomes of them without. */
const UNBUILT: Readonly<Record<string, string>> = {
  "@tensorflow/tfjs-node": "an optional peer; built by hand, scripts/tfjs-node-native.sh",
  "core-js": "prints a request for donations",
  esbuild: "checks that its program is there, which is a package of its own",
};

/** Settings under which install scripts would run, or sources and ages would not be checked: pnpm itself takes nothing younger than a day. */
const DANGEROUS = [
  "dangerouslyAllowAllBuilds",
  "onlyBuiltDependencies",
  "neverBuiltDependencies",
  "trustLockfile",
  "minimumReleaseAge",
  "registry",
];

/** What pnpm is told that lets something in. */
export function settingProblems(tree: Tree): string[] {
  const settings = parse(tree.read("pnpm-workspace.yaml") ?? "") as Record<string, unknown>;
  const problems: string[] = [];
  for (const [name, { is, why }] of Object.entries(WANTED))
    if (settings[name] !== is)
      problems.push(`pnpm-workspace.yaml: ${name} is ${settings[name]}, not ${is}: ${why}`);
  for (const name of DANGEROUS)
    if (name in settings) problems.push(`pnpm-workspace.yaml: ${name} is set`);
  const builds = Object.entries((settings.allowBuilds ?? {}) as Record<string, unknown>);
  for (const [name, runs] of builds) {
    if (runs !== false) problems.push(`pnpm-workspace.yaml: the install script of ${name} is run`);
    if (UNBUILT[name] === undefined)
      problems.push(`pnpm-workspace.yaml: nobody says what ${name} is without its install script`);
  }
  // These are files of a person's own machine: names of hosts, keys.
  for (const name of tree.names.filter((each) =>
    /(^|\/)(\.npmrc|\.yarnrc.*|\.pnpmfile\.m?cjs)$/.test(each),
  ))
    problems.push(`${name}: settings are in pnpm-workspace.yaml only`);
  return problems;
}
