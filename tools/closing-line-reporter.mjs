/**
 * Vitest reporter whose last line is `N passed, N failed`, with `, N skipped` where there are some.
 * A file that does not load, an error outside any test, and a test that writes to the console count as one failure each.
 */
export default class ClosingLineReporter {
  /** Tests (or files, for output outside a test) that wrote to the console. @type {Set<string>} */
  #talkers = new Set();

  /** @param {import("vitest").UserConsoleLog} log */
  onUserConsoleLog(log) {
    this.#talkers.add(log.taskId ?? "outside any test");
  }

  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    let failed = unhandledErrors.length + this.#talkers.size;
    let skipped = 0;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped++;
      }
    }
    if (this.#talkers.size > 0) {
      console.error("Tests write nothing to the console; see the output above.");
      process.exitCode = 1;
    }
    const tail = skipped > 0 ? `, ${skipped} skipped` : "";
    console.log(`${passed} passed, ${failed} failed${tail}`);
  }
}
