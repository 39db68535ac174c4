import { addPositionNoise, dropVelocities, generateTrajectories } from "@mclnn/datasets";
import { createState, createSystem, pairwise, yukawa } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { train } from "../src/train/train.ts";
import { work } from "../src/wasm/work.ts";

/** Particles on a lattice of 3 x 3 x 3 without three of its corners: 144 unknowns a start state. */
const SITES = [-1, 0, 1]
  .flatMap((x) => [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((z) => [x, y, z] as const)))
  .filter(([x, y, z]) => !(x === 1 && y === 1) || z === 0)
  .slice(0, 24);
const NOISE = 1e-3;

describe("many particles without velocities", () => {
  it("24 with noise: V' within 2 %, the noise within 5 %, nothing else found, and few sensitivities beside the rollouts", {
    timeout: 60_000,
  }, async () => {
    const pair = yukawa();
    const system = createSystem({
      masses: SITES.map(() => 1),
      dimension: 3,
      potential: pairwise(pair),
    });
    const start = createState(
      {
        positions: SITES.map(([x, y, z]) => [1.2 * x, 1.2 * y, 1.2 * z + 0.1 * x]),
        velocities: SITES.map(([x, y, z]) => [-0.3 * x + 0.1 * y, -0.3 * y, -0.3 * z]),
      },
      { dimension: 3 },
    );
    const made = generateTrajectories({ system, start, trajectories: 4, records: 15 });
    const set = addPositionNoise(dropVelocities(made), { sigma: NOISE, seed: 1 });
    const before = { ...work };
    const { model, noise, findings, startStates } = await train(set, { model: "spline" });
    expect(startStates).toBe("unknown");
    expect(Math.abs((noise ?? 0) / NOISE - 1)).toBeLessThan(0.05);
    for (const r of [1.2, 1.6, 2, 2.4])
      expect(Math.abs(model.pair.slope(r) / pair.slope(r) - 1), `V' at ${r}`).toBeLessThan(0.02);
    expect(findings).toEqual([]);
    // Sensitivities are made anew once or twice a fit; gradients by the adjoint take their place.
    const adjoints = work.adjoints - before.adjoints;
    expect(adjoints).toBeGreaterThan(0);
    expect(work.sensitivities - before.sensitivities).toBeLessThan(4 * adjoints);
  });
});
