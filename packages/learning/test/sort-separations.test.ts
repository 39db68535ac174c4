import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { sortSeparations } from "../src/records/sort-separations.ts";

const { uniform, normal } = createRandom(1);

const KINDS: readonly (readonly [name: string, next: (k: number) => number])[] = [
  ["even", () => 0.8 + uniform()],
  ["over decades", () => 10 ** (8 * uniform() - 4)],
  ["crowded at one place", () => (uniform() < 0.9 ? 1 + 1e-12 * uniform() : 50 * uniform())],
  ["few different ones", () => 1 + Math.floor(3 * uniform())],
  ["all the same", () => 0.1],
  ["as far apart as numbers go", (k) => (k % 2 === 0 ? Number.MIN_VALUE : Number.MAX_VALUE)],
  ["with zeros", () => Math.max(0, normal())],
  ["with infinity", (k) => (k === 700 ? Number.POSITIVE_INFINITY : uniform())],
  ["with NaN", (k) => (k === 700 ? Number.NaN : uniform())],
  ["increasing", (k) => 1 + k],
  ["decreasing", (k) => 5000 - k],
];

describe("sortSeparations", () => {
  it.each(KINDS)("as sort() does, in every element: %s", (_name, next) => {
    for (const length of [0, 1, 2, 511, 512, 513, 4000]) {
      const values = Float64Array.from({ length }, (_, k) => next(k));
      expect(sortSeparations(values.slice())).toEqual(values.slice().sort());
    }
  });
});
