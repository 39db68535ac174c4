import { parse } from "yaml";
import type { Tree } from "./tree.ts";

interface Needs {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Importer = Readonly<
  Record<string, Readonly<Record<string, { readonly specifier: string; readonly version: string }>>>
>;

/** What is read of pnpm-lock.yaml. */
export interface Lockfile {
  readonly lockfileVersion: string;
  readonly importers: Readonly<Record<string, Importer>>;
  readonly packages: Readonly<
    Record<string, { readonly resolution: Readonly<Record<string, string>> }>
  >;
  readonly snapshots: Readonly<Record<string, Needs>>;
}

/** A package of the registry, by name and exact version. */
const ENTRY = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*@\d+\.\d+\.\d+(-[\w.-]+)?$/i;
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;
const SPECIFIER = /^(catalog:|workspace:\^|[\^~]?\d+\.\d+\.\d+)$/;

/** Texts that were parsed already: copies of the tree differ in other files. */
const parsed = new Map<string, Lockfile>();

export function readLockfile(tree: Tree): Lockfile {
  const text = tree.read("pnpm-lock.yaml") ?? "";
  const lockfile = parsed.get(text) ?? (parse(text) as Lockfile);
  parsed.set(text, lockfile);
  return lockfile;
}

/** Whatever in the lockfile is no package of the registry with the hash of its contents. */
export function lockfileProblems(tree: Tree): string[] {
  const { lockfileVersion, importers, packages, snapshots } = readLockfile(tree);
  const problems: string[] = [];
  if (lockfileVersion !== "9.0") problems.push(`a lockfile of version ${lockfileVersion}, not 9.0`);
  for (const [entry, { resolution }] of Object.entries(packages)) {
    if (!ENTRY.test(entry)) problems.push(`${entry} is no package of the registry`);
    const { integrity = "", ...others } = resolution;
    if (!INTEGRITY.test(integrity)) problems.push(`${entry} has no SHA-512`);
    for (const [kind, value] of Object.entries(others))
      problems.push(`${entry} comes from a place of its own: ${kind} ${value}`);
  }
  for (const entry of Object.keys(snapshots))
    if (packages[withoutPeers(entry)] === undefined)
      problems.push(`${entry} is used and has no hash`);
  for (const [folder, kinds] of Object.entries(importers))
    for (const [name, { specifier, version }] of Object.values(kinds).flatMap(Object.entries)) {
      if (!SPECIFIER.test(specifier))
        problems.push(`${folder}: ${name} is asked for as ${specifier}`);
      if (!version.startsWith("link:") && snapshots[`${name}@${version}`] === undefined)
        problems.push(`${folder}: ${name} ${version} is not in the lockfile`);
    }
  return problems.map((each) => `pnpm-lock.yaml: ${each}`);
}

/** An entry without the versions of its peers, which follow in parentheses. */
function withoutPeers(entry: string): string {
  return entry.replace(/\(.*$/, "");
}

/** All that comes with a workspace folder for its user, to any depth: entries of `packages`. */
export function runtimeClosure(
  { importers, snapshots }: Lockfile,
  folders: readonly string[],
): string[] {
  const found = new Set<string>();
  const visit = (needs: Readonly<Record<string, string>> = {}): void => {
    for (const [name, version] of Object.entries(needs)) {
      const entry = `${name}@${version}`;
      if (version.startsWith("link:") || found.has(entry)) continue;
      found.add(entry);
      visit(snapshots[entry]?.dependencies);
      visit(snapshots[entry]?.optionalDependencies);
    }
  };
  for (const folder of folders)
    for (const kind of ["dependencies", "optionalDependencies"])
      visit(
        Object.fromEntries(
          Object.entries(importers[folder]?.[kind] ?? {}).map(([name, { version }]) => [
            name,
            version,
          ]),
        ),
      );
  return [...new Set([...found].map(withoutPeers))].sort();
}
