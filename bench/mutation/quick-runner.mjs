// @ts-check
// A test runner for Stryker: what one process can find out about many changes is found out first; Stryker's own runner does the rest.
import { spawn } from "node:child_process";
import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { strykerPlugins as own, strykerValidationSchema } from "@stryker-mutator/vitest-runner";

/** A run of a test may take this much longer than usual, and this many times as long, before it counts as endless. */
const PATIENCE = { milliseconds: 5000, times: 10 };

/**
 * Milliseconds of work that a test may need, round by round: most changes never get to the slow ones. What none of these notices counts
 * as not noticed, whatever a slower test would say.
 */
const ROUNDS = [50, Number(process.env.MCLNN_MUTATION_LONGEST)];

const VITEST = path.join(
  path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);

/**
 * What is known of changes, by their number: `noticed`, `endless`, or `end` where every test that reaches them passed.
 *
 * @param {string} log @returns {Promise<Map<string, string>>}
 */
async function verdicts(log) {
  const found = new Map();
  const left = new Set();
  for (const line of (await readFile(log, "utf8")).split("\n")) {
    const [what, change] = line.split(" ");
    if (what === "left") left.add(change);
    else if (what === "noticed" || what === "endless") found.set(change, what);
    else if (what === "end" && !found.has(change)) found.set(change, what);
  }
  for (const change of left) if (found.get(change) === "end") found.delete(change);
  return found;
}

/** The change that a test is running with for too long. @param {string} log */
async function endless(log) {
  const [what, change, usual] =
    (await readFile(log, "utf8")).trimEnd().split("\n").at(-1)?.split(" ") ?? [];
  if (what !== "start") return undefined;
  const since = Date.now() - (await stat(log)).mtimeMs;
  return since > PATIENCE.milliseconds + PATIENCE.times * Number(usual) ? change : undefined;
}

/** Runs all quick tests with all changes, again from where a change did not end. @param {string} log @param {number} quick */
async function runMany(log, quick) {
  for (let done = false; !done; ) {
    const child = spawn(
      process.execPath,
      [VITEST, "run", "--config", "bench/mutation/vitest.config.ts"],
      {
        env: { ...process.env, MCLNN_MUTATION_LOG: log, MCLNN_MUTATION_QUICK: String(quick) },
        stdio: "ignore",
      },
    );
    const ended = new Promise((resolve) => child.once("exit", resolve));
    for (;;) {
      done = (await Promise.race([ended.then(() => true), sleep(500, false)])) === true;
      if (done) break;
      const change = await endless(log);
      if (change === undefined) continue;
      child.kill("SIGKILL");
      await ended;
      await appendFile(log, `endless ${change}\n`);
      break;
    }
  }
}

/** @param {any} injector */
function create(injector) {
  const inner = injector.injectFunction(own[0]?.factory);
  const log = path.resolve("mutation.log");
  /** @type {Map<string, string>} */
  let known = new Map();
  return {
    capabilities: () => inner.capabilities(),
    async init() {
      const first = await stat(log).catch(() => undefined);
      if (first === undefined) {
        await writeFile(log, "");
        for (const quick of ROUNDS) await runMany(log, quick);
      }
      known = await verdicts(log);
      await inner.init();
    },
    dryRun: (/** @type {any} */ options) => inner.dryRun(options),
    async mutantRun(/** @type {any} */ options) {
      const verdict = known.get(options.activeMutant.id);
      // What is also made while a test file loads, before its tests, is looked at from the beginning.
      if (verdict === "end" && options.mutantActivation === "runtime")
        return { status: "survived", nrOfTests: 1 };
      if (verdict === "endless") return { status: "timeout" };
      if (verdict === undefined || verdict === "end") return await inner.mutantRun(options);
      return {
        status: "killed",
        killedBy: options.testFilter?.slice(0, 1) ?? [],
        failureMessage: "",
        nrOfTests: 1,
      };
    },
    dispose: () => inner.dispose(),
  };
}
create.inject = ["$injector"];

export { strykerValidationSchema };
export const strykerPlugins = [{ kind: "TestRunner", name: "quick", factory: create }];
