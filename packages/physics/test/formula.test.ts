import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMclnnError, lennardJones } from "../src/index.ts";
import { parseFormula } from "../src/potentials/index.ts";

const derivative = (f: (x: number) => number, x: number, h = 1e-3): number =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

function message(text: string): string {
  try {
    parseFormula(text);
  } catch (error) {
    if (isMclnnError(error) && error.code === "bad-formula") return error.message;
    throw error;
  }
  return "accepted";
}

describe("parseFormula", () => {
  it.each<[string, (r: number) => number]>([
    ["0.5*(r-1)^4", (r) => 0.5 * (r - 1) ** 4],
    ["1/r^12-2/r^6", (r) => 1 / r ** 12 - 2 / r ** 6],
    ["eps*(r^-12 - r^-6); eps=4", (r) => 4 * (r ** -12 - r ** -6)],
    ["-r^2", (r) => -(r ** 2)],
    ["r^2^3", (r) => r ** 8],
    ["2-3-4*r", (r) => -1 - 4 * r],
    ["r/2/4", (r) => r / 8],
    ["--r", (r) => r],
    ["2*-r", (r) => -2 * r],
    ["r^-0.5", (r) => r ** -0.5],
    ["r^r", (r) => r ** r],
    ["2^r", (r) => 2 ** r],
    ["exp(-r/l)/r; l=0.7", (r) => Math.exp(-r / 0.7) / r],
    [
      "sqrt(r^2+1) + log(r) * sin(2*r)",
      (r) => Math.sqrt(r * r + 1) + Math.log(r) * Math.sin(2 * r),
    ],
    [
      "cos(r)*tanh(r) - atan(r) + sinh(r)/cosh(r)",
      (r) => Math.cos(r) * Math.tanh(r) - Math.atan(r) + Math.tanh(r),
    ],
    ["tan(r/3) + abs(r-10) + pi - e", (r) => Math.tan(r / 3) + 10 - r + Math.PI - Math.E],
    [" 1.5e-3 * r ^ 2 ; ", (r) => 1.5e-3 * r * r],
    ["(r-5)^3", (r) => (r - 5) ** 3],
    [".5*r", (r) => 0.5 * r],
  ])("%s: value, slope and curvature", (text, f) => {
    const p = parseFormula(text);
    for (const r of [0.7, 1.1, 1.9, 2.6]) {
      expect(p.energy(r)).toBeCloseTo(f(r), 11);
      expect(Math.abs(p.slope(r) - derivative(f, r))).toBeLessThan(
        1e-7 * (1 + Math.abs(p.slope(r))),
      );
      expect(Math.abs((p.curvature?.(r) as number) - derivative(p.slope, r))).toBeLessThan(
        1e-7 * (1 + Math.abs(p.curvature?.(r) as number)),
      );
    }
  });

  it("is as exact as a potential written by hand", () => {
    const p = parseFormula("4*eps*((s/r)^12-(s/r)^6); eps=1; s=1", { name: "lj" });
    const lj = lennardJones();
    expect(p.name).toBe("lj");
    expect(p.parameters).toEqual({ eps: 1, s: 1 });
    for (let r = 0.9; r < 3; r += 0.1) {
      expect(Math.abs(p.slope(r) / lj.slope(r) - 1)).toBeLessThan(1e-12);
      expect(Math.abs((p.curvature?.(r) as number) - (lj.curvature?.(r) as number))).toBeLessThan(
        1e-12 * (1 + Math.abs(lj.curvature?.(r) as number)),
      );
    }
  });

  it.each([
    ["1/(", /column 4: expected a number, r, a parameter or a function, got the end/],
    ["r**2", /column 3: expected \^ for a power/],
    ["foo*r", /column 1: expected one of r, pi, e, sqrt/],
    ["2 r", /column 3: expected an operator or the end, got "r"/],
    ["exp r", /column 5: expected \( after exp/],
    ["(r", /column 3: expected a closing parenthesis/],
    ["r)", /column 2: expected an operator or the end/],
    ["", /column 1/],
    ["r;r=2", /column 3: expected name=number with a name of its own/],
    ["a*r;a=x", /a number for a, got x/],
    ["a*r;a=1;a=2", /column 9/],
    ["a*r;a=0x10", /a number for a, got 0x10/],
    ["a*r;a=1e999", /a number for a, got 1e999/],
    ["2*1e999*r", /column 3: expected a number below 1.8e308, got 1e999/],
    ["a*r;exp=1", /a name of its own/],
    ["__proto__", /column 1/],
    ["constructor(r)", /column 1/],
    ["r.constructor", /column 2/],
    ["r[0]", /column 2/],
    ["`r`", /column 1/],
    ["process.exit()", /column 1/],
    ["r=>r", /column 2/],
  ])("refuses %s", (text, expected) => {
    expect(message(text)).toMatch(expected);
  });

  it("limits length, depth and number of operations", () => {
    expect(message(`${"r+".repeat(600)}r`)).toMatch(/at most 1000 characters/);
    expect(message(`${"(".repeat(60)}r${")".repeat(60)}`)).toMatch(/at most 50 nested levels/);
    expect(message(`${"-".repeat(60)}r`)).toMatch(/at most 50 nested levels/);
    expect(message(`r${"+r^2".repeat(150)}`)).toMatch(/at most 500 operations/);
    // R, 0 and five places each: a number, three of the power, one of the sum.
    expect(message(`r${"+r^2".repeat(99)}`)).toBe("accepted");
    expect(message(`r${"+r^2".repeat(100)}`)).toMatch(/at most 500 operations/);
    expect(message(`r${"^r".repeat(60)}`)).toMatch(/at most 50 nested levels/);
    expect(message(`r${"+r".repeat(200)}`)).toBe("accepted");
  });

  it("never throws anything but its own error, on 20,000 random texts, and accepts only the grammar's characters", () => {
    const characters = [..."r+-*/^()0123456789.eE;= abcxyz_[]{}\"'`$\\,!?:<>&|~%@#\n\té"];
    const words = ["exp", "sqrt", "log", "constructor", "__proto__", "this", "eps", "r", "pi"];
    const piece = fc.oneof(fc.constantFrom(...characters), fc.constantFrom(...words));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join("");
        if (message(text) !== "accepted") return;
        expect(text).toMatch(/^[\w\s+\-*/^().;=]*$/);
        expect(typeof parseFormula(text).energy(1.3)).toBe("number");
      }),
      { numRuns: 20_000 },
    );
  });
});
