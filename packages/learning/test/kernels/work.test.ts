import { experimentByName, generateTrajectories, selectTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { splineCurve } from "../../../models/src/splines/b-spline.ts";
import { allocatedBytes } from "../../../physics/test/allocated-bytes.ts";
import { curveGradient } from "../../src/engine/adjoint.ts";
import { SensitivityPass } from "../../src/engine/sensitivity.ts";
import { sortedSeparations } from "../../src/records/training-data.ts";
import { buildBasis } from "../../src/splines/knots.ts";
import { train } from "../../src/train/train.ts";
import { pairModule } from "../../src/wasm/pair-module.ts";
import { useKernels, type WorkCount, work } from "../../src/wasm/work.ts";
import { randomProblem } from "../random-problem.ts";

/** The paper's 100 trajectories of 20 records. */
function paperData(name: string) {
  const { masses, dimension, pair, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories: 100 });
}

/**
 * What a training of seed 100 may cost: work, not time, so the same on every machine. Raise one in the commit that spends it.
 *
 * Rollouts and sensitivities by trajectory, distillations by iteration.
 */
const BUDGETS: readonly (readonly [
  name: string,
  until: number,
  budget: Pick<WorkCount, "kernelCalls" | "rollouts" | "sensitivities" | "distillations">,
])[] = [
  [
    "linear-spring",
    1e-8,
    { kernelCalls: 250, rollouts: 350, sensitivities: 125, distillations: 20 },
  ],
  [
    "quartic-spring",
    1e-8,
    { kernelCalls: 260, rollouts: 350, sensitivities: 125, distillations: 35 },
  ],
  ["gravity", 1e-8, { kernelCalls: 260, rollouts: 350, sensitivities: 125, distillations: 30 }],
  [
    "linear-spring",
    1e-14,
    { kernelCalls: 1000, rollouts: 950, sensitivities: 350, distillations: 400 },
  ],
  [
    "gravity",
    1e-14,
    { kernelCalls: 4300, rollouts: 1375, sensitivities: 550, distillations: 3300 },
  ],
];

describe("work of a training", () => {
  it.each(BUDGETS)(
    "%s to %f: within its budget of kernel calls, rollouts and iterations",
    async (name, until, budget) => {
      const data = paperData(name);
      const before = { ...work };
      const { reachedTarget } = await train(data, { seed: 100, until });
      expect(reachedTarget).toBe(true);
      for (const [kind, most] of Object.entries(budget)) {
        const made = work[kind as keyof WorkCount] - before[kind as keyof WorkCount];
        expect(made, kind).toBeGreaterThan(0);
        expect(made, kind).toBeLessThanOrEqual(most);
      }
    },
  );

  it("the same weights, in every bit, and the same work by plain TypeScript", async () => {
    const data = selectTrajectories(paperData("gravity"), { from: 0, to: 30 });
    const trained = async (kernels: boolean) => {
      useKernels(kernels);
      try {
        const before = { ...work };
        const { model, trainLoss, iterations } = await train(data, { seed: 100, until: 1e-10 });
        const { kernelCalls } = work;
        const rollouts = work.rollouts - before.rollouts;
        const calls = kernelCalls - before.kernelCalls;
        return { numbers: [...model.weights, trainLoss, iterations, rollouts], calls };
      } finally {
        useKernels(true);
      }
    };
    const byKernels = await trained(true);
    const plain = await trained(false);
    expect(byKernels.numbers).toEqual(plain.numbers);
    expect(byKernels.calls).toBeGreaterThan(0);
    expect(plain.calls).toBe(0);
  });
});

describe("memory", () => {
  it("of the kernels does not grow from training to training", async () => {
    const data = selectTrajectories(paperData("linear-spring"), { from: 0, to: 12 });
    const bytes = (): number => pairModule()?.arena.floats.byteLength ?? 0;
    await train(data, { seed: 100, until: 1e-8 });
    const first = bytes();
    for (let seed = 101; seed < 109; seed++) await train(data, { seed, until: 1e-8 });
    expect(bytes()).toBe(first);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(32 * 2 ** 20);
  });

  it("a pass and an adjoint allocate less than 64 KiB outside the kernels, as much for 20 substeps a record as for 1", () => {
    const bytes = [1, 20].map((stride) => {
      const { data, schedule, random } = randomProblem(1, {
        particles: 3,
        dimension: 3,
        trajectories: 8,
        records: 10,
        stride,
      });
      const basis = buildBasis(sortedSeparations(data), { cells: 12 });
      const curve = splineCurve(basis, Float64Array.from({ length: basis.size }, random.normal));
      const pass = new SensitivityPass(data, schedule, basis);
      const gradient = new Float64Array(curve.length);
      return allocatedBytes(() => {
        pass.normalEquations(curve);
        curveGradient(data, schedule, basis.cells, curve, gradient);
      }, 40_000);
    });
    // One allocation in the loop over events and pairs would cost 8 x 180 x 3 x 16 bytes.
    expect(Math.max(...bytes)).toBeLessThan(65_536);
    expect(Math.abs((bytes[1] as number) - (bytes[0] as number))).toBeLessThan(8_192);
  });
});
