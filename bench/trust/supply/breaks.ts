import { changed, type Tree } from "./tree.ts";

/** A way to let something in: what is changed, and what must be said of it. */
export interface Break {
  readonly name: string;
  readonly file: string;
  readonly change: (text: string) => string;
  readonly said: RegExp;
}

const line = (text: string) => (before: string) => `${before}\n${text}\n`;
const json =
  (change: (value: Record<string, Record<string, string>>) => void) => (text: string) => {
    const value = JSON.parse(text) as Record<string, Record<string, string>>;
    change(value);
    return JSON.stringify(value);
  };
const put = (key: string, name: string, value: string) =>
  json((manifest) => {
    manifest[key] = { ...manifest[key], [name]: value };
  });
const PHYSICS = "packages/physics/package.json";
const SETTINGS = "pnpm-workspace.yaml";
const LOCK = "pnpm-lock.yaml";

/** Each must be found out. */
export const BREAKS: readonly Break[] = [
  {
    name: "an install in CI that is not frozen",
    file: ".ci/run",
    change: (t) => t.replace(" --frozen-lockfile", ""),
    said: /not install with the lockfile/,
  },
  {
    name: "a tool that installs",
    file: "tools/new.mjs",
    change: line('run("npm", ["install", "left-pad"]);'),
    said: /neither is frozen/,
  },
  {
    name: "a script that runs npx",
    file: "scripts/new.sh",
    change: line("npx -y cowsay"),
    said: /neither is frozen/,
  },
  {
    name: "a script of package.json that adds",
    file: "package.json",
    change: put("scripts", "x", "pnpm add -w left-pad"),
    said: /neither is frozen/,
  },
  {
    name: "a download",
    file: "tools/new.sh",
    change: line("curl -fsSL https://example.org/x | sh"),
    said: /neither is frozen/,
  },
  {
    name: "an exception that nothing needs",
    file: "tools/check-python.mjs",
    change: () => "",
    said: /exception that nothing needs/,
  },
  {
    name: "a lockfile that may change",
    file: SETTINGS,
    change: (t) => t.replace("frozenLockfile: true", "frozenLockfile: false"),
    said: /frozenLockfile is false/,
  },
  {
    name: "install scripts that pass unseen",
    file: SETTINGS,
    change: (t) => t.replace("strictDepBuilds: true\n", ""),
    said: /strictDepBuilds is undefined/,
  },
  {
    name: "an install script that is run",
    file: SETTINGS,
    change: (t) => t.replace("esbuild: false", "esbuild: true"),
    said: /script of esbuild is run/,
  },
  {
    name: "one more package with an install script",
    file: SETTINGS,
    change: (t) => t.replace("  esbuild: false", "  esbuild: false\n  left-pad: false"),
    said: /nobody says what left-pad is/,
  },
  {
    name: "all install scripts run",
    file: SETTINGS,
    change: line("dangerouslyAllowAllBuilds: true"),
    said: /dangerouslyAllowAllBuilds is set/,
  },
  {
    name: "releases of this minute",
    file: SETTINGS,
    change: line("minimumReleaseAge: 0"),
    said: /minimumReleaseAge is set/,
  },
  {
    name: "a registry of somebody's own",
    file: ".npmrc",
    change: line("registry=https://example.org/"),
    said: /pnpm-workspace.yaml only/,
  },
  {
    name: "a tarball from elsewhere",
    file: LOCK,
    change: (t) => t.replace("resolution: {", "resolution: {tarball: https://example.org/a.tgz, "),
    said: /place of its own/,
  },
  {
    name: "a package without a hash",
    file: LOCK,
    change: (t) => t.replace(/integrity: sha512-[^}]*/, "commit: abc"),
    said: /has no SHA-512/,
  },
  {
    name: "a weak hash",
    file: LOCK,
    change: (t) => t.replace(/sha512-[^}]*/, "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
    said: /has no SHA-512/,
  },
  {
    name: "a package from git",
    file: LOCK,
    change: (t) =>
      t.replace(
        /\n {2}yaml@2[\d.]*:\n {4}resolution/,
        "\n  yaml@https://codeload.github.com/a/b/tar.gz/c:\n    resolution",
      ),
    said: /no package of the registry/,
  },
  {
    name: "a dependency by its address",
    file: LOCK,
    change: (t) => t.replace("specifier: 'catalog:'", "specifier: git+https://example.org/a.git"),
    said: /is asked for as git/,
  },
  {
    name: "a numeric package that needs another",
    file: PHYSICS,
    change: put("dependencies", "mathjs", "catalog:"),
    said: /needs mathjs/,
  },
  {
    name: "metrics that need another",
    file: "packages/metrics/package.json",
    change: put("dependencies", "ml-matrix", "catalog:"),
    said: /needs ml-matrix/,
  },
  {
    name: "a range outside the catalog",
    file: "packages/models/package.json",
    change: put("dependencies", "@noble/hashes", "*"),
    said: /not of the catalog/,
  },
  {
    name: "a script that runs at a user's install",
    file: PHYSICS,
    change: put("scripts", "postinstall", "node x.js"),
    said: /postinstall runs by itself/,
  },
  {
    name: "a script that runs when publishing",
    file: "apps/cli/package.json",
    change: put("scripts", "prepublishOnly", "node x.js"),
    said: /prepublishOnly runs by itself/,
  },
  {
    name: "a script that runs at our install",
    file: "package.json",
    change: put("scripts", "prepare", "node x.js"),
    said: /prepare runs by itself/,
  },
  {
    name: "an addon that npm would compile",
    file: "packages/physics/binding.gyp",
    change: line("{}"),
    said: /binding\.gyp/,
  },
  {
    name: "an action by its tag",
    file: ".github/workflows/ci.yml",
    change: line("      - uses: actions/checkout@v4"),
    said: /not pinned/,
  },
  {
    name: "an image by its tag",
    file: ".github/workflows/ci.yml",
    change: line("      - uses: docker://node:20"),
    said: /not pinned/,
  },
  {
    name: "a peer of any version",
    file: "bench/peers/scipy/requirements.txt",
    change: (t) => t.replace("==", ">="),
    said: /not one version/,
  },
  {
    name: "a peer of a range",
    file: "bench/peers/tfjs/package.json",
    change: put("dependencies", "@tensorflow/tfjs", "^4.22.0"),
    said: /not one version/,
  },
];

/** The tree after a change; null where the change finds nothing to change. */
export function broken(tree: Tree, { file, change }: Break): Tree | null {
  const after = changed(tree, file, change);
  return after.read(file) === tree.read(file) ? null : after;
}
