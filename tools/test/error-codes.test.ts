import { expect, it } from "vitest";
import { errorCodes } from "../error-codes.mjs";

const table: [string, string, string[], string[]][] = [
  ["a literal", 'throw new MclnnError("x", { code: "a", expected });', ["a"], []],
  [
    "both arms of a choice",
    'new MclnnError("x", { code: y ? "a" : "b", expected })',
    ["a", "b"],
    [],
  ],
  ["a fallback", 'new MclnnError("x", { code: why ?? "b", expected })', ["b"], ["why"]],
  [
    "what a function passes on",
    'function no(key: string, code: string) { return new MclnnError(key, { code, expected }); }\nthrow no("k", "a");',
    ["a"],
    [],
  ],
  [
    "what an arrow function passes on",
    'const no = (code: string) => new MclnnError("x", { code: code, expected });\nif (y) throw no(z ? "a" : "b");',
    ["a", "b"],
    [],
  ],
  [
    "nothing of other objects",
    'const a = { code: "x" }; f({ code: "y" }, { status, expected })',
    [],
    [],
  ],
];

it.each(table)("finds %s", (_, text, codes, computed) => {
  const found = errorCodes("a.ts", text);
  expect([...found.codes].sort()).toEqual(codes);
  expect(found.computed).toEqual(computed);
});
