import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { denseBytes } from "../../../packages/learning/src/wasm/bytes/dense.ts";
import { networkBytes } from "../../../packages/learning/src/wasm/bytes/network.ts";
import { pairBytes } from "../../../packages/learning/src/wasm/bytes/pair.ts";
import { positionsBytes } from "../../../packages/learning/src/wasm/bytes/positions.ts";
import { instantiate } from "../../../packages/learning/src/wasm/wasm.ts";
import { inFolder, start } from "../../process.ts";
import { withBits } from "../bits/bundle.ts";
import { committedHashes } from "../bits/committed.ts";
import { type Outcome, otherPlaces, thisNode } from "../bits/places.ts";
import { DIVIDED, threadOutcomes } from "../bits/threads.ts";
import type { Promised, Tally } from "../promise.ts";

const THREADS = [1, 2, 4, 8];
/** What the small version does by kernels alone; all else it does twice. */
const SLOW = "training";

export const sameBits: Promised = {
  name: "bits",
  promise:
    "The same bits everywhere, compared with committed hashes: kernels, rollouts, data and trainings, by SIMD WebAssembly and plain TypeScript, in every engine and with any number of threads",
  async check(size, tally) {
    const committed = committedHashes();
    await withBits(async (bundle) => {
      for (const place of size === "full" ? [thisNode, ...otherPlaces] : [thisNode]) {
        const outcomes = await place.outcomes(bundle, size === "quick" ? SLOW : undefined);
        if (typeof outcomes === "string") tally.skipped.push(outcomes);
        else for (const outcome of outcomes) judge(outcome, committed, tally);
      }
    });
    if (size === "quick") return;
    for (const { engine, run } of await threadOutcomes(THREADS)) {
      compare(engine, run.hashes, committed, tally);
      const divided = run.called.length > 0;
      tally.expect(divided === (engine !== "1 thread"), `${engine}: divided ${run.called}`);
    }
    tally.notes.push(`${THREADS.join(", ")} threads`);
    tally.skipped.push(
      "scalar WebAssembly: there is none; a host without its vectors runs plain TypeScript",
    );
    await kernelTests(tally);
  },
};

/** Whether an engine did what it was to do, all of it, and came to the committed hashes. */
function judge(
  { engine, kernels, run }: Outcome,
  committed: Readonly<Record<string, string>>,
  tally: Tally,
): void {
  const how = kernels ? "WebAssembly" : "plain TypeScript";
  const where = `${engine}, ${how}`;
  compare(where, run.hashes, committed, tally);
  tally.expect(run.kernelCalls > 0 === kernels, `${where}: ${run.kernelCalls} calls of kernels`);
  if (kernels)
    for (const name of kernelNames())
      tally.expect(run.called.includes(name), `${where}: ${name} was never called`);
  tally.notes.push(`${where}: ${Object.keys(run.hashes).length}, ${run.seconds.toFixed(1)} s`);
}

function compare(
  where: string,
  hashes: Readonly<Record<string, string>>,
  committed: Readonly<Record<string, string>>,
  tally: Tally,
): void {
  for (const [name, hash] of Object.entries(hashes))
    tally.expect(
      hash === committed[name],
      `${name}: ${hash} in ${where}, ${committed[name]} committed; where that is meant: pnpm bits --update`,
    );
  // Trainings are left out where they take minutes; what else is committed must be there.
  const least = Object.keys(committed).filter(
    (name) => !name.startsWith(DIVIDED) && !name.startsWith("training"),
  );
  const given = Object.keys(hashes);
  if (given.some((name) => name.startsWith(DIVIDED))) return;
  const absent = least.filter((name) => !given.includes(name));
  tally.expect(absent.length === 0, `${where}: no ${absent.join(", ")}`);
}

/** Functions that the modules export. */
function kernelNames(): string[] {
  return [denseBytes, networkBytes, pairBytes, positionsBytes].flatMap((bytes) =>
    Object.entries(instantiate<object>(bytes) ?? {}).flatMap(([name, value]) =>
      typeof value === "function" ? [name] : [],
    ),
  );
}

/** The tests that compare each kernel with plain TypeScript, on a million inputs instead of the hundred thousand of every day. */
function kernelTests(tally: Tally): Promise<void> {
  const root = path.resolve(import.meta.dirname, "../../..");
  return inFolder(async (folder) => {
    const report = path.join(folder, "report.json");
    const vitest = [process.execPath, path.join(root, "node_modules/vitest/vitest.mjs"), "run"];
    const chosen = ["--project", "models", "test/kernels/network", "pair.test", "positions.test"];
    const output = ["--reporter=json", `--outputFile=${report}`, "--testTimeout=1200000"];
    const inputs = { MCLNN_KERNEL_INPUTS: "1e6" };
    const ended = await start([...vitest, ...chosen, ...output], root, inputs).ended;
    const { testResults } = JSON.parse(await readFile(report, "utf8")) as {
      testResults: { assertionResults: { fullName: string; status: string }[] }[];
    };
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    for (const { fullName, status } of tests)
      tally.expect(status === "passed", `${fullName}: ${status}`);
    tally.expect(
      tests.length > 0 && ended.code === 0,
      () => `tests of kernels: ${(ended.stdout + ended.stderr).slice(-500)}`,
    );
    tally.note(`each kernel against plain TypeScript on 1e6 inputs: ${tests.length} tests`);
  });
}
