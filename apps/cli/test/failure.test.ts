import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it } from "vitest";
import { describeFailure } from "../src/program/failure.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mclnn-failure-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

describe("refusals of the operating system that nothing foresaw", () => {
  const long = path.join(folder, "x".repeat(300));
  it.each([
    ["a folder read as a file", folder, "EISDIR", "a file, not a folder"],
    ["a name longer than any", long, "ENAMETOOLONG", "a shorter path"],
  ])("file-system: %s", (_, place, got, expected) => {
    const { error, exitCode, unexpected } = describeFailure(
      caught(() => readFileSync(place)),
      new Command(),
    );
    // Reading a folder fails after it was opened, where the system names no path.
    expect(error).toMatchObject({ code: "file-system", got, expected });
    expect(error.argument).toBe(got === "EISDIR" ? "file" : place);
    expect([exitCode, unexpected]).toEqual([2, false]);
  });

  it("file-system: what no input is at fault for is a failure", () => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    expect(describeFailure(full, new Command())).toMatchObject({
      exitCode: 1,
      error: { code: "file-system", argument: "file", got: "ENOSPC" },
    });
  });
});
