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

const VITEST = path.join(
  path.dirname(createRequire(import.meta.url).resolve("vitest/package.json")),
  "vitest.mjs",
);

/** What is known of changes, by their number: `noticed` or `endless`. @param {string} log @returns {Promise<Map<string, string>>} */
async function verdicts(log) {
  const lines = (await readFile(log, "utf8")).split("\n").map((line) => line.split(" "));
  return new Map(
    lines
      .filter(([what]) => what === "noticed" || what === "endless")
      .map(([what, change]) => [/** @type {string} */ (change), /** @type {string} */ (what)]),
  );
}

/** The change that a test is running with for too long. @param {string} log */
async function endless(log) {
  const [what, change, usual] =
    (await readFile(log, "utf8")).trimEnd().split("\n").at(-1)?.split(" ") ?? [];
  if (what !== "start") return undefined;
  const since = Date.now() - (await stat(log)).mtimeMs;
  return since > PATIENCE.milliseconds + PATIENCE.times * Number(usual) ? change : undefined;
}

/** Runs all tests with all changes, again from where a change did not end. @param {string} log */
async function runMany(log) {
  for (let done = false; !done; ) {
    const child = spawn(
      process.execPath,
      [VITEST, "run", "--config", "bench/mutation/vitest.config.ts"],
      {
        env: { ...process.env, MCLNN_MUTATION_LOG: log },
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
        await runMany(log);
      }
      known = await verdicts(log);
      await inner.init();
    },
    dryRun: (/** @type {any} */ options) => inner.dryRun(options),
    async mutantRun(/** @type {any} */ options) {
      const verdict = known.get(options.activeMutant.id);
      if (verdict === "endless") return { status: "timeout" };
      if (verdict === undefined) return await inner.mutantRun(options);
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
