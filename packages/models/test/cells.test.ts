import { createRandom } from "@mclnn/datasets";
import { beforeEach, describe, expect, it } from "vitest";
import { countedReads, derivative, dot } from "../../learning/test/random-problem.ts";
import {
  type Cells,
  cellOf,
  createCells,
  curveAt,
  curveDerivativeAt,
  edgesOf,
  hermiteCurve,
  hermiteCurveTranspose,
  integralAt,
  integrateCurve,
} from "../src/splines/cells.ts";

/** Blocks of even and uneven cells, a single cell among them; the last needs more bins than there may be. */
const BLOCKS = [
  Float64Array.of(1, 2, 3, 4),
  Float64Array.of(0.5, 0.75),
  Float64Array.of(0.1, 0.125, 0.2, 0.9, 1, 3.5),
  Float64Array.of(0.25, 0.250001, 0.5, 1.75),
];
const COUNT = 12;
const random = createRandom(1);
const numbers = (length: number): Float64Array => Float64Array.from({ length }, random.normal);
const curve = numbers(4 * COUNT);

/** Cell by a look at every edge: the last that begins at or below r. */
function cellBySearch(block: number, r: number): number {
  const edges = BLOCKS[block] as Float64Array;
  const before = BLOCKS.slice(0, block).reduce((sum, own) => sum + own.length - 1, 0);
  const own = edges.findLastIndex((edge) => edge <= r);
  return before + Math.min(Math.max(own, 0), edges.length - 2);
}

/** Cubic in t that the curve has in a cell. */
function cubic(block: number, r: number): number {
  const k = cellBySearch(block, r);
  const before = k - cellBySearch(block, Number.NEGATIVE_INFINITY);
  const [a, b] = (BLOCKS[block] as Float64Array).slice(before, before + 2) as unknown as number[];
  const t = (r - (a as number)) / ((b as number) - (a as number));
  return [0, 1, 2, 3].reduce(
    (sum, power) => sum + (curve[4 * k + power] as number) * t ** power,
    0,
  );
}

let cells: Cells;
beforeEach(() => {
  cells = createCells(BLOCKS);
});

