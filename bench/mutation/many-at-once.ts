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

/** A loop that goes round so many times as often goes round for ever. */
const ROUNDS = 100;

/**
 * Runs every test once as it is, and then again with each change that it reaches and no test has noticed yet, in one process. The log
 * has lines about each: `start` change and milliseconds that are usual, `end`; `noticed`, or `left` where it could not be told. Tests that do not pass
 * twice in a row say nothing about changes, and those that need more than a given time wait until quicker ones have had their turn.
 */
export default class ManyAtOnce extends TestRunner {
  readonly #log = process.env.MCLNN_MUTATION_LOG as string;
  readonly #known = new Set<string>();
  readonly #switches = globalThis as unknown as { __stryker__?: Switches };
  /** In microseconds of work. */
  readonly #quick = 1000 * Number(process.env.MCLNN_MUTATION_QUICK);
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
    if (await fails(run)) return this.#leave(open.map(([change]) => change));
    const { user, system } = process.cpuUsage(worked);
    if (user + system > this.#quick) return;
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
    if (noticed.length > 0 && (await fails(run))) return this.#leave(noticed);
    for (const change of noticed) {
      this.#known.add(change);
      this.#write(`noticed ${change}`);
    }
  }

  /** Says nothing about these. */
  #leave(changes: readonly string[]): void {
    for (const change of changes) this.#write(`left ${change}`);
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
