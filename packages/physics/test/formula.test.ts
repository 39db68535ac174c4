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

  it.each<[string, number, [v: number, slope: number, curvature: number]]>([
    ["(r-1)^0", 1, [1, 0, 0]],
    ["(r-1)^1", 1, [0, 1, 0]],
    ["(r-1)^2", 1, [0, 0, 2]],
    ["(r+1)^((r-1)^2)", 1, [1, 0, 2 * Math.LN2]],
    ["2^(3*r)", 1, [8, 24 * Math.LN2, 72 * Math.LN2 ** 2]],
    ["r\t*\t2", 3, [6, 2, 0]],
    ["+r", 3, [3, 1, 0]],
    ["12.5*r", 2, [25, 12.5, 0]],
    [".25*r", 2, [0.5, 0.25, 0]],
    ["1e-10*r", 2, [2e-10, 1e-10, 0]],
    ["1e2*r", 2, [200, 100, 0]],
    // All places there are: R, 0, 99 times five, and three sums.
    [`r${"+r^2".repeat(99)}+r+r+r`, 0.5, [2 + 99 / 4, 4 + 99, 198]],
  ])("%s at r = %d, by hand to 1e-14", (text, r, expected) => {
    const { energy, slope, curvature } = parseFormula(text);
    [energy(r), slope(r), curvature?.(r) ?? Number.NaN].forEach((x, k) => {
      const wanted = expected[k] as number;
      expect(Math.abs(x - wanted)).toBeLessThanOrEqual(1e-14 * Math.abs(wanted));
    });
  });

  it.each(["12.5", ".25", "+1", "-1", "1.", "1e5", "1e-12", "1E+12", "2.5e10", "+.5e-1"])(
    "a parameter may be %s",
    (number) => {
      const pair = parseFormula(`a*r; a = ${number} `);
      expect(pair.parameters).toEqual({ a: Number(number) });
      expect(pair.energy(2)).toBe(2 * Number(number));
    },
  );

  it("is called by its text, and has parameters where the text has", () => {
    expect(Object.keys(parseFormula(" r "))).toEqual(["name", "energy", "slope", "curvature"]);
    expect(parseFormula(" r ").name).toBe("r");
    expect(parseFormula("a*r;a=1")).toMatchObject({ name: "a*r;a=1", parameters: { a: 1 } });
  });

  it("that is no text is refused as such", () => {
    expect(() => parseFormula(3 as never)).toThrow(
      expect.objectContaining({ code: "bad-formula", argument: "potential", got: "3" }),
    );
  });

  it.each([
    ["a*r;ab", /column 5: expected name=number with a name of its own, got ab/],
    ["a*r;=1", /column 5: expected name=number with a name of its own, got =1/],
    ["a*r;a=1;2b=1", /column 9: expected name=number with a name of its own, got 2b=1/],
    ["a*r;a=1;b c=1", /column 9: expected name=number with a name of its own, got b c=1/],
    ["a*r;a=1e", /a number for a, got 1e/],
    ["a*r;a=1e+", /a number for a, got 1e\+/],
    ["a*r;a=.", /a number for a, got \./],
    ["a*r;a=", /a number for a, got nothing/],
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
    expect(message(`r+r${" ".repeat(997)}`)).toBe("accepted");
    expect(message(`r+r${" ".repeat(998)}`)).toMatch(/at most 1000 characters, got 1001 /);
    for (const [open, close] of [
      ["(", ")"],
      ["-", ""],
      ["+", ""],
    ] as const) {
      const nested = (levels: number): string => `${open.repeat(levels)}r${close.repeat(levels)}`;
      expect(message(nested(49))).toBe("accepted");
      expect(message(nested(50))).toMatch(/at most 50 nested levels/);
    }
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
