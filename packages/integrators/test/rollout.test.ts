import {
  createState,
  createSystem,
  type Force,
  gravity,
  linearSpring,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import {
  dormandPrince,
  type Integrator,
  integrators,
  type RolloutOptions,
  rollout,
  rolloutIterator,
  velocityVerlet,
} from "../src/index.ts";

const masses = [1, 2];
const system = createSystem({ masses, dimension: 2, potential: pairwise(linearSpring()) });
const start = createState(
  {
    positions: [
      [0, 0],
      [1.3, 0.1],
    ],
    velocities: [
      [0.2, 0.3],
      [-0.1, -0.15],
    ],
    time: 2,
  },
  { dimension: 2 },
);

const copy = (state: State): State => createState(state, { dimension: 2 });

/** The spring, until it is asked for its force the n-th time: then it gives what `spoil` leaves. */
function spoilt(n: number, spoil: (out: Float64Array, asked: number) => void): ParticleSystem {
  let asked = 0;
  const potential: Force = {
    ...system.potential,
    name: "spoilt",
    addForces(bodies, positions, out) {
      system.potential.addForces(bodies, positions, out);
      asked++;
      if (asked >= n) spoil(out, asked);
    },
  };
  return { ...system, potential };
}

describe("rollout", () => {
  it("records every stride-th step of the integrator, the start first, bit for bit", () => {
    for (const integrator of integrators.filter(({ adaptive }) => !adaptive)) {
      const run = rollout(system, start, { dt: 0.02, stride: 3, records: 5, integrator });
      const state = copy(start);
      const step = integrator.start(system, state);
      for (let record = 0; record < 5; record++) {
        for (let i = 0; record > 0 && i < 3; i++) step(0.02);
        expect(run.positions.slice(record * 4, record * 4 + 4)).toEqual(state.positions);
        expect(run.velocities?.slice(record * 4, record * 4 + 4)).toEqual(state.velocities);
      }
    }
  });

  it("has 10 steps of 0.01 of velocity Verlet a record unless told otherwise", () => {
    const run = rollout(system, start, { records: 3 });
    const same = { dt: 0.01, stride: 10, records: 3, integrator: velocityVerlet };
    expect(run).toEqual(rollout(system, start, same));
    expect(run).toMatchObject({ particles: 2, dimension: 2 });
    expect(run.positions).toHaveLength(12);
  });

  it("counts times from the start of the state, without adding up", () => {
    const { times } = rollout(system, start, { dt: 0.1, stride: 1, records: 1001 });
    expect(Array.from(times)).toEqual(Array.from(times, (_, record) => 2 + record * 0.1));
  });

  it("says how it was made", () => {
    expect(rollout(system, start, { records: 1 }).provenance).toEqual({
      integrator: "velocity-verlet",
      dt: 0.01,
      stride: 10,
      potential: "linear-spring",
    });
    const integrator = dormandPrince({ relativeTolerance: 1e-6 });
    const { provenance } = rollout(system, start, { records: 2, integrator });
    expect(provenance).toMatchObject({
      integrator: "dormand-prince-54",
      integratorParameters: { relativeTolerance: 1e-6, absoluteTolerance: 1e-12 },
    });
    expect(JSON.parse(JSON.stringify(provenance))).toEqual(provenance);
  });

  it("leaves the given state as it was", () => {
    const given = copy(start);
    rollout(system, given, { records: 5 });
    expect(given).toEqual(start);
  });

  it("has one record: the start", () => {
    const run = rollout(system, start, { records: 1 });
    expect(run.positions).toEqual(start.positions);
    expect(Array.from(run.times)).toEqual([2]);
  });

  it("goes on from its last record to the same bits", () => {
    const whole = rollout(system, start, { records: 11 });
    const half = rollout(system, start, { records: 6 });
    const middle: State = {
      time: half.times[5] as number,
      positions: half.positions.slice(-4),
      velocities: (half.velocities as Float64Array).slice(-4),
    };
    const rest = rollout(system, middle, { records: 6 });
    expect(rest.positions).toEqual(whole.positions.slice(20));
  });

  it.each<[keyof RolloutOptions, unknown]>([
    ["dt", 0],
    ["dt", -0.01],
    ["dt", Number.NaN],
    ["dt", Number.POSITIVE_INFINITY],
    ["stride", 0],
    ["stride", 1.5],
    ["stride", Number.NaN],
    ["records", 0],
    ["records", 2.5],
    ["records", undefined],
    ["records", Number.POSITIVE_INFINITY],
    ["integrator", "velocity-verlet"],
    ["integrator", null],
  ])("refuses %s %s", (argument, value) => {
    const options = { records: 3, [argument]: value } as unknown as RolloutOptions;
    const got = typeof value === "string" ? `"${value}"` : String(value);
    expect(() => rollout(system, start, options)).toThrow(
      expect.objectContaining({ code: "bad-option", argument, kind: "input", got }),
    );
  });

  it("refuses a state of the wrong size", () => {
    const state = { ...copy(start), velocities: new Float64Array(6) };
    expect(() => rollout(system, state, { records: 3 })).toThrow(
      expect.objectContaining({
        code: "bad-shape",
        argument: "state.velocities",
        expected: "4 numbers (2 particles x 2)",
        got: "6",
      }),
    );
  });

  it.each<[string, (state: State) => void, string]>([
    ["state.positions", ({ positions }) => positions.fill(Number.NaN, 2, 3), "NaN at index 2"],
    ["state.velocities", ({ velocities }) => velocities.fill(1 / 0), "Infinity at index 0"],
    [
      "state.time",
      (state) => {
        state.time = Number.NaN;
      },
      "NaN",
    ],
  ])("refuses a start whose %s is not finite", (argument, spoil, got) => {
    const state = copy(start);
    spoil(state);
    expect(() => rollout(system, state, { records: 3 })).toThrow(
      expect.objectContaining({ code: "not-finite", argument, kind: "input", got }),
    );
  });

  it("refuses a start whose forces are not finite, and says for which particle", () => {
    const bad = spoilt(1, (out) => out.fill(Number.NaN, 2));
    expect(() => rollout(bad, start, { records: 3 })).toThrow(
      expect.objectContaining({
        code: "not-finite",
        kind: "input",
        message: expect.stringMatching(/forces of spoilt .* particle 1/),
      }),
    );
  });

  it("passes on what the potential says about a start with coincident particles", () => {
    const together = createState(
      { positions: [0.5, 0.5, 0.5, 0.5], velocities: [0, 0, 0, 0] },
      { dimension: 2 },
    );
    const heavy = createSystem({ masses, dimension: 2, potential: pairwise(gravity()) });
    expect(() => rollout(heavy, together, { records: 3 })).toThrow(
      expect.objectContaining({ code: "zero-separation", kind: "input" }),
    );
  });
});

describe("a run that diverges", () => {
  it("names the step that broke the state, not the next, whose forces then fail", () => {
    const potential: Force = {
      ...system.potential,
      addForces(bodies, positions, out) {
        system.potential.addForces(bodies, positions, out);
        if ((positions[2] as number) < 1.27) out[3] = Number.NaN;
      },
    };
    const bad = { ...system, potential };
    const state = copy(start);
    const step = velocityVerlet.start(bad, state);
    let steps = 0;
    for (; Number.isFinite(state.velocities[3]); steps++) step(0.01);
    expect(steps % 10).not.toBe(0);
    expect(() => rollout(bad, start, { dt: 0.01, stride: 10, records: 100 })).toThrow(
      expect.objectContaining({
        code: "diverged",
        argument: "dt",
        kind: "failure",
        got: expect.stringMatching(
          /^velocities that are not finite for particle 1 under linear-spring; before, particles 0 and 1 were 1\.21\d+ apart$/,
        ),
        message: expect.stringContaining(`in step ${steps}, between t = ${2 + (steps - 1) * 0.01}`),
      }),
    );
  });

  it("says so where a second pass does not repeat what the first one met", () => {
    const bad = spoilt(14, (out, asked) => {
      if (asked === 14) out.fill(Number.NaN, 2);
    });
    expect(() => rollout(bad, start, { records: 4 })).toThrow(
      expect.objectContaining({
        code: "diverged",
        got: "others, but not a second time",
      }),
    );
  });

  it.each(integrators.filter(({ adaptive }) => !adaptive))(
    "$name: names the first step whose state is not finite",
    (integrator: Integrator) => {
      const wall: Force = {
        name: "wall",
        reads: "positions",
        conserves: { energy: false, linearMomentum: false, angularMomentum: false },
        energy: () => 0,
        addForces(_, positions, out) {
          if ((positions[2] as number) > 1) out[2] = Number.NaN;
        },
      };
      const free = createSystem({ masses, dimension: 2, potential: wall });
      const moving = createState(
        { positions: [0, 0, 0, 0], velocities: [0, 0, 1, 0] },
        { dimension: 2 },
      );
      // Free flight at speed 1: the wall is met in step 51 or, where a stage looks there, a little before it.
      const options = { dt: 0.02, stride: 20, records: 100, integrator };
      let message = "";
      try {
        rollout(free, moving, options);
      } catch (error) {
        message = (error as Error).message;
        expect(error).toMatchObject({ code: "diverged", kind: "failure" });
      }
      const [, step, from, to] = /in step (\d+), between t = ([\d.]+) and ([\d.]+)/.exec(
        message,
      ) as unknown as [string, string, string, string];
      expect(Number(step)).toBeGreaterThanOrEqual(49);
      expect(Number(step)).toBeLessThanOrEqual(52);
      expect(Number(to)).toBeCloseTo(Number(step) * 0.02, 12);
      expect(Number(to) - Number(from)).toBeCloseTo(0.02, 12);
      expect(message).toMatch(/particle 1\b/);
    },
  );

  it("wraps the error of a potential that refuses, with its particles", () => {
    const heavy = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(gravity()) });
    // One step of free flight brings the two to one point, if the force on the way is small.
    const meeting = createState(
      { positions: [-1e3, 0, 1e3, 0], velocities: [1e3, 0, -1e3, 0] },
      { dimension: 2 },
    );
    let thrown: unknown;
    try {
      rollout(heavy, meeting, { dt: 1, stride: 1, records: 3, integrator: coasting });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: "diverged",
      kind: "failure",
      message: expect.stringMatching(/in step 2, between t = 1 and 2.*particles 0 and 1/),
      cause: expect.objectContaining({ code: "zero-separation" }),
    });
  });

  it("lets errors that are not ours pass untouched", () => {
    const bad = spoilt(5, () => {
      throw new TypeError("a bug of the potential");
    });
    expect(() => rollout(bad, start, { records: 3 })).toThrow(TypeError);
  });

  it("names time and cause where Dormand-Prince gives up", () => {
    const heavy = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(gravity()) });
    const falling = createState(
      { positions: [-1, 0, 1, 0], velocities: [0, 0, 0, 0] },
      { dimension: 2 },
    );
    const integrator = dormandPrince();
    expect(() => rollout(heavy, falling, { dt: 0.1, records: 9, integrator })).toThrow(
      expect.objectContaining({
        code: "diverged",
        message: expect.stringMatching(/between t = 2 and 3.*time 2\.22/),
        cause: expect.objectContaining({ code: "step-too-small" }),
      }),
    );
  });
});

