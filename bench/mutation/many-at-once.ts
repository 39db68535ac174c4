import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type RunnerTestCase, TestRunner } from "vitest";

/** What the changed sources look at: which change is made, and what counts as going round for ever. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string;
  hitCount?: number | undefined;
  hitLimit?: number;
  mutantCoverage?: { perTest: Record<string, Record<string, number>> };
}

/** Milliseconds of work: tests that need more are left to Stryker, for the few changes that no quicker one notices. */
const QUICK = 500;

/** A loop that goes round so many times as often goes round for ever. */
const ROUNDS = 100;

/**
 * Runs every test once as it is, and then again with each change that it reaches and no test has noticed yet, in one process. The log
 * has a line before and after each: `start` change and milliseconds that are usual, `noticed` or `passed` change. Tests that do not pass
 * twice in a row say nothing about changes.
 */
export default class ManyAtOnce extends TestRunner {
  readonly #log = process.env.MCLNN_MUTATION_LOG as string;
  readonly #known = new Set<string>();
  readonly #switches = globalThis as unknown as { __stryker__?: Switches };
  #tests = 0;

  onBeforeRunFiles(): void {
    if (!existsSync(this.#log)) return;
    for (const line of readFileSync(this.#log, "utf8").split("\n")) {
      const [what, change] = line.split(" ");
      if ((what === "noticed" || what === "endless") && change !== undefined)
        this.#known.add(change);
    }
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test) as () => Promise<void>;
    this.#switches.__stryker__ ??= {};
    const switches = this.#switches.__stryker__;
    const id = `test ${this.#tests++}`;
    switches.currentTestId = id;
    await run();
    const reached = Object.entries(switches.mutantCoverage?.perTest[id] ?? {});
    switches.currentTestId = `${id}, again`;
    const open = reached.filter(([change]) => !this.#known.has(change));
    if (open.length === 0) return;
    const began = performance.now();
    const worked = process.cpuUsage();
    if (await fails(run)) return;
    const { user, system } = process.cpuUsage(worked);
    if (user + system > QUICK * 1000) return;
    const usual = Math.ceil(performance.now() - began);
    const noticed: string[] = [];
    for (const [change, hits] of open) {
      this.#write(`start ${change} ${usual}`);
      switches.activeMutant = change;
      switches.hitCount = 0;
      switches.hitLimit = ROUNDS * hits;
      if (await fails(run)) noticed.push(change);
      switches.activeMutant = undefined;
      switches.hitCount = undefined;
      this.#write(`end ${change}`);
    }
    // What a change left behind may have failed the test for all that came after it.
    if (noticed.length === 0 || (await fails(run))) return;
    for (const change of noticed) {
      this.#known.add(change);
      this.#write(`noticed ${change}`);
    }
  }

  #write(line: string): void {
    appendFileSync(this.#log, `${line}\n`);
  }
}

async function fails(run: () => Promise<void>): Promise<boolean> {
  try {
    await run();
    return false;
  } catch {
    return true;
  }
}