describe.each([0, 1, 2, 3])("cells of block %i", (block) => {
  const edges = BLOCKS[block] as Float64Array;
  const [from, to] = [edges[0] as number, edges.at(-1) as number];

  it("each separation is in the cell that a look at every edge finds: at edges, next to them, in between and beyond", () => {
    const near = [...edges].flatMap((edge) => [edge, edge * (1 - 2 ** -52), edge * (1 + 2 ** -51)]);
    const between = Array.from(
      { length: 3000 },
      (_, k) => from - 0.3 + ((to - from + 0.6) * k) / 3000,
    );
    for (const r of [...near, ...between, -1, 0, 1e300, Number.POSITIVE_INFINITY])
      expect([r, cellOf(cells, block, r)]).toEqual([r, cellBySearch(block, r)]);
  });

  it("what is no number is in the first", () => {
    expect(cellOf(cells, block, Number.NaN)).toBe(cellBySearch(block, 0));
  });

  it("the bins hold the first cell that overlaps each, and are few enough to look one up at once", () => {
    const bins = cells.index.subarray(cells.firstBin[block], cells.firstBin[block + 1]);
    const width = 1 / (cells.binsPerLength[block] as number);
    const narrowest = Math.min(...edges.slice(1).map((edge, k) => edge - (edges[k] as number)));
    const wanted = Math.ceil(((to - from) / narrowest) * 1.5);
    expect(bins).toHaveLength(Math.min(wanted, 8192) + 1);
    expect(width * (bins.length - 1)).toBeCloseTo(to - from, 12);
    bins.forEach((cell, bin) => {
      expect(cell).toBe(cellBySearch(block, from + bin * width));
    });
  });

  it("gives back its edges", () => {
    expect(edgesOf(cells, block)).toEqual(edges);
  });

  it("a curve has its cubic's value, its derivative to 1e-8, and an antiderivative that is 0 at the end and smooth across the cells", () => {
    const quartics = integrateCurve(cells, curve);
    expect(Math.abs(integralAt(cells, quartics, block, to))).toBeLessThan(1e-14);
    for (let k = 0; k < edges.length - 1; k++) {
      const [a, b] = [edges[k] as number, edges[k + 1] as number];
      for (const t of [0.2, 0.5, 0.8]) {
        const r = a + t * (b - a);
        const scale = 1 / (b - a);
        expect(curveAt(cells, curve, block, r)).toBeCloseTo(cubic(block, r), 8);
        const h = 0.05 * (b - a);
        const slope = derivative((x) => cubic(block, x), r, h);
        expect(Math.abs(curveDerivativeAt(cells, curve, block, r) - slope)).toBeLessThan(
          1e-8 * scale,
        );
        const own = derivative((x) => integralAt(cells, quartics, block, x), r, h);
        expect(Math.abs(own - cubic(block, r))).toBeLessThan(1e-7);
      }
      const edge = b * (1 - 2 ** -50);
      expect(integralAt(cells, quartics, block, edge)).toBeCloseTo(
        integralAt(cells, quartics, block, b),
        12,
      );
    }
  });

  it("Hermite's curve is a cubic wherever the values and derivatives are one's, and a straight line at both ends", () => {
    const [f, slope] = [(r: number) => r ** 3 - 2 * r, (r: number) => 3 * r * r - 2];
    const out = new Float64Array(4 * cells.count);
    hermiteCurve(cells, block, edges.map(f), edges.map(slope), out);
    const last = edges.length - 2;
    for (let k = 0; k <= last; k++) {
      const [a, b] = [edges[k] as number, edges[k + 1] as number];
      // A single cell is a line through its right end, as the first of several is.
      const inner = k === 0 ? b : a;
      const line = k === 0 || k === last;
      for (const r of [a, a + 0.3 * (b - a), a + 0.9 * (b - a)])
        expect(curveAt(cells, out, block, r)).toBeCloseTo(
          line ? f(inner) + (r - inner) * slope(inner) : f(r),
          11,
        );
    }
    const others = out.map((c, k) =>
      Math.floor(k / 4) < (cells.firstCell[block] as number) ? c : 0,
    );
    expect(others.every((c) => c === 0)).toBe(true);
  });

  it("the transpose of Hermite's curve is its transpose, and adds", () => {
    const n = edges.length;
    const [values, derivatives, weights] = [numbers(n), numbers(n), numbers(4 * COUNT)];
    const [a, b] = [new Float64Array(n).fill(0.5), new Float64Array(n).fill(-0.25)];
    hermiteCurveTranspose(cells, block, weights, a, b);
    const out = new Float64Array(4 * cells.count);
    hermiteCurve(cells, block, values, derivatives, out);
    const sides = [
      dot(
        a.map((x) => x - 0.5),
        values,
      ) +
        dot(
          b.map((x) => x + 0.25),
          derivatives,
        ),
      dot(weights, out),
    ] as const;
    expect(sides[0]).toBeCloseTo(sides[1], 9);
  });
});

it.each([0, 1, 2])(
  "a cell of block %i is found after a look at 4 edges at most, wherever r is",
  (block) => {
    const edges = BLOCKS[block] as Float64Array;
    const [from, to] = [edges[0] as number, edges.at(-1) as number];
    for (let k = 0; k < 2000; k++) {
      const looked = countedReads(cells);
      cellOf(looked.cells, block, from - 0.3 + ((to - from + 0.6) * k) / 2000);
      expect(looked.reads()).toBeLessThanOrEqual(4);
    }
  },
);

it("a separation just below an edge is in the cell below, wherever rounding puts its bin", () => {
  let roundedUp = 0;
  for (let k = 0; k < 500; k++) {
    const [from, width] = [random.uniform(), random.uniform()];
    const edges = Float64Array.from({ length: 9 }, (_, n) => from + n * width);
    const even = createCells([edges]);
    edges.subarray(1, -1).forEach((edge, n) => {
      const below = edge * (1 - 2 ** -53);
      expect([cellOf(even, 0, below), cellOf(even, 0, edge)]).toEqual([n, n + 1]);
      const bin = Math.floor((below - from) * (even.binsPerLength[0] as number));
      if ((even.index[bin] as number) > n) roundedUp++;
    });
  }
  expect(roundedUp).toBeGreaterThan(0);
});

it("blocks lie one after another", () => {
  expect(cells.blocks).toBe(4);
  expect(cells.count).toBe(COUNT);
  expect([...cells.firstCell]).toEqual([0, 3, 4, 9, 12]);
  expect([...cells.end]).toEqual([4, 0.75, 3.5, 1.75]);
  expect([...cells.left]).toEqual(BLOCKS.flatMap((edges) => [...edges.slice(0, -1)]));
  expect([...cells.inverseWidths]).toEqual(
    BLOCKS.flatMap((edges) =>
      [...edges.slice(1)].map((edge, k) => 1 / (edge - (edges[k] as number))),
    ),
  );
  expect(cells.firstBin[0]).toBe(0);
  expect(cells.firstBin[4]).toBe(cells.index.length);
});
