import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { readLockfile, runtimeClosure } from "./lockfile.ts";
import { publishedFolders } from "./manifests.ts";
import type { Tree } from "./tree.ts";

/** Licences under which a program of any kind may use, change and pass on what it needs. */
const LICENCES = [
  "MIT",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "Unlicense",
  // Of resvg: its own files stay open; they are used as they are.
  "MPL-2.0",
];

/** Read and found to be as free, where the manifest has no name of a licence. */
const READ: Readonly<Record<string, string>> = {
  "dejavu-fonts-ttf": "SEE LICENSE IN README.md AND LICENSE",
};

/** What came of looking at the licences of all that a user's project gets. */
export interface LicenceReport {
  readonly problems: readonly string[];
  /** Packages looked at. */
  readonly looked: number;
  /** Packages for other systems, which are not installed here. */
  readonly absent: readonly string[];
}

/** Looks at every package that ours bring along, to any depth, and at what the command line has in its bundle. */
export function licenceReport(tree: Tree): LicenceReport {
  const lockfile = readLockfile(tree);
  const store = path.join(tree.root, "node_modules/.pnpm");
  const places = readdirSync(store);
  const problems: string[] = [];
  const absent: string[] = [];
  const entries = runtimeClosure(lockfile, publishedFolders(tree)).concat(bundled(tree));
  for (const entry of entries) {
    const at = entry.lastIndexOf("@");
    const name = entry.slice(0, at);
    const prefix = entry.replaceAll("/", "+");
    const place = places.find((each) => each === prefix || each.startsWith(`${prefix}_`));
    const file = path.join(store, place ?? prefix, "node_modules", name, "package.json");
    if (!existsSync(file)) absent.push(entry);
    else {
      const { license } = JSON.parse(readFileSync(file, "utf8")) as { license?: unknown };
      if (typeof license !== "string" || !(LICENCES.includes(license) || READ[name] === license))
        problems.push(`${entry}: its licence is ${JSON.stringify(license)}`);
    }
  }
  for (const entry of absent)
    if (!/-(android|darwin|linux|win32|freebsd)-/.test(entry))
      problems.push(`${entry} is not installed`);
  return { problems, looked: entries.length - absent.length, absent };
}

/** Packages in the command line's bundle that no other package of ours brings. */
function bundled(tree: Tree): string[] {
  const { devDependencies = {} } = readLockfile(tree).importers["apps/cli"] ?? {};
  return Object.entries(devDependencies)
    .filter(
      ([name, { version }]) => !version.startsWith("link:") && !/^(@types\/|esbuild$)/.test(name),
    )
    .map(([name, { version }]) => `${name}@${version}`);
}
