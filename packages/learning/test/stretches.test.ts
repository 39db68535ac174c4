import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4, dormandPrince } from "@mclnn/integrators";
import {
  createState,
  createSystem,
  definePairPotential,
  gravity,
  type Potential,
  pairwise,
  sumOfForces,
} from "@mclnn/physics";
import { uniformField } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";
import { scheduleOf } from "../src/records/dynamics.ts";
import { pathSeparations } from "../src/records/path.ts";
import { createTrainingData } from "../src/records/training-data.ts";
import { followIntervals } from "../src/understand/intervals.ts";

const cornell = definePairPotential({
  name: "1/r with linear confinement",
  energy: (r) => r / 2 - 1 / r,
  slope: (r) => 0.5 + 1 / (r * r),
});

/** Three attracting bodies let go nearly at rest: they fall past each other between records. */
function encounters(potential: Potential, spacing: number): TrajectorySet {
  const system = createSystem({ masses: [1, 1, 1], dimension: 3, potential });
  const start = createState(
    {
      positions: [
        [0.7, -0.1, 0.2],
        [-0.5, 0.5, 0],
        [-0.2, -0.4, -0.2],
      ],
      velocities: [
        [0.2, 0.3, 0],
        [-0.3, -0.1, 0.2],
        [0.1, -0.2, -0.2],
      ],
    },
    system,
  );
  return {
    ...generateTrajectories({
      system,
      start,
      scheme: "random",
      trajectories: 6,
      records: 20,
      dt: spacing,
      stride: 1,
      integrator: dormandPrince({ relativeTolerance: 1e-12, absoluteTolerance: 1e-13 }),
    }),
    provenance: {},
  };
}

describe("records between which particles pass each other closely", { timeout: 60_000 }, () => {
  it.each([
    ["gravity", 0.25, "mclnn", 5e-3, gravity()],
    [cornell.name, 0.15, "spline", 1e-4, cornell],
  ] as const)(
    "%s, records %f apart, %s: the stretches that can be followed give V' from r = 0.2 to 1.5 within %f",
    async (_, spacing, model, bound, pair) => {
      const result = await train(encounters(pairwise(pair), spacing), { model });
      for (let r = 0.2; r < 1.5; r += 0.05)
        expect(Math.abs(result.model.pair.slope(r) / pair.slope(r) - 1)).toBeLessThan(bound);
      expect(result).toMatchObject({
        startStates: "exact",
        findings: [{ kind: "followed-in-segments" }],
      });
      expect(result.findings[0]?.text).toMatch(
        /: [1-9]\d* of 114 such stretches, .* were left out$/,
      );
    },
  );

  it.each([
    ["noise", addPositionNoise(encounters(pairwise(cornell), 0.05), { sigma: 1e-3, seed: 7 })],
    [
      "a field of some percent of the forces",
      encounters(sumOfForces(pairwise(cornell), uniformField([0.05, 0, 0])), 0.15),
    ],
  ])("%s is not taken for encounters", (_, set) => {
    const data = createTrainingData(set, { coupling: "none" });
    const substeps = 8;
    const search = followIntervals(
      data,
      (times) => scheduleOf(times, { stages: blanesMoan4.stages, substeps, dt: null }),
      { separations: pathSeparations(data), throughVelocities: true, relativeRoughness: true },
    );
    let step = search.next();
    while (step.done !== true) step = search.next();
    expect(step.value).toBeNull();
  });
});
