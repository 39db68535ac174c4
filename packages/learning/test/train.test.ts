import { experimentByName, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { createSystem, isMclnnError, lennardJones, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { decodeModel, encodeModel } from "../../models/src/index.ts";
import { train } from "../src/index.ts";

function data(name: string, trajectories = 100, skip = 0): TrajectorySet {
  const { pair, masses, dimension, trainStart } = experimentByName(name);
  const system = createSystem({ masses, dimension, potential: pairwise(pair) });
  return generateTrajectories({ system, start: trainStart, trajectories, skip });
}

/** Mean |V' - true V'| over a grid of the ranges seen in training, and over nothing else. */
function slopeError(
  ranges: readonly (readonly [number, number])[],
  learned: (r: number) => number,
  slope: (r: number) => number,
): number {
  let sum = 0;
  let n = 0;
  for (const [a, b] of ranges)
    for (let k = 0; k <= 200; k++, n++) {
      const r = a + ((b - a) * k) / 200;
      sum += Math.abs(learned(r) - slope(r));
    }
  return sum / n;
}

const SYSTEMS = [
  { name: "linear-spring", splineLoss: 1e-18, splineSlope: 1e-8 },
  { name: "quartic-spring", splineLoss: 1e-18, splineSlope: 1e-8 },
  { name: "gravity", splineLoss: 1e-12, splineSlope: 1e-5 },
];

describe.each(SYSTEMS)("$name", ({ name, splineLoss, splineSlope }) => {
  const set = data(name);
  const validation = data(name, 20, 100);
  const truth = experimentByName(name).pair;

  it("MCLNN reaches 1e-8 for seeds 100 to 105, all six, with V' within 5e-4", async () => {
    for (let seed = 100; seed < 106; seed++) {
      const { model, trainLoss, reachedTarget, stopped } = await train(set, {
        seed,
        until: 1e-8,
      });
      expect({ seed, reachedTarget, stopped }).toEqual({
        seed,
        reachedTarget: true,
        stopped: "target",
      });
      expect(trainLoss).toBeLessThanOrEqual(1e-8);
      expect(slopeError(model.separations.ranges, model.pair.slope, truth.slope)).toBeLessThan(
        1e-3,
      );
    }
  });

  it("MCLNN reaches 1e-12 with V' within 5e-5, passes 1e-8 on the way, and validates", async () => {
    const { model, trainLoss, validationLoss, milestones, parameterCount } = await train(set, {
      until: 1e-12,
      validation,
    }).then((result) => ({ ...result, parameterCount: result.model.parameterCount }));
    expect(parameterCount).toBe(141);
    expect(trainLoss).toBeLessThanOrEqual(1e-12);
    expect(validationLoss).toBeLessThan(1e-10);
    expect(milestones.map(({ loss }) => loss)).toEqual([1e-8, 1e-12]);
    expect(slopeError(model.separations.ranges, model.pair.slope, truth.slope)).toBeLessThan(5e-5);
  });

  it(`spline law: loss ${splineLoss}, V' within ${splineSlope}`, async () => {
    const { model, trainLoss } = await train(set, { model: "spline" });
    expect(trainLoss).toBeLessThan(splineLoss);
    expect(slopeError(model.separations.ranges, model.pair.slope, truth.slope)).toBeLessThan(
      splineSlope,
    );
    // V is the integral of V', 0 at the largest separation seen.
    const [, largest] = model.separations.ranges.at(-1) as readonly [number, number];
    const [a, b] = model.separations.ranges[0] as readonly [number, number];
    expect(model.pair.energy(largest)).toBeCloseTo(0, 13);
    expect(model.pair.energy(b) - model.pair.energy(a)).toBeCloseTo(
      truth.energy(b) - truth.energy(a),
      4,
    );
  });
});

describe("spline law of gravity", () => {
  it("has no jump in V or V' across the gap that no trajectory crosses, and stays near the truth there", async () => {
    const { model } = await train(data("gravity"), { model: "spline" });
    const [near, far] = model.separations.ranges as [
      readonly [number, number],
      readonly [number, number],
    ];
    expect(near[1]).toBeLessThan(2.1);
    expect(far[0]).toBeGreaterThan(5.9);
    const { pair } = model;
    for (let r = near[1] - 0.1; r < far[0] + 0.1; r += 0.01) {
      expect(Math.abs(pair.slope(r + 1e-7) - pair.slope(r - 1e-7))).toBeLessThan(1e-6);
      expect(Math.abs(pair.energy(r + 1e-7) - pair.energy(r - 1e-7))).toBeLessThan(1e-6);
      expect(Math.abs(pair.slope(r) - 1 / (r * r))).toBeLessThan(0.05);
    }
  });
});

describe("train", () => {
  it("same seed, same bits; another seed, other weights", async () => {
    const set = data("linear-spring", 20);
    const [a, b, c] = await Promise.all([
      train(set, { seed: 5 }),
      train(set, { seed: 5 }),
      train(set, { seed: 6 }),
    ]);
    expect(a.model.weights).toEqual(b.model.weights);
    expect(a.model.weights).not.toEqual(c.model.weights);
  });

  it("learns from two short trajectories of clean data", async () => {
    const { reachedTarget } = await train(data("linear-spring", 2));
    expect(reachedTarget).toBe(true);
  });

  it("learns a law with a hard wall, two dimensions and unequal masses", async () => {
    const masses = [1, 2, 4];
    const system = createSystem({ masses, dimension: 2, potential: pairwise(lennardJones({})) });
    const start = {
      time: 0,
      positions: Float64Array.of(0, 0, 1.25, 0, 0.5, 1.15),
      velocities: Float64Array.of(0.2, 0.1, -0.1, 0.05, 0, -0.05),
    };
    const set = generateTrajectories({ system, start, dt: 0.005, stride: 10 });
    const { model, trainLoss } = await train(set, { until: 1e-9 });
    expect(trainLoss).toBeLessThanOrEqual(1e-9);
    const [a, b] = model.separations.ranges[0] as readonly [number, number];
    const r = 0.5 * (a + b);
    expect(model.pair.slope(r)).toBeCloseTo(lennardJones({}).slope(r), 2);
  });

  it.each(["adam", "lbfgs"] as const)(
    "%s lowers the rollout loss from Glorot weights",
    async (optimizer) => {
      const set = data("linear-spring", 10);
      const { history, trainLoss, stopped, model } = await train(set, {
        optimizer,
        epochs: 60,
        seed: 4,
      });
      expect(trainLoss).toBeLessThan(0.5 * (history[0]?.loss as number));
      expect(["epochs", "target"]).toContain(stopped);
      expect(model.record.optimizer).toBe(optimizer);
    },
  );

  it("L-BFGS and function first find the same V' of the linear spring", async () => {
    const set = data("linear-spring", 20);
    const [first, descent] = await Promise.all([
      train(set),
      train(set, { optimizer: "lbfgs", until: 1e-7, epochs: 4000 }),
    ]);
    expect(descent.trainLoss).toBeLessThanOrEqual(1e-7);
    expect(
      slopeError(first.model.separations.ranges, first.model.pair.slope, descent.model.pair.slope),
    ).toBeLessThan(5e-3);
  });

  it("stops when asked and keeps the best model, or says that there is none yet", async () => {
    const set = data("gravity");
    const signal = { aborted: false };
    const result = await train(set, {
      until: 1e-16,
      signal,
      onProgress: ({ phase }) => {
        if (phase === "rollout") signal.aborted = true;
      },
    });
    expect(result.stopped).toBe("aborted");
    expect(result.reachedTarget).toBe(false);
    expect(result.trainLoss).toBeLessThan(1);
    await expect(train(set, { signal: { aborted: true } })).rejects.toSatisfy(
      (error) => isMclnnError(error) && error.code === "aborted" && error.kind === "failure",
    );
  });

  it.each([
    ["dt", { dt: 0.03 }, /record spacing 0.1.* is a whole multiple, got 0.03/],
    ["seed", { seed: 1.5 }, /seed cannot be used: expected a whole number, got 1.5/],
    ["hidden", { hidden: [] }, /hidden widths cannot be used/],
    ["until", { until: -1 }, /until cannot be used: expected a finite number above 0, got -1/],
    ["coupling", { coupling: "charge-product" as const }, /charges are needed/],
    ["coupling", { model: "lnn" as const, coupling: "mass-product" as const }, /the baseline/],
    ["fitMasses", { model: "lnn" as const, fitMasses: true }, /the baseline cannot be trained/],
    ["dt", { dt: 1e-7 }, /too many steps: expected at most 1000000 .* got 1899/],
  ])("refuses a bad %s", async (argument, options, message) => {
    const error = await train(data("linear-spring", 2), options).catch((e: unknown) => e);
    expect(isMclnnError(error) && error.argument).toBe(argument);
    expect(String(error)).toMatch(message);
  });

  const scaledBy = (key: "positions" | "masses" | "times", factor: number): TrajectorySet => {
    const set = data("linear-spring", 2);
    return { ...set, provenance: {}, [key]: set[key].map((x) => x * factor) };
  };
  it.each([
    ["positions", scaledBy("positions", 1e200)],
    ["positions", scaledBy("positions", 1e-200)],
    ["masses", scaledBy("masses", 1e300)],
    ["times", scaledBy("times", 1e300)],
    ["times", scaledBy("times", 1e-300)],
  ])("refuses %s in units whose squares are lost: extreme-units", async (argument, set) => {
    await expect(train(set)).rejects.toMatchObject({ code: "extreme-units", argument });
  });

  it("refuses records so close that a rollout at their pace never ends: too-many-steps", async () => {
    const set = data("linear-spring", 2);
    const times = set.times.map((t, k) => (k === 1 ? 1e-9 : t));
    await expect(train({ ...set, times, provenance: {} })).rejects.toMatchObject({
      code: "too-many-steps",
      argument: "times",
    });
  });
});

describe("positions alone, with noise", () => {
  const truth = experimentByName("linear-spring").pair;
  const set = (() => {
    const { masses, dimension, trainStart, pair } = experimentByName("linear-spring");
    const system = createSystem({ masses, dimension, potential: pairwise(pair) });
    const { velocities: _, ...positions } = generateTrajectories({
      system,
      start: trainStart,
      trajectories: 60,
      noise: 1e-3,
      seed: 4,
    });
    return positions;
  })();

  it.each(["mclnn", "spline"] as const)(
    "%s: V' within 2e-3, noise to a twentieth, error bars that hold",
    async (kind) => {
      const { model, reachedTarget, trainLoss, validationLoss } = await train(set, {
        model: kind,
        validation: set,
      });
      expect(reachedTarget).toBe(true);
      expect(Math.sqrt(trainLoss)).toBeLessThan(1.05e-3);
      // Start states found anew for the same records leave the same residuals.
      expect((validationLoss as number) / trainLoss).toBeCloseTo(1, 1);
      expect(slopeError(model.separations.ranges, model.pair.slope, truth.slope)).toBeLessThan(
        2e-3,
      );
      expect(Math.abs((model.record.noise as number) / 1e-3 - 1)).toBeLessThan(0.05);
      const [a, b] = model.separations.ranges[0] as readonly [number, number];
      let inside = 0;
      for (let k = 0; k <= 100; k++) {
        const r = a + ((b - a) * k) / 100;
        const error = Math.abs(model.pair.slope(r) - truth.slope(r));
        if (error < 2 * (model.slopeDeviation?.(r) as number)) inside++;
      }
      expect(inside).toBeGreaterThan(80);
      expect(model.slopeDeviation?.(2 * b)).toBeGreaterThan(
        10 * (model.slopeDeviation?.((a + b) / 2) as number),
      );
      const read = decodeModel(encodeModel(model), { source: "model" }) as typeof model;
      expect(read.slopeDeviation?.(1.2)).toBe(model.slopeDeviation?.(1.2));
    },
  );

  it("refuses optimisers that need start velocities, and data without them when told they are given", async () => {
    await expect(train(set, { optimizer: "adam" })).rejects.toThrow(/adam needs start velocities/);
    await expect(train(set, { velocities: "given" })).rejects.toThrow(/no velocities/);
  });
});
