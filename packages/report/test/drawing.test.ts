import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decades, linearTicks, truthFrame } from "../src/drawing/domain.ts";
import { escapeText, slug } from "../src/drawing/escape.ts";
import { modelLooks } from "../src/drawing/palette.ts";
import { compactPathData } from "../src/drawing/path-data.ts";
import { wrapText } from "../src/drawing/text-width.ts";
import { powerText, powerTexts, tickText } from "../src/drawing/tick-text.ts";

describe("path data", () => {
  test("relative steps lead to the same places, to half a tenth", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: -900, max: 900, noNaN: true }),
            fc.double({ min: -900, max: 900, noNaN: true }),
          ),
          { minLength: 1, maxLength: 300 },
        ),
        (points) => {
          const data = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x},${y}`).join("");
          const [start, ...steps] = numbers(compactPathData(data));
          let [x, y] = start as [number, number];
          for (const [dx, dy] of steps) {
            x += dx;
            y += dy;
          }
          const [lastX, lastY] = points.at(-1) as [number, number];
          expect(Math.abs(x - lastX)).toBeLessThan(0.0501);
          expect(Math.abs(y - lastY)).toBeLessThan(0.0501);
        },
      ),
      { numRuns: 100 },
    );
  });

  test.each([
    ["M1,2L3,4L3,4L5,4", "M1 2l2 2 2 0"],
    ["M0.12,0L-0.5,-0.26Z", "M.1 0l-.6-.3z"],
    ["M1,1C2,2,3,3,4,5L4,6", "M1 1c1 1 2 2 3 4l0 1"],
    ["M0,0L1,1M5,5L6,7", "M0 0l1 1M5 5l1 2"],
  ])("%s becomes %s", (data, compact) => {
    expect(compactPathData(data)).toBe(compact);
  });
});

function numbers(data: string): [number, number][] {
  const all = (data.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
  return Array.from({ length: all.length / 2 }, (_, i) => [
    all[2 * i] as number,
    all[2 * i + 1] as number,
  ]);
}

test("ticks are round, inside, and about as many as asked for", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      fc.integer({ min: 3, max: 8 }),
      (from, span, count) => {
        const { ticks, step } = linearTicks([from, from + span], count);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(count / 2) - 1);
        expect(ticks.length).toBeLessThanOrEqual(2 * count);
        // A tick is k * step, rounded: half a unit in its last place may lie outside.
        const slack = step * 1e-6 + 2 ** -52 * (Math.abs(from) + span);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(from - slack);
          expect(tick).toBeLessThanOrEqual(from + span + slack);
        }
      },
    ),
  );
});

test.each([
  [0.3, 0.1, "0.3"],
  [-1.5, 0.5, "−1.5"],
  [100, 50, "100"],
  [2e-9, 1e-9, "2·10⁻⁹"],
  [1e-9, 1e-9, "10⁻⁹"],
  [-2e7, 1e7, "−2·10⁷"],
  [1e-18, 0.1, "0"],
  [0, 1, "0"],
])("tick %d of step %d reads %s", (value, step, text) => {
  expect(tickText(value, step)).toBe(text);
});

test("ticks of one axis share their power of ten", () => {
  expect([0.5e-4, 1e-4, 2.5e-4].map((value) => tickText(value, 0.5e-4, 2.5e-4))).toEqual([
    "0.5·10⁻⁴",
    "1.0·10⁻⁴",
    "2.5·10⁻⁴",
  ]);
});

test("powers of ten read as powers, near 1 as numbers", () => {
  expect([1e-8, 1, 10, 1e12].map(powerText)).toEqual(["10⁻⁸", "1", "10", "10¹²"]);
  expect([0.01, 1, 100].map(powerTexts([0.01, 1, 100]))).toEqual(["0.01", "1", "100"]);
  expect([1e-5, 1].map(powerTexts([1e-5, 1]))).toEqual(["10⁻⁵", "1"]);
});

describe("frames", () => {
  test("hold the truth, and of the others what is near it", () => {
    const [low, high] = truthFrame([1, 2], [[1.5, 1e9]]);
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThan(2);
    expect(high).toBeLessThan(10);
  });

  test("a momentum of roundoff does not hide the others", () => {
    expect(truthFrame([0, 1e-16], [[0, 0.04]])[1]).toBeGreaterThan(0.04);
  });

  test("a conserved quantity looks like one", () => {
    const [low, high] = truthFrame([1, 1.00001], []);
    expect(high - low).toBeGreaterThan(0.02);
  });

  test.each([
    [[[1e-12, 3e-4]], [1e-12, 1e-3]],
    [[[0, 0]], [1e-17, 1e-15]],
    [[[1e-40, 1e30]], [1e-17, 1e4]],
    [[[Number.NaN, 1e-3]], [1e-5, 1e-3]],
    [[[1e-17]], [1e-17, 1e-15]],
  ])("decades of %j are %j", (arrays, expected) => {
    expect(decades(arrays, { floor: 1e-17, ceiling: 1e4 })).toEqual(expected);
  });
});

test("escaped text holds no markup, no quotes and no control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const escaped = escapeText(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(escaped).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
    }),
  );
});

test.each([
  ["Linear Spring", "linear-spring"],
  ['"><script>', "script"],
  ["../../etc/passwd", "etc-passwd"],
  ["力", "unnamed"],
])("%s as an id is %s", (name, id) => {
  expect(slug(name)).toBe(id);
});

test("known models keep their colour, others get one of their own, prototype names are ordinary names", () => {
  const looks = modelLooks(["lnn", "mine", "mclnn", "constructor", "__proto__", "fourth"]);
  expect(looks[0]?.stroke.colour).toBe("#D55E00");
  expect(looks[2]?.stroke.colour).toBe("#0072B2");
  expect(looks.map(({ title }) => title)).toEqual([
    "LNN",
    "mine",
    "MCLNN",
    "constructor",
    "__proto__",
    "fourth",
  ]);
  expect(new Set(looks.map(({ stroke }) => `${stroke.colour} ${stroke.dash}`)).size).toBe(6);
});

test("text wraps between words, and inside words that are too long", () => {
  expect(wrapText("one two", 1000, 12)).toEqual(["one two"]);
  expect(wrapText("one two", 40, 12)).toEqual(["one", "two"]);
  expect(wrapText("x".repeat(100), 100, 12).join("")).toBe("x".repeat(100));
});
