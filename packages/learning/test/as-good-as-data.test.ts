import { experimentByName, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { blanesMoan4, yoshida6 } from "@mclnn/integrators";
import type { MclnnModel } from "@mclnn/models";
import {
  createSystem,
  lennardJones,
  type PairPotential,
  pairwise,
  type State,
  separations,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { fitSpline, posteriorOf } from "../src/fit/spline-fit.ts";
import { train } from "../src/index.ts";
import { named, scheduleOf } from "../src/records/dynamics.ts";
import { arrange } from "../src/records/training-data.ts";

/** Records by a method and steps that no training takes, and that nothing tells it. */
function records(pair: PairPotential, masses: ArrayLike<number>, start: State): TrajectorySet {
  const system = createSystem({
    masses: Array.from(masses),
    dimension: 3,
    potential: pairwise(pair),
  });
  const made = generateTrajectories({
    system,
    start,
    trajectories: 30,
    dt: 0.0025,
    stride: 40,
    integrator: yoshida6,
  });
  return { ...made, provenance: {} };
}

/** Mean |V' - true V'| over all separations of the records, by the mean |V'|. */
function slopeError({ pair }: MclnnModel, truth: PairPotential, set: TrajectorySet): number {
  const size = set.particles * set.dimension;
  let errors = 0;
  let slopes = 0;
  for (let k = 0; k < set.positions.length; k += size)
    for (const r of separations(set.positions.subarray(k, k + size), set)) {
      errors += Math.abs(pair.slope(r) - truth.slope(r));
      slopes += Math.abs(truth.slope(r));
    }
  return errors / slopes;
}

/** Seven atoms: a pentagon and its two tips, which are seen at some distances often and hardly between them. */
const cluster: State = {
  time: 0,
  positions: Float64Array.from(
    [0, 1, 2, 3, 4]
      .flatMap((k) => [0.95 * Math.cos(1.2566 * k), 0.95 * Math.sin(1.2566 * k), 0])
      .concat([0, 0, 0.57, 0, 0, -0.57]),
  ),
  velocities: Float64Array.from({ length: 21 }, (_, k) => 0.2 * Math.sin(3 * k + 1)),
};
const CASES = [
  ...["quartic-spring", "gravity"].map((name) => {
    const { pair, masses, trainStart } = experimentByName(name);
    return { name, pair, masses, start: trainStart, bound: 1e-5 };
  }),
  {
    name: "cluster of 7 Lennard-Jones atoms",
    pair: lennardJones({}),
    masses: [1, 1, 1, 1, 1, 1, 1],
    start: cluster,
    bound: 1e-4,
  },
];

describe("error bars of exact records", () => {
  it("count what steps make of the rollouts beside what the law leaves", () => {
    const { pair, masses, trainStart } = experimentByName("quartic-spring");
    const data = arrange(records(pair, masses, trainStart), {
      coupling: "none",
      needVelocities: true,
    });
    const schedule = scheduleOf(data.times, {
      ...named(blanesMoan4),
      ...{ substeps: 1, dt: null, tangentSubsteps: 1, source: "measured" },
    });
    const steps = fitSpline(data, schedule, { cells: 16 });
    let at = steps.next();
    while (at.done !== true) at = steps.next();
    const fit = at.value;
    const [alone, both] = [0, 3 * fit.loss].map((error) => posteriorOf(fit, error)?.variance ?? 0);
    expect(alone).toBeGreaterThan(0);
    expect((both as number) / (alone as number)).toBeCloseTo(4, 9);
  });
});

describe("without a target a network goes on until it is as good as the law that the data show", () => {
  it.each(CASES)(
    "$name: V' within $bound, and the law says so",
    async ({ pair, masses, start, bound }) => {
      const set = records(pair, masses, start);
      const { model, lawError, networkError, reachedTarget } = await train(set);
      const error = slopeError(model, pair, set);
      expect(error).toBeLessThan(bound);
      expect(lawError).toBeGreaterThan(error / 3);
      expect(lawError).toBeLessThan(10 * error);
      expect(networkError).toBeLessThan(bound);
      expect(reachedTarget).toBe(true);
      const early = await train(set, { until: 1e-8 });
      expect(slopeError(early.model, pair, set)).toBeGreaterThan(10 * error);
      expect(early.networkError).toBeGreaterThan(10 * error);
    },
    30_000,
  );

  it("ends where a narrow network allows no more, and says how far that is from the law", async () => {
    const [{ pair, masses, start }] = CASES;
    const set = records(pair, masses, start);
    const { model, networkError, lawError, stopped } = await train(set, { hidden: [1] });
    expect(stopped).toBe("converged");
    const error = slopeError(model, pair, set);
    expect(error).toBeGreaterThan(1e-3);
    for (const told of [networkError, lawError]) expect((told as number) / error).toBeCloseTo(1, 1);
  });
});
