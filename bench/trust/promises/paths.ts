import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { encodeTrajectorySet, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, isMclnnError, pairwise } from "@mclnn/physics";
import { MANIFEST_NAME } from "../../../apps/cli/src/outputs/manifest.ts";
import { claimFolder } from "../../../apps/cli/src/outputs/output-folder.ts";
import { inFolder } from "../../process.ts";
import { withProgram } from "../program.ts";
import type { Promised, Tally } from "../promise.ts";

const CLAIM = { command: "compare", replace: true } as const;

/** Names that have led out of folders, on this system or another. */
function hostileNames(outside: string): readonly string[] {
  const ups = ["..", "../..", "a/../..", "./..", "a/b/../../..", "..\\..", "a\\..\\.."];
  const names = [
    ...ups.flatMap((up) => [up, `${up}/`, `${up}/escaped.txt`, `${up}//escaped.txt`]),
    ...ups.map((up) => `figures/${up}/${up}/escaped.txt`),
    outside,
    `/${outside}`,
    `//${outside}`,
    `file://${outside}`,
    `${outside}\u0000.svg`,
    "/etc/passwd",
    "\\\\server\\share\\x",
    "C:\\x",
    "C:x",
    "c:/x",
    "\\x",
    "x\u0000y",
    "x\ny",
    "x\u001b[2J",
    "",
    ".",
    "./",
    "a//b",
    "/",
    "//",
    "a/",
    "a/.",
    "a/./b",
    "x".repeat(300),
    "con:",
    "nul:stream",
    "x:$DATA",
  ];
  // The same again below a folder and behind a dot.
  return [...names, ...names.map((name) => `sub/${name}`), ...names.map((name) => `./${name}`)];
}

export const paths: Promised = {
  name: "paths",
  promise:
    "Outputs stay in their folder: no name leads out of it, links inside it are not followed, what an earlier run's list says cannot remove anything else; code is loaded only where the command line names it",
  async check(_, tally) {
    await inFolder(async (scratch) => {
      await byNames(scratch, tally);
      await byLinks(scratch, tally);
      await byManifest(scratch, tally);
      await byData(scratch, tally);
    });
  },
};

async function byNames(scratch: string, tally: Tally): Promise<void> {
  const outside = path.join(scratch, "escaped.txt");
  const folder = path.join(scratch, "by", "names", "out");
  const output = await claimFolder(folder, CLAIM);
  await output.write("results.json", "{}");
  for (const name of hostileNames(outside))
    tally.expect(
      await refused(() => output.write(name, "escaped"), "outside-folder"),
      () => `written: ${JSON.stringify(name)}`,
    );
  await output.publish();
  tally.expect(!existsSync(outside), "a file got out by its name");
  const kept = (await readdir(folder)).sort();
  tally.expect(kept.join() === [MANIFEST_NAME, "results.json"].sort().join(), `kept: ${kept}`);
}

async function byLinks(scratch: string, tally: Tally): Promise<void> {
  const outside = path.join(scratch, "elsewhere");
  await mkdir(outside);
  await writeFile(path.join(outside, "a.svg"), "not yours");
  for (const force of [true, false]) {
    const folder = path.join(scratch, `by-links-${force}`);
    await mkdir(folder);
    await symlink(outside, path.join(folder, "figures"));
    const output = await claimFolder(folder, { ...CLAIM, force, beside: true });
    await output.write("figures/a.svg", "ours");
    tally.expect(
      await refused(() => output.publish(), "outside-folder"),
      `a link was followed ${force ? "with" : "without"} --force`,
    );
    await output.discard();
  }
  // A link in the place of the file itself is replaced, not followed.
  const folder = path.join(scratch, "by-link-to-file");
  await mkdir(folder);
  await symlink(path.join(outside, "a.svg"), path.join(folder, "a.svg"));
  const output = await claimFolder(folder, { ...CLAIM, force: true });
  await output.write("a.svg", "ours");
  await output.publish();
  const [theirs, ours] = await Promise.all(
    [outside, folder].map((each) => readFile(path.join(each, "a.svg"), "utf8")),
  );
  tally.expect(theirs === "not yours" && ours === "ours", "a link to a file was written through");
}

