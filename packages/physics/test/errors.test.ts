import { describe, expect, it } from "vitest";
import { isMclnnError, MclnnError } from "../src/index.ts";

const DETAILS = { code: "bad-shape", expected: "two", got: "three" };

describe("an error says what was expected, what came and how to mend it", () => {
  it("in its message and, for programs, in its properties", () => {
    const cause = new Error("below");
    const error = new MclnnError("it does not fit", {
      ...DETAILS,
      argument: "masses",
      mend: "Leave one out.",
      kind: "failure",
      missing: 3,
      addRecords: 1,
      cause,
    });
    expect(error.message).toBe("it does not fit: expected two, got three. Leave one out.");
    expect(error).toMatchObject({
      ...{ name: "MclnnError", code: "bad-shape", argument: "masses", expected: "two" },
      ...{ got: "three", mend: "Leave one out.", kind: "failure" },
      ...{ missing: 3, addRecords: 1 },
    });
    expect(error.cause).toBe(cause);
  });

  it("and nothing of what it was not given", () => {
    const error = new MclnnError("it does not fit", DETAILS);
    expect(error.message).toBe("it does not fit: expected two, got three.");
    expect(error.kind).toBe("input");
    for (const key of ["argument", "mend", "missing", "addRecords", "cause"] as const)
      expect(error[key]).toBeUndefined();
    expect("cause" in error).toBe(false);
  });

  it.each([
    [1000, "x".repeat(1000)],
    [1001, `${"x".repeat(1000)}... (1001 characters)`],
  ])("and of %i characters no more than anyone reads", (length, kept) => {
    const long = "x".repeat(length);
    const error = new MclnnError(long, { code: "bad-shape", expected: long, got: long });
    expect(error.message).toBe(`${kept}: expected ${kept}, got ${kept}.`);
    expect([error.expected, error.got]).toEqual([kept, kept]);
  });
});

it("is known by its name and code, from whatever copy of the package", () => {
  const named = (name: string, more: object) => Object.assign(new Error("x"), { name }, more);
  for (const [value, expected] of [
    [new MclnnError("x", DETAILS), true],
    [named("MclnnError", { code: "bad-shape" }), true],
    [named("MclnnError", {}), false],
    [named("Error", { code: "ENOENT" }), false],
    [{ name: "MclnnError", code: "bad-shape" }, false],
    [null, false],
  ] as const)
    expect(isMclnnError(value)).toBe(expected);
});
