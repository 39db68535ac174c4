import {
  addPositionNoise,
  dropVelocities,
  experimentByName,
  generateTrajectories,
  selectTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { train, trainSeeds } from "../src/index.ts";
import { Meter } from "../src/records/meter.ts";
import { arrange } from "../src/records/training-data.ts";
import { LIMITS } from "../src/understand/effort.ts";
import { understand } from "../src/understand/understand.ts";

const { pair, masses, dimension, trainStart } = experimentByName("quartic-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });

function records(trajectories: number, sigma = 0): TrajectorySet {
  const made = generateTrajectories({ system, start: trainStart, trajectories });
  const unnamed: TrajectorySet = { ...made, provenance: {} };
  return sigma === 0
    ? unnamed
    : addPositionNoise(dropVelocities(unnamed), { sigma, seed: trajectories });
}

/** Phases that a training goes through, and its result. */
async function watched(data: TrajectorySet, options: Parameters<typeof train<"spline">>[1]) {
  const phases: string[] = [];
  const result = await train(data, {
    ...options,
    model: "spline",
    onProgress: ({ phase }) => phases.push(phase),
  });
  return { result, phases };
}

const slopeError = (slope: (r: number) => number): number =>
  Math.max(...[0.9, 1.2, 1.5, 1.7].map((r) => Math.abs(slope(r) - pair.slope(r))));

describe("effort", { timeout: 60_000 }, () => {
  it("preview: fewer trajectories and steps of work, V' within 1e-2 from noise of 1e-3", async () => {
    const data = records(40, 1e-3);
    const quick = await watched(data, { effort: "preview" });
    const usual = await watched(data, {});
    expect(quick.phases.length).toBeLessThan(usual.phases.length);
    expect(quick.result.model.record.trajectories).toBeLessThan(20);
    expect(usual.result.model.record.trajectories).toBe(40);
    expect(slopeError(quick.result.model.pair.slope)).toBeLessThan(1e-2);
  });

  it("thorough finds what the usual work finds", async () => {
    const { result } = await watched(records(10), { effort: "thorough" });
    expect(result).toMatchObject({ integrator: "velocity-verlet", substeps: 10 });
    expect(result.trainLoss).toBeLessThan(1e-14);
  });

  it.each([
    ["effort", { effort: "preview", optimizer: "adam" } as const],
    ["effort", { effort: "all" as "usual" }],
  ])("%s: what cannot be is refused (%o)", async (argument, options) => {
    await expect(train(records(4), options)).rejects.toMatchObject({ argument });
  });
});

describe("after a result", { timeout: 60_000 }, () => {
  it.each([
    ["exact", 0, 1e-8],
    ["noisy", 1e-3, 5e-3],
  ])("%s records: the search is not made again, V' is as good", async (_, sigma, bound) => {
    const before = await watched(records(10, sigma), {});
    const data = records(20, sigma);
    const anew = await watched(data, {});
    const { result, phases } = await watched(data, { after: before.result });
    expect(phases.length).toBeLessThan(0.7 * anew.phases.length);
    const { integrator, startStates } = anew.result;
    expect(result).toMatchObject({ integrator, startStates });
    expect(slopeError(result.model.pair.slope)).toBeLessThan(bound);
  });

  it("a tenth more of noisy records: V' within a tenth of its bar, in a third of the steps", async () => {
    const data = records(22, 1e-3);
    const few = selectTrajectories(data, { to: 20 });
    const before = await train(few, { model: "spline", terms: ["pair"] });
    const anew = await watched(data, { terms: ["pair"] });
    const { result, phases } = await watched(data, { after: before, terms: ["pair"] });
    expect(phases.length).toBeLessThan(anew.phases.length / 3);
    for (const r of [0.9, 1.2, 1.5, 1.7]) {
      const bar = anew.result.model.slopeDeviation?.(r) ?? Number.NaN;
      const apart = result.model.pair.slope(r) - anew.result.model.pair.slope(r);
      expect(Math.abs(apart / bar)).toBeLessThan(0.1);
    }
  });

  it("start states of other records are left, and found again", async () => {
    const before = await train(records(10, 1e-3), { model: "spline" });
    const other = addPositionNoise(
      dropVelocities(
        generateTrajectories({ system, start: trainStart, trajectories: 10, seed: 7 }),
      ),
      { sigma: 1e-3, seed: 7 },
    );
    const data: TrajectorySet = { ...other, provenance: {} };
    const anew = await train(data, { model: "spline" });
    const { trainLoss } = await train(data, { model: "spline", after: before });
    expect(trainLoss / anew.trainLoss).toBeCloseTo(1, 2);
  });

  it("a network goes on as it was", async () => {
    const options = { model: "mclnn", until: 1e-10 } as const;
    const before = await train(records(10), options);
    const { iterations } = await train(records(10), options);
    const after = await train(records(10), { ...options, after: before });
    expect(after.reachedTarget).toBe(true);
    expect(after.iterations).toBeLessThan(iterations / 3);
  });

  it("trainSeeds begins with it, as train does", async () => {
    const options = { model: "spline" } as const;
    const after = await train(records(10, 1e-3), options);
    const [{ result }] = await trainSeeds(records(12, 1e-3), [100], { ...options, after });
    const alone = await train(records(12, 1e-3), { ...options, after });
    expect(result.trainLoss).toBe(alone.trainLoss);
    expect(result.iterations).toBe(alone.iterations);
  });

  it("records of another law: the search begins anew, and finds it", async () => {
    const before = await train(records(10), { model: "spline" });
    const other = experimentByName("linear-spring");
    const data = generateTrajectories({
      system: createSystem({ masses, dimension, potential: pairwise(other.pair) }),
      start: other.trainStart,
      trajectories: 10,
    });
    const { model, trainLoss } = await train(
      { ...data, provenance: {} },
      { model: "spline", after: before },
    );
    expect(trainLoss).toBeLessThan(1e-12);
    expect(Math.abs(model.pair.slope(1.2) - other.pair.slope(1.2))).toBeLessThan(1e-5);
  });
});

describe("a bound on the work of every training", () => {
  const data = (meter?: Meter) =>
    arrange(records(6, 1e-3), { coupling: "none", needVelocities: false, meter });
  const question = { dynamics: null, method: null, velocities: "unknown" } as const;
  const ended = <R>(steps: Generator<unknown, R>): R => {
    for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
  };

  it("a search that has done its work settles on the best it has, and says so", () => {
    const meter = new Meter(1e-3);
    const found = ended(understand(data(meter), question, LIMITS.usual));
    expect(found.unfinished).toBe(true);
    expect(found.law).not.toBeNull();
    const whole = new Meter(Number.POSITIVE_INFINITY);
    const { unfinished } = ended(understand(data(whole), question, LIMITS.usual));
    expect(unfinished).toBeUndefined();
  });

  it("it is counted in passes, not by a clock: the same work each time", () => {
    const [first, second] = [0, 1].map(() => {
      const meter = new Meter(1);
      ended(understand(data(meter), question, LIMITS.usual));
      return meter.share;
    });
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
  });

  it("start states of so many particles that one pass takes more than a training may are not unknowns: said at once", () => {
    const little = { ...LIMITS.usual, work: { seconds: 1e-6, passes: 1 } };
    expect(() => ended(understand(data(), question, little))).toThrow(
      expect.objectContaining({
        code: "too-many-particles",
        got: expect.stringContaining("3 particles"),
      }),
    );
  });
});