async function byManifest(scratch: string, tally: Tally): Promise<void> {
  const precious = path.join(scratch, "precious.txt");
  await writeFile(precious, "keep");
  const folder = path.join(scratch, "by-manifest");
  for (const name of ["../precious.txt", precious, "a/../../precious.txt", "link/precious.txt"]) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await symlink(scratch, path.join(folder, "link"));
    await writeFile(
      path.join(folder, MANIFEST_NAME),
      JSON.stringify({ format: "mclnn-output", version: 1, command: "compare", files: [name] }),
    );
    const output = await claimFolder(folder, { ...CLAIM, force: true });
    await output.write("results.json", "{}");
    await output.publish().catch(() => {});
    await output.discard();
    tally.expect(existsSync(precious), `a list naming ${name} removed what is not in the folder`);
    if (!existsSync(precious)) await writeFile(precious, "keep");
  }
}

/** Data, a start and a results folder that all name code beside them: commands that are given them load none of it. */
async function byData(scratch: string, tally: Tally): Promise<void> {
  const place = path.join(scratch, "by-data");
  const own = path.join(place, "node_modules", "mclnn-potential-evil");
  await mkdir(own, { recursive: true });
  await mkdir(path.join(place, "results"));
  const code = (name: string) =>
    `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(path.join(scratch, `ran-${name}`))}, ""); export default { name: "evil", energy: (r) => 1 / r };`;
  await writeFile(path.join(place, "evil.mjs"), code("module"));
  await writeFile(path.join(place, "results", "potential.mjs"), code("results"));
  await writeFile(path.join(own, "index.js"), code("package"));
  const manifest = { name: "mclnn-potential-evil", type: "module", main: "index.js" };
  await writeFile(path.join(own, "package.json"), JSON.stringify(manifest));
  const named = { system: "./evil.mjs", potential: "mclnn-potential-evil", module: "./evil.mjs" };
  const { masses, pair, trainStart } = experimentByName("linear-spring");
  const data = generateTrajectories({
    system: createSystem({ masses, dimension: 3, potential: pairwise(pair) }),
    start: trainStart,
    trajectories: 4,
    records: 12,
  });
  await writeFile(
    path.join(place, "data.npz"),
    encodeTrajectorySet({ ...data, provenance: { ...data.provenance, ...named } }),
  );
  await writeFile(
    path.join(place, "start.json"),
    '{"masses":[1,1],"positions":[[0,0],[1.2,0]],"velocities":[[0,0],[0,0]]}',
  );
  const ran = async () => (await readdir(scratch)).filter((name) => name.startsWith("ran-"));
  await withProgram(async ({ start }) => {
    for (const line of [
      "inspect data.npz",
      "train --data data.npz --model spline --out law.safetensors",
      "inspect law.safetensors",
      "law --model law.safetensors --out law.csv",
      "evaluate --model law.safetensors --data data.npz --out results --force",
      "simulate --model law.safetensors --initial start.json --records 5 --out run.npz",
    ]) {
      const { code: ended, stderr } = await start(line, place).ended;
      const loaded = await ran();
      tally.expect(
        ended === 0 && loaded.length === 0,
        `${line}: ${ended}, ${loaded} was loaded, ${stderr.slice(-300)}`,
      );
    }
    // The same code, named: it is loaded, or nothing above would show.
    const own = "simulate --potential ./evil.mjs --initial start.json --records 5 --out own.npz";
    await start(own, place).ended;
    tally.expect((await ran()).join() === "ran-module", "a module that is named is not loaded");
  });
}

async function refused(work: () => Promise<void>, code: string): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    return isMclnnError(error) && error.code === code;
  }
}
