import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hyperbolic, hyperbolicTangent } from "../src/portable/hyperbolic.ts";
import {
  portableCos,
  portableExp,
  portableExponent,
  portableLog,
  portablePower,
  portableSin,
} from "../src/portable/index.ts";
import { arcTangent, tangent } from "../src/portable/trigonometric.ts";

/** Arguments, and what mpmath gives for them with 80 digits, rounded once (make-elementary.py). */
const values = JSON.parse(
  readFileSync(new URL("fixtures/elementary.json", import.meta.url), "utf8"),
) as Readonly<Record<string, readonly (readonly number[])[]>>;

const word = new BigInt64Array(1);
const number = new Float64Array(word.buffer);

/** How many numbers apart two of the same sign are. */
function numbersApart(a: number, b: number): number {
  if (Object.is(a, b)) return 0;
  if (Math.sign(a) !== Math.sign(b)) return Number.POSITIVE_INFINITY;
  const [m, n] = [a, b].map((x) => {
    number[0] = Math.abs(x);
    return word[0] as bigint;
  }) as [bigint, bigint];
  return Math.abs(Number(m - n));
}

/** One of the functions that go through arrays. */
const of =
  (operation: (values: Float64Array, to: number, from: number) => void, place = 0) =>
  (x: number): number => {
    const room = Float64Array.of(x, 0);
    operation(room, 0, 0);
    return room[place] as number;
  };

describe("values beside the places where formulas change, and far out, to the last bit", () => {
  it.each<[string, (x: number, n: number) => number, number]>([
    ["log", portableLog, 4],
    ["exp", portableExp, 3],
    ["sin", portableSin, 1],
    ["cos", portableCos, 2],
    ["tan", of(tangent), 21],
    ["sinh", of(hyperbolic), 12],
    ["cosh", of(hyperbolic, 1), 18],
    ["tanh", of(hyperbolicTangent), 26],
    ["atan", of(arcTangent), 0],
    ["power", portablePower, 7],
  ])("%s: the right number, or the next in as many cases as ever", (name, own, others) => {
    const apart = (values[name] ?? []).map((row) =>
      numbersApart(own(row[0] as number, row[1] as number), row.at(-1) as number),
    );
    expect(apart.length).toBeGreaterThan(30);
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    expect(apart.filter((each) => each > 0)).toHaveLength(others);
  });

  it("exponents of all powers of two, of the numbers next to them, and of what is between", () => {
    const wrong: number[] = [];
    for (let k = -1074; k <= 1023; k++) {
      const x = 2 ** k;
      if (portableExponent(x) !== k) wrong.push(x);
      if (k > -1074 && portableExponent(1.5 * x) !== k) wrong.push(1.5 * x);
      const below = x * (1 - 2 ** -53);
      if (k > -1022 && portableExponent(below) !== k - 1) wrong.push(below);
    }
    expect(wrong).toEqual([]);
  });

  it("what lies below the range is 0, of the sign it tends to", () => {
    for (const x of [-745.2, -800, -1e4, -1e300, Number.NEGATIVE_INFINITY])
      expect(portableExp(x)).toBe(0);
    expect(portablePower(-1.5, -2001)).toBe(-0);
    expect(portablePower(-1.5, -2002)).toBe(0);
    expect(portablePower(1.5, -2001)).toBe(0);
  });

  it("powers of up to 1024 are by repeated products, to the last bit, and of more are not", () => {
    for (const x of [1.3, 0.7, -1.1]) {
      const squares = Array.from({ length: 10 }).reduce((y: number) => y * y, x);
      expect(portablePower(x, 1024)).toBe(squares);
      expect(portablePower(x, -1024)).toBe(1 / squares);
    }
    expect(portablePower(1.3, 1025)).not.toBe(portablePower(1.3, 1024) * 1.3);
  });

  it("whole powers: a number, and a tenth of one for each factor", () => {
    for (const [x, n, expected] of (values["whole power"] ?? []) as [number, number, number][])
      expect(numbersApart(portablePower(x, n), expected)).toBeLessThanOrEqual(
        1 + 0.1 * Math.abs(n),
      );
  });
});
