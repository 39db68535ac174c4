import { expect, it } from "vitest";
import { accelerations, createSystem, morse, pairwiseBySpecies } from "../src/index.ts";
import { allocatedBytes } from "./allocated-bytes.ts";

const PARTICLES = 20;
const CALLS = 200;
const TOLERATED = 4096;

it("the force loop over species allocates nothing while their laws are of one kind: less than 1 byte a pair", () => {
  const system = createSystem({
    masses: new Float64Array(PARTICLES).fill(1),
    species: Array.from({ length: PARTICLES }, (_, i) => i % 2),
    dimension: 3,
    potential: pairwiseBySpecies([
      { species: [0, 0], pair: morse() },
      { species: [0, 1], pair: morse({ restLength: 1.5 }) },
      { species: [1, 1], pair: morse({ restLength: 2 }) },
    ]),
  });
  const q = Float64Array.from({ length: 3 * PARTICLES }, (_, k) => 1.1 * k + Math.sin(7 * k));
  const out = new Float64Array(q.length);
  const run = (): void => {
    for (let k = 0; k < CALLS; k++) accelerations(system, q, out);
  };
  expect(allocatedBytes(run, TOLERATED)).toBeLessThan(TOLERATED);
});
