import { velocityVerlet } from "@mclnn/integrators";
import { expect, it } from "vitest";
import { locateDivergence } from "../src/engine/locate-divergence.ts";
import { createSchedule } from "../src/records/schedule.ts";
import { sortedSeparations } from "../src/records/training-data.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { rolledSeparations } from "../src/understand/intervals.ts";
import { randomProblem } from "./random-problem.ts";

const { data: given } = randomProblem(2, {
  particles: 2,
  dimension: 2,
  trajectories: 3,
  records: 3,
});
const GAMMA = 0.8;
const H = 0.1;
const data = {
  ...given,
  times: Float64Array.of(0, 4 * H, 8 * H),
  held: [{ spec: { name: "drag" }, coefficients: [GAMMA] }],
};
const schedule = createSchedule(data.times, velocityVerlet.stages, 4, H);
const basis = buildBasis(sortedSeparations(data), { cells: 8 });

it("separations that a law is asked for are those beside what acts in the records", () => {
  // Without a pair law drag alone acts: relative velocities fall by exp(-gamma h) a kick, the first of which is half as long.
  const expected: number[] = [];
  for (let t = 0; t < data.trajectories; t++) {
    const first = t * data.components;
    const { startPositions: q, startVelocities: v } = {
      startPositions: data.positions.subarray(t * data.records * data.components),
      startVelocities: data.startVelocities.subarray(first),
    };
    const r = [0, 1].map((k) => q[k] - q[3 + k]);
    const u = [0, 1].map((k) => v[k] - v[3 + k]);
    for (let kick = 0; kick < 8; kick++) {
      expected.push(Math.hypot(r[0], r[1]));
      const left = Math.exp(-GAMMA * (kick === 0 ? H / 2 : H));
      for (const k of [0, 1]) {
        u[k] *= left;
        r[k] += H * u[k];
      }
    }
  }
  const coefficients = new Float64Array(basis.size);
  const [found] = rolledSeparations(data, schedule, { basis, coefficients });
  expected.sort((a, b) => a - b);
  expect(found.length).toBe(expected.length);
  for (const [k, r] of expected.entries()) expect(Math.abs(found[k] - r)).toBeLessThan(1e-12 * r);
});

it("a rollout that only what acts in the records drives apart is located there", () => {
  const { cells } = basis;
  const curve = new Float64Array(4 * cells.count);
  const driven = { ...data, held: [{ spec: { name: "drag" }, coefficients: [-1e4] }] };
  expect(locateDivergence(driven, schedule, cells, curve)).toMatch(
    /^trajectory 0, force evaluation/,
  );
  expect(locateDivergence(data, schedule, cells, curve)).toMatch(/rollouts are finite/);
});
