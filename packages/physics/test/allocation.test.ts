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
import { allocatedBytes } from "./allocated-bytes.ts";

const PARTICLES = 20;
const PAIRS = (PARTICLES * (PARTICLES - 1)) / 2;
const CALLS = 200;
const TOLERATED = 4096;

/** Bytes that `CALLS` evaluations of the forces allocate. */
function allocated(pair: PairPotential, enough: number): number {
  const system = createSystem({
    masses: new Float64Array(PARTICLES).fill(1),
    dimension: 3,
    potential: pairwise(pair),
  });
  const q = Float64Array.from({ length: 3 * PARTICLES }, (_, k) => 1.1 * k + Math.sin(7 * k));
  const out = new Float64Array(q.length);
  return allocatedBytes(() => {
    for (let k = 0; k < CALLS; k++) accelerations(system, q, out);
  }, enough);
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
