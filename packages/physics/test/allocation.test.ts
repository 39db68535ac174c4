import { describe, expect, it } from "vitest";
import {
  accelerations,
  createSystem,
  gravity,
  lennardJones,
  linearSpring,
  type PairPotential,
  pairwise,
} from "../src/index.ts";

const PARTICLES = 20;
const PAIRS = (PARTICLES * (PARTICLES - 1)) / 2;
const CALLS = 200;
const TOLERATED = 4096;

/**
 * Bytes that `CALLS` evaluations of the forces allocate, the median of many rounds: a collection within a round makes a difference of
 * heap sizes negative, a compilation makes it large. Rounds are repeated until one batch is low, since on a busy machine the
 * optimising compiler may come late; what allocates at every pair is never low.
 */
function allocated(pair: PairPotential, enough: number): number {
  const system = createSystem({
    masses: new Float64Array(PARTICLES).fill(1),
    dimension: 3,
    potential: pairwise(pair),
  });
  const q = Float64Array.from({ length: 3 * PARTICLES }, (_, k) => 1.1 * k + Math.sin(7 * k));
  const out = new Float64Array(q.length);
  const run = (calls: number): void => {
    for (let k = 0; k < calls; k++) accelerations(system, q, out);
  };
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < 10 && least > enough; batch++) {
    run(2000);
    const rounds: number[] = [];
    for (let round = 0; round < 31; round++) {
      const before = process.memoryUsage().heapUsed;
      run(CALLS);
      const grown = process.memoryUsage().heapUsed - before;
      if (grown >= 0) rounds.push(grown);
    }
    rounds.sort((a, b) => a - b);
    least = Math.min(least, rounds[rounds.length >> 1] ?? Number.POSITIVE_INFINITY);
  }
  return least;
}

// In this order, in a file (and so an isolate) of their own: the second row is what the first one is not.
describe("the force loop", () => {
  it("allocates nothing while one kind of pair potential is in use: less than 1 byte a pair", () => {
    expect(allocated(lennardJones(), TOLERATED)).toBeLessThan(TOLERATED);
  });

  it("known limit: with several kinds in use V8 boxes r and V', 32 short-lived bytes a pair, and nothing else is allocated", () => {
    const boxes = 32 * PAIRS * CALLS + TOLERATED;
    for (const pair of [linearSpring(), gravity(), lennardJones()])
      expect(allocated(pair, boxes)).toBeLessThanOrEqual(boxes);
  });
});
