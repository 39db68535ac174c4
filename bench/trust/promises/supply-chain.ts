import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { contentsProblems } from "../../../tools/tarballs/contents.mjs";
import { packAll } from "../../../tools/tarballs/pack.mjs";
import type { Promised, Tally } from "../promise.ts";
import { BREAKS, broken } from "../supply/breaks.ts";
import { supplyProblems } from "../supply/check.ts";
import { builtProblems, compiledHashes, kernelProblems } from "../supply/kernels.ts";
import { licenceReport } from "../supply/licences.ts";
import { changed, type Tree, treeOf } from "../supply/tree.ts";

const root = path.resolve(import.meta.dirname, "../../..");
/** The kernel that the small version compiles; `pnpm kernels --check` compiles all. */
const QUICK_KERNEL = "dense";

export const supplyChain: Promised = {
  name: "supply-chain",
  promise:
    "Nothing comes in unseen: lockfile frozen, hashes, no install scripts, no dependencies of the numerics, kernels and tarballs as their sources",
  async check(size, tally) {
    const tree = treeOf(root);
    for (const [name, problems] of supplyProblems(tree))
      tally.expect(problems.length === 0, () => `${name}: ${problems.join("; ")}`);
    for (const each of BREAKS) {
      const after = broken(tree, each);
      const said = after === null ? [] : [...supplyProblems(after).values()].flat();
      tally.expect(
        said.some((problem) => each.said.test(problem)),
        () => `not found out: ${each.name}${said.length > 0 ? `, but: ${said.join("; ")}` : ""}`,
      );
    }
    tally.notes.push(`${BREAKS.length} ways to let something in, tried on copies`);

    const { problems, looked, absent } = licenceReport(tree);
    tally.expect(problems.length === 0, () => problems.join("; "));
    tally.notes.push(`licences of ${looked} packages; ${absent.length} are for other systems`);

    const compiled = await compiledHashes(root, size === "full" ? undefined : [QUICK_KERNEL]);
    for (const problem of kernelProblems(tree, compiled)) tally.expect(false, problem);
    tally.cases += compiled.size;
    const tampered = changed(tree, `packages/models/src/kernels/bytes/${QUICK_KERNEL}.ts`, (text) =>
      text.replace(/(?<="0061736d.{40})./, (digit) => (digit === "0" ? "1" : "0")),
    );
    tally.expect(
      kernelProblems(tampered, compiled).length > 0,
      "a changed byte of WebAssembly is not found out",
    );
    if (size === "full") packed(tree, compiled, tally);
    else tally.skipped.push("contents of tarballs: in full, and in CI by check-tarballs");
  },
};

/** Builds and packs everything: contents as in the snapshot, and no WebAssembly but that of the sources. */
function packed(tree: Tree, compiled: ReadonlyMap<string, string>, tally: Tally): void {
  execFileSync("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const folder = mkdtempSync(path.join(tmpdir(), "mclnn-trust-"));
  try {
    const tarballs = packAll(tree.root, folder);
    for (const tarball of tarballs) {
      const { name, file, manifest, contents } = tarball;
      const problems = contentsProblems(tarball, root);
      tally.expect(problems.length === 0, () => problems.join("; "));
      const scripts = Object.keys((manifest as { scripts?: object }).scripts ?? {});
      tally.expect(
        !scripts.some((each) => /install|prepare/.test(each)),
        `${name}: is packed with scripts ${scripts}`,
      );
      const lost = contentsProblems(
        { ...tarball, contents: [...contents, "dist/left.wasm"] },
        root,
      );
      tally.expect(lost.length > 0, `${name}: a file too many is not found out`);
      if (name !== "@mclnn/models" && name !== "@mclnn/cli") continue;
      const texts = contents
        .filter((each) => /^dist\/.*\.js$/.test(each))
        .map((each) =>
          execFileSync("tar", ["-xzOf", file, `package/${each}`], {
            encoding: "utf8",
            maxBuffer: 64 << 20,
          }),
        );
      const wrong = builtProblems(name, texts, compiled);
      tally.expect(wrong.length === 0, () => wrong.join("; "));
    }
    tally.notes.push(`${tarballs.length} tarballs, contents as in the snapshot`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
