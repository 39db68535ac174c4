import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimate, envelope, thinPath } from "../src/drawing/decimate.ts";

const columns = { domain: [0, 1], columns: 40 } as const;

describe("decimate", () => {
  test("keeps the lowest and the highest value of every pixel column", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
          minLength: 2,
          maxLength: 3000,
        }),
        (y) => {
          const x = y.map((_, i) => i / (y.length - 1));
          const drawn = decimate(x, y, columns);
          const extremes = (xs: readonly number[], ys: readonly number[]) => {
            const found = new Map<number, [number, number]>();
            xs.forEach((xi, i) => {
              const column = Math.min(39, Math.floor(xi * 40));
              const [low, high] = found.get(column) ?? [
                Number.POSITIVE_INFINITY,
                Number.NEGATIVE_INFINITY,
              ];
              found.set(column, [Math.min(low, ys[i] as number), Math.max(high, ys[i] as number)]);
            });
            return [...found];
          };
          expect(extremes(drawn.x, drawn.y)).toEqual(extremes(x, y));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("leaves at most a few points a column, in order, ends included", () => {
    const x = Float64Array.from({ length: 30_000 }, (_, i) => i / 29_999);
    const y = x.map((t) => Math.sin(2000 * t));
    const drawn = decimate(x, y, columns);
    expect(drawn.x.length).toBeLessThanOrEqual(2 * 40 + 2);
    expect(drawn.x).toEqual([...drawn.x].sort((a, b) => a - b));
    expect([drawn.x[0], drawn.x.at(-1)]).toEqual([0, 1]);
  });

  test("a single spike among 100,000 records survives", () => {
    const y = new Float64Array(100_000);
    y[54_321] = 7;
    const drawn = decimate(
      y.map((_, i) => i / 99_999),
      y,
      columns,
    );
    expect(Math.max(...drawn.y)).toBe(7);
  });

  test("what is not finite is one gap", () => {
    const y = [1, 2, Number.NaN, Number.POSITIVE_INFINITY, 3, 4];
    const drawn = decimate([0, 0.1, 0.2, 0.3, 0.4, 0.5], y, columns);
    expect(drawn.y).toEqual([1, 2, Number.NaN, 3, 4]);
  });

  test("columns of a logarithmic axis are equal in log x", () => {
    const x = Float64Array.from({ length: 10_000 }, (_, i) => 10 ** (-3 + (6 * i) / 9999));
    const drawn = decimate(
      x,
      x.map((_, i) => (i % 7) / 7),
      { domain: [1e-3, 1e3], columns: 60, log: true },
    );
    const perDecade = [-3, -2, -1, 0, 1, 2].map(
      (d) => drawn.x.filter((value) => value >= 10 ** d && value < 10 ** (d + 1)).length,
    );
    expect(Math.max(...perDecade) - Math.min(...perDecade)).toBeLessThanOrEqual(3);
  });
});

describe("envelope", () => {
  test("its edges are the extremes of each column", () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => i / 4999);
    const y = x.map((t) => Math.abs(Math.sin(900 * t)) * (1 + t));
    const band = envelope(x, y, columns);
    expect(band.x.length).toBe(40);
    expect(Math.max(...band.high)).toBe(Math.max(...y));
    expect(Math.min(...band.low)).toBe(Math.min(...y));
    expect(band.low.every((low, i) => low <= (band.high[i] as number))).toBe(true);
  });

  test("a column that holds nothing finite is a gap", () => {
    const y = [1, Number.NaN, 3];
    expect(envelope([0, 0.5, 1], y, columns).high).toEqual([1, Number.NaN, 3]);
  });
});

test("a thinned path keeps its ends and its distance", () => {
  const t = Array.from({ length: 5000 }, (_, i) => i / 4999);
  const path = thinPath(t.map(Math.cos), t.map(Math.sin), 0.01);
  expect(path.x.length).toBeLessThan(110);
  expect([path.x[0], path.x.at(-1)]).toEqual([1, Math.cos(1)]);
});
