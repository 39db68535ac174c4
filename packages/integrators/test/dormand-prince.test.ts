import { createState, createSystem, type Force, gravity, pairwise } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { type DormandPrinceOptions, dormandPrince, rollout } from "../src/index.ts";
import { keplerProblem } from "./systems.ts";

/** A system that counts how often its force is asked for. */
function counted(eccentricity: number) {
  const solved = keplerProblem(eccentricity);
  const { potential } = solved.system;
  const count = { evaluations: 0 };
  const counting: Force = {
    ...potential,
    addForces(...args) {
      count.evaluations++;
      potential.addForces(...args);
    },
  };
  return { ...solved, system: { ...solved.system, potential: counting }, count };
}

function errorAt(records: number, options: DormandPrinceOptions) {
  const { system, start, exact, count } = counted(0.7);
  const time = 6;
  const run = rollout(system, start, {
    dt: time / (records - 1),
    stride: 1,
    records,
    integrator: dormandPrince(options),
  });
  let error = 0;
  run.times.forEach((t, record) => {
    exact(t)
      .slice(0, 4)
      .forEach((x, k) => {
        error = Math.max(error, Math.abs(x - (run.positions[record * 4 + k] as number)));
      });
  });
  return { error, evaluations: count.evaluations };
}

it.each([1e-5, 1e-7, 1e-9, 1e-11])(
  "relative tolerance %s: within 400 times that over two eccentric orbits, at 301 records",
  (tolerance) => {
    const options = { relativeTolerance: tolerance, absoluteTolerance: tolerance };
    expect(errorAt(301, options).error).toBeLessThanOrEqual(400 * tolerance);
  },
);

it("ten times as many records cost nothing: they are read from dense output", () => {
  const few = errorAt(31, {}).evaluations;
  const many = errorAt(3001, {}).evaluations;
  expect(many).toBeLessThanOrEqual(few + 6);
});

it("dense output is of order 5 between the steps, within 0.1 over four halvings", () => {
  const { system, start, exact } = keplerProblem(0.4);
  const logs = [0, 1, 2, 3, 4].map((halving) => {
    const dt = 2 / (32 * 2 ** halving);
    const exactSteps = { relativeTolerance: 1, absoluteTolerance: 1e3, firstStep: dt };
    const state = createState(start, { dimension: 2 });
    const step = dormandPrince({ ...exactSteps, largestStep: dt }).start(system, state);
    const time = 2 - 0.37 * dt;
    step(time);
    const found = [...state.positions, ...state.velocities];
    return Math.log2(
      Math.sqrt(exact(time).reduce((sum, x, k) => sum + (x - (found[k] as number)) ** 2, 0)),
    );
  });
  const order = logs.reduce((sum, log, i) => sum + (2 - i) * log, 0) / 10;
  expect(Math.abs(order - 5), `measured ${order}`).toBeLessThanOrEqual(0.1);
});

it("goes back the way it came when dt changes its sign", () => {
  const { system, start } = keplerProblem(0.5);
  const state = createState(start, { dimension: 2 });
  const step = dormandPrince().start(system, state);
  step(1.234);
  step(-1.234);
  state.positions.forEach((x, k) => {
    expect(Math.abs(x - (start.positions[k] as number))).toBeLessThanOrEqual(1e-8);
  });
});

describe("cannot go on", () => {
  const headOn = createState(
    {
      positions: [
        [-1, 0],
        [1, 0],
      ],
      velocities: [
        [0, 0],
        [0, 0],
      ],
    },
    { dimension: 2 },
  );
  const system = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(gravity()) });

  it("through a collision: step-too-small, at the time of the collision", () => {
    const state = createState(headOn, { dimension: 2 });
    const step = dormandPrince().start(system, state);
    // Free fall from separation 2 with total mass 2: pi / (2 sqrt(2)) sqrt(2^3 / 2) = 2.22.
    expect(() => step(5)).toThrow(
      expect.objectContaining({
        code: "step-too-small",
        kind: "failure",
        message: expect.stringMatching(/at time 2\.22\d/),
      }),
    );
  });

  it("beyond the steps allowed: too-many-steps", () => {
    const state = createState(headOn, { dimension: 2 });
    const step = dormandPrince({ maximumSteps: 3 }).start(system, state);
    expect(() => step(2)).toThrow(
      expect.objectContaining({ code: "too-many-steps", kind: "failure" }),
    );
  });
});

it.each<[keyof DormandPrinceOptions, number]>([
  ["relativeTolerance", 1e-14],
  ["absoluteTolerance", 1e-300],
  ["firstStep", 1e-20],
  ["largestStep", 1e-20],
  ["maximumSteps", 1],
])("takes %s %d", (argument, value) => {
  expect(dormandPrince({ [argument]: value }).parameters).toMatchObject({ [argument]: value });
});

it.each<[keyof DormandPrinceOptions, number]>([
  ["relativeTolerance", 0],
  ["relativeTolerance", 1e-17],
  ["relativeTolerance", Number.NaN],
  ["absoluteTolerance", -1],
  ["absoluteTolerance", Number.POSITIVE_INFINITY],
  ["firstStep", 0],
  ["largestStep", Number.NaN],
  ["maximumSteps", 0],
])("refuses %s %d", (argument, value) => {
  expect(() => dormandPrince({ [argument]: value })).toThrow(
    expect.objectContaining({ code: "bad-option", argument, kind: "input", got: String(value) }),
  );
});
