import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { TestModule } from "vitest/node";
import ClosingLineReporter from "../closing-line-reporter.mjs";

/** As much of a vitest module as the reporter reads. */
const moduleWith = (states: string[], errors = 0): TestModule =>
  ({
    errors: () => Array.from({ length: errors }),
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
  }) as unknown as TestModule;

const { exitCode } = process;
let lines: unknown[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line) => lines.push(line));
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = exitCode;
});

const table: [TestModule[], unknown[], string][] = [
  [[moduleWith(["passed", "passed"]), moduleWith(["passed"])], [], "3 passed, 0 failed"],
  [[moduleWith(["passed", "failed", "skipped"])], [], "1 passed, 1 failed, 1 skipped"],
  [[moduleWith([], 1), moduleWith(["passed"])], [], "1 passed, 1 failed"],
  [[moduleWith(["passed"])], [new Error("outside any test")], "1 passed, 1 failed"],
  [[], [], "0 passed, 0 failed"],
];

it.each(table)("closes run %# with the right line", (modules, errors, line) => {
  new ClosingLineReporter().onTestRunEnd(modules, errors);
  expect(lines).toEqual([line]);
});

it("counts a test that wrote to the console as one failure", () => {
  const reporter = new ClosingLineReporter();
  const log = { type: "stdout", content: "", time: 0, size: 0 } as const;
  for (const taskId of ["a", "a", "b"]) reporter.onUserConsoleLog({ ...log, taskId });
  reporter.onTestRunEnd([moduleWith(["passed", "passed"])], []);
  expect(lines).toEqual(["2 passed, 2 failed"]);
  expect(process.exitCode).toBe(1);
});