describe("rolloutIterator", () => {
  it("yields the records of rollout, each the caller's own", () => {
    const run = rollout(system, start, { records: 6 });
    const states = [...rolloutIterator(system, start, { records: 6 })];
    expect(states).toHaveLength(6);
    states.forEach(({ time, positions, velocities }, record) => {
      expect(time).toBe(run.times[record]);
      expect(positions).toEqual(run.positions.slice(record * 4, record * 4 + 4));
      expect(velocities).toEqual(run.velocities?.slice(record * 4, record * 4 + 4));
    });
  });

  it("is not disturbed by what is done to the states it yields", () => {
    const run = rollout(system, start, { records: 3 });
    const states = rolloutIterator(system, start);
    for (const _ of [0, 1]) states.next().value.positions.fill(0);
    expect(states.next().value.positions).toEqual(run.positions.slice(8));
  });

  it("goes on without end, and stops when asked to", () => {
    let seen = 0;
    for (const { time } of rolloutIterator(system, start, { dt: 0.5, stride: 1 })) {
      seen++;
      if (time >= 500) break;
    }
    expect(seen).toBe(997);
  });

  it("checks options and start at once", () => {
    expect(() => rolloutIterator(system, start, { dt: -1 })).toThrow(
      expect.objectContaining({ code: "bad-option", argument: "dt" }),
    );
    expect(() => rolloutIterator(system, start, { records: 0 })).toThrow(
      expect.objectContaining({ code: "bad-option", argument: "records" }),
    );
  });
});

/** Asks for the force, as any method does, and pays no heed to it. */
const coasting: Integrator = {
  ...velocityVerlet,
  name: "coasting",
  start:
    (of, { positions, velocities }) =>
    (dt) => {
      of.potential.addForces(of, positions, new Float64Array(positions.length));
      velocities.forEach((v, k) => {
        positions[k] = (positions[k] as number) + dt * v;
      });
    },
};
