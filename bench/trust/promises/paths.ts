import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isMclnnError } from "@mclnn/physics";
import { MANIFEST_NAME } from "../../../apps/cli/src/outputs/manifest.ts";
import { claimFolder } from "../../../apps/cli/src/outputs/output-folder.ts";
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
    "Outputs stay in their folder: no name leads out of it, links inside it are not followed, and what an earlier run's list says cannot remove anything else",
  async check(_, tally) {
    const scratch = await mkdtemp(path.join(tmpdir(), "mclnn-trust-"));
    try {
      await byNames(scratch, tally);
      await byLinks(scratch, tally);
      await byManifest(scratch, tally);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
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

async function refused(work: () => Promise<void>, code: string): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    return isMclnnError(error) && error.code === code;
  }
}
