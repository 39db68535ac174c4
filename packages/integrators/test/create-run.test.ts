import { createState, createSystem, gravity, pairwise, type State } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { createRun, integrators, rollout } from "../src/index.ts";

const system = createSystem({ masses: [1, 2], dimension: 2, potential: pairwise(gravity()) });
const start = (): State =>
  createState(
    { positions: [-1, 0, 1, 0.5], velocities: [0, -0.5, 0, 0.25], time: 2 },
    { dimension: 2 },
  );

describe("a run under way", () => {
  it("is where a rollout is, bit for bit, whatever the steps are asked for in", () => {
    for (const integrator of integrators.filter(({ adaptive }) => !adaptive)) {
      const expected = rollout(system, start(), { dt: 0.02, stride: 7, records: 4, integrator });
      const begin = start();
      const run = createRun(system, begin, { dt: 0.02, integrator });
      run.step();
      run.step(20);
      expect(run.state.positions).toEqual(expected.positions.slice(-4));
      expect(run.state.velocities).toEqual(expected.velocities?.slice(-4));
      expect([run.time, run.state.time]).toEqual([expected.times[3], expected.times[3]]);
      expect(begin).toEqual(start());
    }
  });

  it("tells that it diverged, where, stays at the last good state and does not go on", () => {
    // Head on: they meet, and what comes after is no number.
    const head = createState(
      { positions: [-1, 0, 1, 0], velocities: [0, 0, 0, 0] },
      { dimension: 2 },
    );
    const equal = createSystem({
      masses: [1, 1],
      dimension: 2,
      potential: {
        ...pairwise(gravity()),
        addForces: (_b, q, out) => {
          if ((q[0] as number) > -0.5) out.fill(Number.NaN);
          else {
            out[0] = (out[0] as number) + 1;
          }
        },
      },
    });
    const run = createRun(equal, head, { dt: 0.1 });
    let good = run.state.positions.slice();
    let time = run.time;
    const toTheEnd = (): void => {
      for (let k = 0; k < 100; k++) {
        good = run.state.positions.slice();
        time = run.time;
        run.step(2);
      }
    };
    const told = {
      code: "diverged",
      kind: "failure",
      message: expect.stringMatching(/in step 10, between t = 0\.9 and 1.*particles 0, 1/),
    };
    expect(toTheEnd).toThrowError(expect.objectContaining(told));
    expect([run.time, run.state.positions]).toEqual([time, good]);
    expect(run.state.positions.every(Number.isFinite)).toBe(true);
    expect(() => run.step()).toThrowError(expect.objectContaining(told));
  });

  it.each([0, -1, 1.5, "2"])("refuses %s steps", (steps) => {
    const run = createRun(system, start());
    expect(() => run.step(steps as number)).toThrowError(
      expect.objectContaining({ code: "bad-option", argument: "steps" }),
    );
  });

  it("refuses what no rollout begins with", () => {
    expect(() => createRun(system, start(), { dt: 0 })).toThrow(/above 0/);
    expect(() => createRun(system, { ...start(), positions: new Float64Array(3) })).toThrow(
      /4 numbers/,
    );
  });
});
