import { expect, it, vi } from "vitest";
import type { TestModule } from "vitest/node";
import ClosingLineReporter from "../closing-line-reporter.mjs";

/** As much of a vitest module as the reporter reads. */
const moduleWith = (states: string[], errors = 0): TestModule =>
  ({
    errors: () => Array.from({ length: errors }),
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
  }) as unknown as TestModule;

const table: [TestModule[], unknown[], string][] = [
  [[moduleWith(["passed", "passed"]), moduleWith(["passed"])], [], "3 passed, 0 failed"],
  [[moduleWith(["passed", "failed", "skipped"])], [], "1 passed, 1 failed, 1 skipped"],
  [[moduleWith([], 1), moduleWith(["passed"])], [], "1 passed, 1 failed"],
  [[moduleWith(["passed"])], [new Error("outside any test")], "1 passed, 1 failed"],
  [[], [], "0 passed, 0 failed"],
];

it.each(table)("closes run %# with the right line", (modules, errors, line) => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    new ClosingLineReporter().onTestRunEnd(modules, errors);
    expect(log.mock.calls).toEqual([[line]]);
  } finally {
    log.mockRestore();
  }
});
