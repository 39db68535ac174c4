import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { decodeModel, encodeModel } from "@mclnn/models";
import { createState, createSystem, isMclnnError } from "@mclnn/physics";
import { type Bond, bonded } from "@mclnn/physics/forces";
import { parseFormula } from "@mclnn/physics/potentials";
import { describe, expect, it } from "vitest";
import { type TrainOptions, train } from "../src/index.ts";

const CHARGES = [1, -1.5, 0.8, -0.6];
const PAIRS = CHARGES.flatMap((a, i) => CHARGES.slice(0, i).map((b, j): Bond => [j, i, a * b]));

/** Charged bodies between which a soft law acts, of like charges that repel or attract. */
function records(law: string): TrajectorySet {
  const potential = bonded(parseFormula(law), PAIRS);
  const set = generateTrajectories({
    system: createSystem({ masses: [1, 1, 1, 1], dimension: 2, potential }),
    start: createState(
      {
        positions: [
          [0, 0],
          [1.2, 0.1],
          [0.2, 1.3],
          [1.4, 1.2],
        ],
        velocities: [
          [0.3, 0.4],
          [0.1, -0.5],
          [0.5, -0.2],
          [-0.4, 0.3],
        ],
      },
      { dimension: 2 },
    ),
    integrator: dormandPrince({ relativeTolerance: 1e-9, absoluteTolerance: 1e-10 }),
    ...{ trajectories: 5, records: 15, dt: 0.1, stride: 1, scheme: "random" },
  });
  return { ...set, provenance: {} };
}

describe("charges", () => {
  it.each([
    ["repel", "1/sqrt(r^2+0.2)"],
    ["attract", "-1/sqrt(r^2+0.2)"],
  ])(
    "are found with the law, signs too, to 3 % and within 4 error bars, where like ones %s",
    async (_, law) => {
      const set = addPositionNoise(records(law), { sigma: 1e-3, seed: 3 });
      const { charges, model, bonds } = await train(set, { model: "spline", fitCharges: true });
      expect(charges?.map(({ sd }) => sd === null)).toEqual([true, false, false, false]);
      charges?.forEach(({ value, sd }, i) => {
        const off = Math.abs(value - (CHARGES[i] as number));
        expect(off).toBeLessThan(0.03);
        if (sd !== null) expect(off).toBeLessThan(4 * sd);
      });
      expect(bonds).toBeNull();
      const back = decodeModel(encodeModel(model));
      const bodies = { masses: set.masses, dimension: 2 } as const;
      const [own, truth] = [new Float64Array(8), new Float64Array(8)];
      const q = set.positions.slice(0, 8);
      back.potential.addForces(bodies, q, own);
      bonded(parseFormula(law), PAIRS).addForces(bodies, q, truth);
      own.forEach((f, k) => {
        expect(Math.abs(f - (truth[k] as number))).toBeLessThan(0.02);
      });
    },
  );

  it.each<[string, TrainOptions]>([
    ["fitMasses", { fitMasses: true }],
    ["optimizer", { optimizer: "adam" }],
    ["coupling", { coupling: "mass-product" }],
    ["bonds", { bonds: "unknown" }],
    ["fitCharges", { model: "lnn" }],
    ["fitCharges", { cutoff: 2 }],
  ])("do not go with other options: %s %j", async (argument, options) => {
    const error = await train(records("1/r"), {
      model: "spline",
      fitCharges: true,
      ...options,
    }).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.argument).toBe(argument);
  });

  it("are no two charges: these only show their product", async () => {
    const set = records("1/r");
    const two = {
      ...set,
      particles: 2,
      masses: set.masses.slice(0, 2),
      positions: set.positions.filter((_, k) => k % 8 < 4),
      velocities: (set.velocities as Float64Array).filter((_, k) => k % 8 < 4),
    };
    const error = await train(two, { fitCharges: true }).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.argument).toBe("fitCharges");
  });
});
