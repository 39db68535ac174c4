import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { packAll } from "../../../tools/tarballs/pack.mjs";
import { inFolder } from "../../process.ts";
import { builtProblems, compiledHashes, kernelProblems } from "../kernels-as-sources.ts";
import type { Promised, Tally } from "../promise.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (...names: string[]): string => readFileSync(path.join(root, ...names), "utf8");
/** The kernel that the small version compiles; `pnpm kernels --check` compiles all. */
const QUICK_KERNEL = "dense";

/** What pnpm is told, and must be: it refuses everything else by itself. */
const SETTINGS = {
  // Every install takes what the lockfile says, by its hash.
  frozenLockfile: true,
  // A new install script ends the install; those that are known are not run.
  strictDepBuilds: true,
  allowBuilds: { "@tensorflow/tfjs-node": false, "core-js": false, esbuild: false },
  // Dependencies come from the registry only.
  blockExoticSubdeps: true,
  verifyDepsBeforeRun: "install",
};
/** Settings under which it would not: pnpm itself takes nothing younger than a day. */
const DANGEROUS = [
  ...["dangerouslyAllowAllBuilds", "onlyBuiltDependencies", "neverBuiltDependencies"],
  ...["trustLockfile", "minimumReleaseAge", "registry"],
];
/** Dependencies of others that a package may have: those that compute have none, but for two that do no numerics. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "@mclnn/datasets": ["fflate", "papaparse", "pure-rand"],
  "@mclnn/report": ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf"],
  "@mclnn/cli": ["@observablehq/plot", "@resvg/resvg-js", "dejavu-fonts-ttf", "jiti"],
};
/** Scripts that a package manager runs by itself. */
const BY_ITSELF = /^(pre|post)?(install|prepare|pack|publish|publishOnly|uninstall|dependencies)$/;
/** Under which a program of any kind may use, change and pass on what it needs. */
const LICENCES = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0( AND MIT)?|Unlicense|MPL-2\.0)$/;
/** Found to be as free, where no name of a licence is given. */
const READ = ["dejavu-fonts-ttf"];
/** Packages that hold the kernels. */
const KERNELS = ["@mclnn/learning", "@mclnn/cli"];

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const supplyChain: Promised = {
  name: "supply-chain",
  promise:
    "Nothing comes in unseen: lockfile frozen, hashes, no install scripts, no dependencies of the numerics, kernels and tarballs as their sources",
  async check(size, tally) {
    lookAtSettings(tally);
    lookAtManifests(tally);
    lookAtLicences(tally);
    const names = size === "full" ? undefined : [QUICK_KERNEL];
    const compiled = await compiledHashes(root, names);
    for (const problem of kernelProblems(read, compiled)) tally.expect(false, problem);
    tally.cases += compiled.size;
    const tampered = kernelProblems(
      (file) => read(file).replace(/(?<="0061736d.{40})./, (digit) => (digit === "0" ? "1" : "0")),
      compiled,
    );
    tally.expect(tampered.length > 0, "a changed byte of WebAssembly is not found out");
    if (size === "full") {
      audit(tally);
      await lookIntoTarballs(compiled, tally);
    } else tally.skipped.push("what is in tarballs, and pnpm audit: in full");
  },
};

function lookAtSettings(tally: Tally): void {
  const settings = parse(read("pnpm-workspace.yaml")) as Record<string, unknown>;
  for (const [name, wanted] of Object.entries(SETTINGS))
    tally.expect(
      JSON.stringify(settings[name]) === JSON.stringify(wanted),
      () => `pnpm-workspace.yaml: ${name} is ${JSON.stringify(settings[name])}`,
    );
  for (const name of DANGEROUS)
    tally.expect(!(name in settings), `pnpm-workspace.yaml: ${name} is set`);
  for (const name of [".npmrc", ".pnpmfile.cjs", ".pnpmfile.mjs"])
    tally.expect(!existsSync(path.join(root, name)), `${name}: settings are in one file only`);
  const install = /^step .* pnpm install --frozen-lockfile$/m;
  tally.expect(install.test(read(".ci/run")), ".ci/run: installs without the lockfile");
  const resolutions = read("pnpm-lock.yaml").match(/^ {4}resolution: .*$/gm) ?? [];
  tally.expect(resolutions.length > 100, "pnpm-lock.yaml: cannot be read");
  for (const line of resolutions)
    tally.expect(
      /\{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/.test(line),
      `pnpm-lock.yaml: ${line.trim()} is no package of the registry by its hash`,
    );
}

function lookAtManifests(tally: Tally): void {
  const folders = ["packages", "apps"].flatMap((parent) =>
    readdirSync(path.join(root, parent)).map((name) => path.join(parent, name)),
  );
  for (const folder of [".", ...folders]) {
    const manifest = JSON.parse(read(folder, "package.json")) as Manifest;
    for (const name of Object.keys(manifest.scripts ?? {}))
      tally.expect(!BY_ITSELF.test(name), `${folder}: script ${name} runs by itself`);
    if (manifest.private === true) continue;
    const needs = { ...manifest.dependencies, ...manifest.optionalDependencies };
    for (const [name, range] of Object.entries(needs))
      tally.expect(
        name.startsWith("@mclnn/") ||
          ((ALLOWED[manifest.name] ?? []).includes(name) && range === "catalog:"),
        `${folder}: needs ${name} ${range}`,
      );
    // npm compiles where it finds this, without being told to.
    const addon = path.join(root, folder, "binding.gyp");
    tally.expect(!existsSync(addon), `${folder}: has a binding.gyp`);
  }
}

/** Asks pnpm for the licences of all that a user's project gets. */
function lookAtLicences(tally: Tally): void {
  const ours = ["--filter", "./packages/*", "--filter", "./apps/*"];
  const text = pnpm(...ours, "licenses", "list", "--prod", "--json");
  const packages = JSON.parse(text) as Record<string, readonly { readonly name: string }[]>;
  tally.expect(Object.keys(packages).length > 1, "pnpm lists no licences");
  for (const [licence, own] of Object.entries(packages))
    for (const { name } of own)
      tally.expect(
        LICENCES.test(licence) || READ.includes(name),
        `${name}: its licence is ${licence}`,
      );
}

/** Asks the registry for known faults of what users get; where it does not answer, that is said. */
function audit(tally: Tally): void {
  try {
    pnpm("audit", "--prod", "--audit-level", "high");
    tally.cases++;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`;
    if (/ERR_PNPM_AUDIT|ENOTFOUND|ECONN|FETCH/.test(said))
      tally.skipped.push("pnpm audit: the registry has no answer");
    else tally.expect(false, `pnpm audit: ${said}`);
  }
}

function run(command: string, ...args: readonly string[]): string {
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  return execFileSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20, stdio });
}

const pnpm = (...args: readonly string[]): string => run("npx", "-y", "pnpm@12", ...args);

/** Builds and packs everything: no WebAssembly but that of the sources, no scripts at installation. `pnpm check-tarballs` looks at the rest of their contents. */
function lookIntoTarballs(compiled: ReadonlyMap<string, string>, tally: Tally): Promise<void> {
  pnpm("exec", "turbo", "run", "build", "--output-logs=errors-only");
  return inFolder(async (folder) => {
    for (const { name, unpacked, manifest, contents } of packAll(root, folder)) {
      const scripts = Object.keys((manifest as Manifest).scripts ?? {});
      tally.expect(
        !scripts.some((each) => /install|prepare/.test(each)),
        `${name}: is packed with scripts ${scripts}`,
      );
      tally.expect(!contents.some((each) => each.endsWith(".wasm")), `${name}: holds a .wasm`);
      const built = contents.filter((each) => /^dist\/.*\.js$/.test(each));
      const texts = built.map((each) => read(path.relative(root, unpacked), each));
      const wanted = KERNELS.includes(name) ? compiled : new Map<string, string>();
      for (const problem of builtProblems(name, texts, wanted)) tally.expect(false, problem);
      tally.cases++;
    }
  });
}
