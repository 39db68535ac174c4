import { describe, expect, it } from "vitest";
import { portableCos, portableExp, portableLog, portableSin } from "../src/portable-math.ts";

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

  it("are the same everywhere: bits of a few values", () => {
    expect([portableLog(2.7), portableExp(-1.3), portableSin(100), portableCos(0.3)]).toEqual([
      0.9932517730102834, 0.2725317930340126, -0.5063656411097588, 0.955336489125606,
    ]);
  });
});
