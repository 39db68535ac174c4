import {
  createState,
  createSystem,
  gravity,
  linearSpring,
  type ParticleSystem,
  type Potential,
  pairwise,
} from "@mclnn/physics";
import { harmonicTrap } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { closestOf, namesOfBroken } from "../src/divergence.ts";
import { type Integrator, rollout, velocityVerlet } from "../src/index.ts";

const two = (potential: Potential): ParticleSystem =>
  createSystem({ masses: [1, 2], dimension: 2, potential });
const start = createState(
  { positions: [0, 0, 1.3, 0.1], velocities: [0.2, 0.3, -0.1, -0.15], time: 2 },
  { dimension: 2 },
);

/** The spring; when it is asked for its force the n-th time, it does what it is told instead. */
function once(n: number, instead: (out: Float64Array) => void): Potential {
  const spring = pairwise(linearSpring());
  let asked = 0;
  return {
    ...spring,
    addForces(bodies, positions, out) {
      spring.addForces(bodies, positions, out);
      if (++asked === n) instead(out);
    },
  };
}

describe("particles that are not finite, by name", () => {
  const N = Number.NaN;
  it.each<[number[], number, string]>([
    [[0, 0, N, 0], 2, "particle 1"],
    [[N, N, 0, 0, 0, 1 / 0], 2, "particles 0, 2"],
    [[N, 0, 0, 0, N, 0, 0, 0, -1 / 0], 3, "particles 0, 1, 2"],
    [[N, N, N, N, 0], 1, "particles 0, 1, 2, 3"],
    [[N, N, N, N, 0, N], 1, "particles 0, 1, 2, 3 and 1 more"],
    [[0, N, N, N, N, N, N, N], 1, "particles 1, 2, 3, 4 and 3 more"],
  ])("%j in %d dimensions: %s", (values, dimension, names) => {
    expect(namesOfBroken(Float64Array.from(values), dimension)).toBe(names);
  });
});

describe("the closest particles and their distance, exact where it is whole", () => {
  it.each<[string, number[], number, string]>([
    ["the first two", [0, 0, 3, 4, 20, 0], 2, "0 and 1 were 5"],
    ["on a longer axis first", [0, 0, 4, 3, 20, 0], 2, "0 and 1 were 5"],
    ["the last two", [0, 0, 20, 0, 20, 5], 2, "1 and 2 were 5"],
    ["the first of equal ones", [0, 0, 5, 0, 10, 0], 2, "0 and 1 were 5"],
    ["in space", [0, 0, 0, 40, 0, 0, 42, 3, 6], 3, "1 and 2 were 7"],
    ["on one axis", [1, 2, 3, 1, 2, -4], 3, "0 and 1 were 7"],
    ["at one point", [1, 2, 1, 2], 2, "0 and 1 were 0"],
    [
      "where squares overflow",
      [0, 0, 3 * 2 ** 700, -(2 ** 702)],
      2,
      `0 and 1 were ${5 * 2 ** 700}`,
    ],
  ])("%s", (_, positions, dimension, found) => {
    expect(closestOf(Float64Array.from(positions), dimension)).toBe(
      `; before, particles ${found} apart`,
    );
  });

  it("nothing of a particle alone", () => {
    expect(closestOf(Float64Array.of(1, 2), 2)).toBe("");
  });
});

describe("a run that cannot go on", () => {
  it("of one particle says nothing of others", () => {
    const trap = harmonicTrap();
    const potential: Potential = {
      ...trap,
      addForces: (_, positions, out) => {
        out[0] = (positions[0] as number) > 0.5 ? Number.NaN : 1;
      },
    };
    const system = createSystem({ masses: [1], dimension: 2, potential });
    const alone = createState({ positions: [0, 0], velocities: [0, 0] }, { dimension: 2 });
    expect(() => rollout(system, alone, { dt: 0.1, records: 9 })).toThrow(
      expect.objectContaining({
        code: "diverged",
        got: "velocities that are not finite for particle 0 under harmonic-trap",
      }),
    );
  });

  it("is found where only the last kick of a record breaks the velocities", () => {
    // Asked at the start, before the first kick and after the drift.
    const potential = once(3, (out) => out.fill(Number.NaN));
    expect(() => rollout(two(potential), start, { stride: 1, records: 2 })).toThrow(
      expect.objectContaining({ code: "diverged" }),
    );
  });

  it("is found where only positions are broken", () => {
    const jump: Integrator = {
      ...velocityVerlet,
      start: (_, { positions }) => {
        return () => positions.fill(1 / 0, 2, 3);
      },
    };
    const run = () =>
      rollout(two(pairwise(linearSpring())), start, { integrator: jump, records: 2 });
    expect(run).toThrow(
      expect.objectContaining({
        code: "diverged",
        got: expect.stringMatching(/^positions that are not finite for particle 1 under/),
      }),
    );
  });

  it("the second time otherwise, is placed in the last step of its record", () => {
    const potential = once(14, (out) => out.fill(Number.NaN));
    expect(() => rollout(two(potential), start, { records: 4 })).toThrow(
      expect.objectContaining({
        got: "others, but not a second time",
        message: expect.stringContaining("in step 20, between t = 2.19 and 2.2:"),
      }),
    );
  });

  it("for an error that is not ours throws that error, once or for ever", () => {
    const bug = new TypeError("a bug of the potential");
    const potential = once(5, () => {
      throw bug;
    });
    expect(() => rollout(two(potential), start, { records: 3 })).toThrow(bug);
  });

  it("for an error of ours says it whole, but for its full stop, and what was closest", () => {
    // Free flight that brings the two to one point in the second step.
    const coasting: Integrator = {
      ...velocityVerlet,
      start:
        (system, { positions, velocities }) =>
        (dt) => {
          system.potential.addForces(system, positions, new Float64Array(positions.length));
          velocities.forEach((v, k) => {
            positions[k] = (positions[k] as number) + dt * v;
          });
        },
    };
    const meeting = createState(
      { positions: [-3, 0, 3, 0], velocities: [3, 0, -3, 0] },
      { dimension: 2 },
    );
    expect(() =>
      rollout(two(pairwise(gravity())), meeting, {
        dt: 1,
        stride: 1,
        records: 3,
        integrator: coasting,
      }),
    ).toThrow(
      expect.objectContaining({
        code: "diverged",
        got: "gravity cannot be evaluated between particles 0 and 1: expected a separation above 0, got two particles at one point. Move one of the particles; before, particles 0 and 1 were 0 apart",
      }),
    );
  });
});

describe("a start whose forces fail", () => {
  it("for which the potential calls it a failure is refused as input, with the cause", () => {
    const nowhere = pairwise({ name: "nowhere", energy: () => 0, slope: () => Number.NaN });
    expect(() => rollout(two(nowhere), start, { records: 2 })).toThrow(
      expect.objectContaining({
        code: "not-finite",
        argument: "state",
        kind: "input",
        got: expect.stringMatching(/^the force of nowhere between particles 0 and 1 is not finite/),
        cause: expect.objectContaining({ code: "not-finite-force", kind: "failure" }),
      }),
    );
  });

  it("by an error that is not ours throws that error", () => {
    const bug = new TypeError("a bug of the potential");
    const potential = once(1, () => {
      throw bug;
    });
    expect(() => rollout(two(potential), start, { records: 2 })).toThrow(bug);
  });
});

it("a run by a method without parameters has none in its provenance", () => {
  const { provenance } = rollout(two(pairwise(linearSpring())), start, { records: 1 });
  expect(Object.keys(provenance ?? {})).toEqual(["integrator", "dt", "stride", "potential"]);
});
