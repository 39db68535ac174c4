import { addPositionNoise, generateTrajectories } from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { decodeModel, encodeModel } from "@mclnn/models";
import { createState, createSystem, isMclnnError } from "@mclnn/physics";
import { type Bond, bonded } from "@mclnn/physics/forces";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";

const CHAIN: readonly Bond[] = [
  [0, 1, 1],
  [1, 2, 1],
  [2, 3, 0.5],
];

/** Four bodies of which neighbours in a chain feel each other, the last two half as much. */
const exact = {
  ...generateTrajectories({
    system: createSystem({
      masses: [1, 1, 1, 1],
      dimension: 2,
      potential: bonded(parseFormula("2*(r-1)^2"), CHAIN),
    }),
    start: createState(
      {
        positions: [
          [0, 0],
          [1.2, 0],
          [1.1, 1.3],
          [2.3, 1.2],
        ],
        velocities: [
          [0.2, 0.4],
          [0.1, -0.3],
          [0.3, 0],
          [-0.2, 0.3],
        ],
      },
      { dimension: 2 },
    ),
    integrator: dormandPrince({ relativeTolerance: 1e-11, absoluteTolerance: 1e-12 }),
    ...{ trajectories: 5, records: 15, dt: 0.1, stride: 1, scheme: "random" },
  }),
  provenance: {},
};

describe("bonds", () => {
  it("that are known weigh the pairs, and are kept and simulated", async () => {
    const { model, trainLoss, bonds } = await train(exact, { model: "spline", bonds: CHAIN });
    expect(trainLoss).toBeLessThan(1e-13);
    expect(bonds).toEqual(CHAIN.map((bond) => [...bond, null]));
    const back = decodeModel(encodeModel(model));
    expect(back.kind !== "lnn" && back.bonds).toEqual(bonds);
    const bodies = { masses: exact.masses, dimension: 2 } as const;
    const [own, truth] = [new Float64Array(8), new Float64Array(8)];
    const q = exact.positions.slice(0, 8);
    back.potential.addForces(bodies, q, own);
    bonded(parseFormula("2*(r-1)^2"), CHAIN).addForces(bodies, q, truth);
    own.forEach((f, k) => {
      expect(f).toBeCloseTo(truth[k] as number, 4);
    });
  });

  it("that are unknown are found with their weights and error bars in noisy records", async () => {
    const noisy = addPositionNoise(exact, { sigma: 1e-3, seed: 3 });
    const { bonds } = await train(noisy, { model: "spline", bonds: "unknown" });
    expect(bonds?.map(([i, j]) => [i, j])).toEqual(CHAIN.map(([i, j]) => [i, j]));
    const largest = Math.max(...(bonds ?? []).map(([, , w]) => w));
    expect(largest).toBeCloseTo(1, 1);
    const ratio = (bonds?.[2]?.[2] ?? 0) / (bonds?.[0]?.[2] ?? 1);
    expect(Math.abs(ratio - 0.5)).toBeLessThan(0.02);
  });

  it.each([
    ["bonds", { bonds: [[0, 4, 1]] as const }],
    [
      "bonds[1]",
      {
        bonds: [
          [0, 1, 1],
          [1, 0, 2],
        ] as const,
      },
    ],
    ["coupling", { bonds: "unknown", coupling: "mass-product" } as const],
  ])("that cannot be used are refused: %s", async (argument, options) => {
    const error = await train(exact, { model: "spline", ...options }).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.argument).toBe(argument);
  });
});
