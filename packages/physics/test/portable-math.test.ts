import { describe, expect, it } from "vitest";
import { hyperbolic, hyperbolicTangent } from "../src/portable/hyperbolic.ts";
import {
  portableCos,
  portableExp,
  portableLog,
  portablePower,
  portableSin,
} from "../src/portable/index.ts";
import { arcTangent, tangent } from "../src/portable/trigonometric.ts";

/** Numbers in [0, 1) that repeat themselves in every run. */
function* numbers(count: number): Generator<number> {
  let x = 12345;
  for (let k = 0; k < count; k++) {
    x = (x * 48271) % 2147483647;
    yield x / 2147483647;
  }
}

describe("portable elementary functions", () => {
  it("logarithm within 1e-15 of Math.log over all magnitudes and near 1", () => {
    let worst = 0;
    for (const u of numbers(100_000))
      for (const x of [Math.exp((u - 0.5) * 1400), 1 + (u - 0.5) * 1e-3, u + 0.5])
        worst = Math.max(worst, x === 1 ? 0 : Math.abs(portableLog(x) / Math.log(x) - 1));
    expect(worst).toBeLessThan(1e-15);
    expect(portableLog(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
    expect([
      portableLog(1),
      portableLog(0),
      portableLog(-1),
      portableLog(Number.POSITIVE_INFINITY),
    ]).toEqual([0, Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("exponential within 1e-15 of Math.exp, down to subnormals", () => {
    let worst = 0;
    for (const u of numbers(100_000)) {
      const x = (u - 0.5) * 1410;
      worst = Math.max(worst, Math.abs(portableExp(x) / Math.exp(x) - 1));
    }
    expect(worst).toBeLessThan(1e-15);
    expect([
      portableExp(0),
      portableExp(-745),
      portableExp(-800),
      portableExp(800),
      portableExp(Number.NaN),
    ]).toEqual([1, 5e-324, 0, Number.POSITIVE_INFINITY, Number.NaN]);
  });

  it("sine and cosine within 1e-15 of Math for |x| up to 1e5", () => {
    let worst = 0;
    for (const u of numbers(100_000))
      for (const x of [(u - 0.5) * 2e5, (u - 0.5) * 10])
        worst = Math.max(
          worst,
          Math.abs(portableSin(x) - Math.sin(x)),
          Math.abs(portableCos(x) - Math.cos(x)),
        );
    expect(worst).toBeLessThan(1e-15);
    expect([portableSin(0), portableCos(0)]).toEqual([0, 1]);
  });

  /** One of the functions that go through arrays, as a function of a number. */
  const of =
    (operation: (values: Float64Array, to: number, from: number) => void, place = 0) =>
    (x: number): number => {
      const values = Float64Array.of(x, 0);
      operation(values, 0, 0);
      return values[place] as number;
    };

  it.each<[string, (x: number) => number, (x: number) => number, number[]]>([
    ["tan", of(tangent), Math.tan, [10, 1e5, 1e-3]],
    ["sinh", of(hyperbolic), Math.sinh, [1400, 20, 2, 1e-3]],
    ["cosh", of(hyperbolic, 1), Math.cosh, [1400, 20, 2, 1e-3]],
    ["tanh", of(hyperbolicTangent), Math.tanh, [100, 20, 2, 1e-3]],
    ["atan", of(arcTangent), Math.atan, [1e9, 20, 2, 1e-3]],
  ])("%s within 1e-15 of Math, relative", (_, own, builtIn, widths) => {
    let worst = 0;
    for (const u of numbers(20_000))
      for (const width of widths) {
        const x = (u - 0.5) * width;
        worst = Math.max(worst, Math.abs(own(x) / builtIn(x) - 1));
      }
    expect(worst).toBeLessThan(1e-15);
    // Which zero is not promised.
    for (const x of [0, -0, 1e-320, Number.NaN]) expect(own(x) + 0).toBe(builtIn(x) + 0);
    for (const x of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(own(x)).toBe(builtIn(x));
  });

  it("powers within 1e-15 of Math.pow over all magnitudes; whole ones to 1e-15 an operation", () => {
    let worst = 0;
    let whole = 0;
    let tried = 0;
    for (const u of numbers(300_000)) {
      const v = (u * 7919) % 1;
      const w = (u * 104_729) % 1;
      for (const [x, n] of [
        [Math.exp((v - 0.5) * 1400), (w - 0.5) * 4],
        [0.1 + 4 * v, (w - 0.5) * 60],
        [1 + (v - 0.5) * 1e-6, (w - 0.5) * 1e9],
        [0.1 + 4 * v, (w < 0.5 ? -1 : 1) * (0.5 + Math.floor(10 * w))],
      ] as const) {
        const expected = x ** n;
        // Subnormal results have fewer bits.
        if (!(expected > 1e-300 && expected < Number.POSITIVE_INFINITY)) continue;
        tried++;
        worst = Math.max(worst, Math.abs(portablePower(x, n) / expected - 1));
      }
      const x = 0.1 + 4 * v;
      const n = Math.floor(40 * (w - 0.5));
      whole = Math.max(whole, Math.abs(portablePower(x, n) / x ** n - 1));
    }
    expect(tried).toBeGreaterThan(1e6);
    expect(worst).toBeLessThan(1e-15);
    expect(whole).toBeLessThan(5e-15);
  });

  it("powers of 0, 1, infinity, NaN and negative numbers, and huge exponents, are those of Math.pow", () => {
    const special = [0, 0.5, 1, 1.5, 2, 3, 1025, 2 ** 53, 1e300, Number.POSITIVE_INFINITY];
    const all = [...special, ...special.map((x) => -x), Number.NaN, 5e-324];
    for (const x of all)
      for (const n of all) {
        const [own, builtIn] = [portablePower(x, n), x ** n];
        if (Number.isFinite(builtIn) && builtIn !== 0) expect(own / builtIn).toBeCloseTo(1, 12);
        else expect([x, n, own + 0]).toEqual([x, n, builtIn + 0]);
      }
  });

  it("are the same everywhere: bits of a few values", () => {
    expect([portableLog(2.7), portableExp(-1.3), portableSin(100), portableCos(0.3)]).toEqual([
      0.9932517730102834, 0.2725317930340126, -0.5063656411097588, 0.955336489125606,
    ]);
    expect([portablePower(2.7, -3.3), of(tangent)(0.3), of(arcTangent)(2.7)]).toEqual([
      0.03771373787893617, 0.3093362496096232, 1.2160906747839564,
    ]);
    expect([of(hyperbolic)(1.7), of(hyperbolic, 1)(0.4), of(hyperbolicTangent)(0.9)]).toEqual([
      2.6456319338372323, 1.081072371838455, 0.7162978701990244,
    ]);
  });
});
