import {
  addPositionNoise,
  dropObservations,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { createState, createSystem, linearSpring, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { inspectRecords, train } from "../src/index.ts";

const spring = linearSpring({ stiffness: 1, restLength: 1 });
const system = createSystem({
  masses: [1, 1, 1, 1],
  dimension: 2,
  potential: pairwise(spring),
});

/** Four bodies on springs, positions with noise. */
function bodies(trajectories: number): TrajectorySet {
  const start = createState(
    {
      positions: [
        [1, 0.2],
        [-1, 0],
        [0.1, 1.1],
        [0, -1.2],
      ],
      velocities: [
        [0.1, 0.4],
        [0, -0.4],
        [-0.4, 0],
        [0.4, 0.1],
      ],
    },
    system,
  );
  const scheme = "random" as const;
  const run = { dt: 0.1, stride: 1, records: 60, integrator: dormandPrince() };
  const set = generateTrajectories({ system, start, trajectories, scheme, seed: 4, ...run });
  return { ...addPositionNoise(dropVelocities(set), { sigma: 1e-3, seed: 2 }), provenance: {} };
}

/** The set with particles under other numbers, each seen from one record to another. @param who - particle, first record and last, one a number */
function seenFromTo(
  set: TrajectorySet,
  who: readonly (readonly [number, number, number])[],
): TrajectorySet {
  const { trajectories, records, particles } = set;
  const positions: number[] = [];
  const observed: number[] = [];
  for (let frame = 0; frame < trajectories * records; frame++)
    for (const [particle, first, last] of who) {
      const seen = frame % records >= first && frame % records <= last;
      observed.push(seen ? 1 : 0);
      for (let c = 0; c < 2; c++)
        positions.push(
          seen ? (set.positions[2 * (frame * particles + particle) + c] as number) : Number.NaN,
        );
    }
  return {
    ...set,
    particles: who.length,
    masses: new Float64Array(who.length).fill(1),
    positions: Float64Array.from(positions),
    observed: Uint8Array.from(observed),
  };
}

const one = bodies(1);
const leaving = seenFromTo(one, [
  [0, 12, 59],
  [1, 0, 44],
  [2, 0, 59],
  [3, 3, 59],
]);
const broken = seenFromTo(one, [
  [0, 0, 59],
  [1, 0, 26],
  [2, 0, 59],
  [3, 0, 59],
  [1, 31, 59],
]);

describe("particles that leave and enter", { timeout: 60_000 }, () => {
  it.each([
    ["left and entered", leaving, /records 12 to 44, between which all are there/],
    ["under two numbers", broken, /particles 1 and 4 .* never seen together, .* taken as one$/],
  ] as const)("%s: the law within 4 of its bars, and said", async (_, set, said) => {
    const { findings, model, noise } = await train(set, { model: "spline" });
    expect(findings.map(({ kind }) => kind)).toEqual(["particles-leave"]);
    expect(findings[0]?.text).toMatch(said);
    expect(noise).toBeLessThan(2e-3);
    for (const r of [1.2, 1.6, 2]) {
      const bar = model.slopeDeviation?.(r) as number;
      expect(bar).toBeLessThan(0.05);
      expect(Math.abs(model.pair.slope(r) - spring.slope(r))).toBeLessThan(4 * bar);
    }
  });

  it("trajectories in which one is never there are left out, the others begin where all are", () => {
    const three = bodies(3);
    const set = seenFromTo(three, [
      [0, 0, 59],
      [1, 0, 59],
      [2, 0, 59],
      [3, 0, 59],
    ]);
    const observed = set.observed?.slice() as Uint8Array;
    for (let k = 0; k < 60; k++) {
      observed[4 * k] = 0;
      if (k < 20) observed[4 * (60 + k) + 1] = 0;
    }
    const [finding] = inspectRecords({ ...set, observed });
    expect(finding?.text).toMatch(/from the 2 of 3 trajectories/);
  });

  it("records that are missed at random are no reason", () => {
    expect(inspectRecords(dropObservations(bodies(4), { share: 0.3, seed: 1 }))).toEqual([]);
  });
});
