import {
  createState,
  createSystem,
  linearSpring,
  type ParticleSystem,
  type Potential,
  pairwise,
  type State,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { exactMomentum, gridMomentum, MOMENTUM_GRID } from "../src/exact-momentum.ts";
import { integrators, type SplittingIntegrator, velocityVerlet } from "../src/index.ts";

/** Two particles in the plane that do not act on each other. */
function free(masses: readonly number[] = [1, 1]): ParticleSystem {
  const potential = pairwise({ name: "free", energy: () => 0, slope: () => 0 });
  return createSystem({ masses, dimension: 2, potential });
}
const stateOf = (positions: number[], velocities: number[]): State =>
  createState({ positions, velocities }, { dimension: 2 });
const begin = (state: State, grid: number, masses?: readonly number[]) =>
  exactMomentum(velocityVerlet, { grid }).start(free(masses), state);

describe("exact momentum by", () => {
  const splittings = () =>
    integrators.filter((each): each is SplittingIntegrator => "stages" in each);

  it("every splitting method has that method's facts, and its grid", () => {
    expect(splittings()).toHaveLength(7);
    for (const method of splittings()) {
      const { name, order, reversible, forceEvaluations } = method;
      const { start, ...facts } = exactMomentum(method);
      expect(facts).toEqual({
        ...{ name, order, reversible, forceEvaluations, symplectic: true, adaptive: false },
        ...{ parameters: { momentumGrid: 2 ** -40 } },
      });
      expect(start).toBeTypeOf("function");
    }
    expect(MOMENTUM_GRID).toBe(2 ** -40);
    expect(exactMomentum(velocityVerlet, { grid: 0.5 }).parameters).toEqual({ momentumGrid: 0.5 });
  });

  it("every splitting method asks for impulses once for each kick at new positions, and takes time", () => {
    for (const method of splittings()) {
      let asked = 0;
      const spring = pairwise(linearSpring());
      const potential: Potential = {
        ...spring,
        addImpulses: (...args) => {
          asked++;
          spring.addImpulses?.(...args);
        },
      };
      const state = stateOf([0, 0, 1.5, 0.5], [0, 0.5, 0.25, 0]);
      state.time = 3;
      const system = createSystem({ masses: [1, 2], dimension: 2, potential });
      const step = exactMomentum(method).start(system, state);
      expect(asked).toBe(0);
      step(0.25);
      const first = asked;
      for (let k = 0; k < 10; k++) step(0.25);
      expect(asked - first, method.name).toBe(10 * method.forceEvaluations);
      expect(state.time).toBe(3 + 11 * 0.25);
    }
  });

  it("a step of another length asks again, though nothing has moved", () => {
    // A spring at rest but stretched: what it is kicked by depends on the time alone.
    const system = createSystem({
      masses: [1, 1],
      dimension: 2,
      potential: pairwise(linearSpring()),
    });
    const kicks: SplittingIntegrator = { ...velocityVerlet, stages: [["kick", 1]] };
    const state = stateOf([0, 0, 3, 0], [0, 0, 0, 0]);
    const step = exactMomentum(kicks, { grid: 2 ** -20 }).start(system, state);
    for (const [dt, velocity] of [
      [0.5, 1],
      [0.5, 2],
      [0.25, 2.5],
    ] as const) {
      step(dt);
      expect([...state.velocities]).toEqual([velocity, 0, -velocity, 0]);
    }
  });
});

it("puts the start on the grid: positions, and velocities by their momenta", () => {
  const state = stateOf([2 ** 20 + 0.3, 0.5, -0.75, 1.5], [0.3, 2 ** 21, -0.4, 1]);
  begin(state, 1, [2, 1]);
  // Halves go to the even number.
  expect([...state.positions]).toEqual([2 ** 20, 0, -1, 2]);
  expect([...state.velocities]).toEqual([0.5, 2 ** 21, 0, 1]);
});

describe("on a grid of 1", () => {
  const most = 2 ** 50;
  it.each<[string, number[], number[], number[] | undefined]>([
    ["positions of 2^50", [most, 0, 0, -most], [0, 0, 0, 0], undefined],
    ["momenta of 2^50", [0, 0, 0, 0], [most / 2, 0, 0, -most], [2, 1]],
    ["positions of 2^20", [2 ** 20, 0, 0, 1], [0, 0, 0, 0], undefined],
    ["no motion at all", [0, 0, 0, 0], [0, 0, 0, 0], undefined],
  ])("a start with %s is taken", (_, positions, velocities, masses) => {
    const state = stateOf(positions, velocities);
    begin(state, 1, masses);
    expect([...state.positions]).toEqual(positions);
    expect([...state.velocities]).toEqual(velocities);
  });

  it.each<[string, number[], number[], string, string, string]>([
    [
      "positions of 2^50 + 1",
      [0, 0, -most - 1, 0],
      [0, 0, 0, 0],
      "grid-range",
      "positions of particle 1 leave the grid",
      `${-most - 1}`,
    ],
    [
      "momenta of 2^50 + 1",
      [0, 0, 0, 0],
      [0, most + 1, 0, 0],
      "grid-range",
      "momenta of particle 0 leave the grid",
      `${most + 1}`,
    ],
    [
      "positions below 2^20",
      [2 ** 20 - 1, 0, 0, 0],
      [0, 0, 0, 0],
      "grid-too-coarse",
      "positions are too small",
      "2^0",
    ],
    [
      "momenta below 2^20",
      [0, 0, 0, 0],
      [0, 0, 0, 1 - 2 ** 20],
      "grid-too-coarse",
      "momenta are too small",
      "2^0",
    ],
  ])("a start with %s is refused", (_, positions, velocities, code, message, got) => {
    expect(() => begin(stateOf(positions, velocities), 1)).toThrow(
      expect.objectContaining({
        ...{ code, argument: "grid", kind: "input", got },
        message: expect.stringContaining(message),
      }),
    );
  });

  it("a drift of 2^50 is taken, one more or a position beyond is a failure", () => {
    const flight = (from: number, velocity: number): State => {
      const state = stateOf([0, 0, from, 0], [0, 0, velocity, 0]);
      begin(state, 1)(1);
      return state;
    };
    expect(flight(0, most).positions[2]).toBe(most);
    expect(flight(-most, most).positions[2]).toBe(0);
    for (const [from, velocity] of [
      [most, 2 ** 20],
      [-most, -(2 ** 20)],
    ] as const)
      expect(() => flight(from, velocity)).toThrow(
        expect.objectContaining({
          ...{ code: "grid-range", kind: "failure", got: `${from + velocity}` },
          message: expect.stringContaining("positions of particle 1 leave the grid"),
        }),
      );
    // Though it would end within the range: its rounding would not be exact.
    const state = stateOf([0, 0, 0, -most], [0, 0, 0, most]);
    expect(() => begin(state, 1)(1.5)).toThrow(
      expect.objectContaining({
        ...{ code: "grid-range", kind: "failure", got: `${1.5 * most}` },
        message: expect.stringContaining("positions of particle 1 leave the grid"),
      }),
    );
  });

  it("a momentum that a kick takes beyond 2^50 is a failure", () => {
    const push = pairwise({ name: "push", energy: (r) => -r, slope: () => -(2 ** 21) });
    const system = createSystem({ masses: [1, 1], dimension: 2, potential: push });
    const state = stateOf([0, 0, 2 ** 20, 0], [0, 0, most - 2 ** 20, 0]);
    const kicks: SplittingIntegrator = { ...velocityVerlet, stages: [["kick", 1]] };
    const step = exactMomentum(kicks, { grid: 1 }).start(system, state);
    step(0.5);
    expect(state.velocities[2]).toBe(most);
    expect(() => step(0.5)).toThrow(
      expect.objectContaining({
        ...{ code: "grid-range", kind: "failure" },
        message: expect.stringContaining("momenta of particle 1 leave the grid"),
      }),
    );
  });
});

it.each<[unknown, string]>([
  [undefined, "undefined"],
  [null, "null"],
  [{ name: "own" }, '"own"'],
])("%j is no method made of kicks and drifts", (method, got) => {
  expect(() => exactMomentum(method as SplittingIntegrator)).toThrow(
    expect.objectContaining({ code: "bad-option", argument: "integrator", got }),
  );
});

describe("the grid", () => {
  it.each([2 ** -900, 2 ** -40, 1, 2, 2 ** 900])("may be %d", (grid) => {
    expect(exactMomentum(velocityVerlet, { grid }).parameters).toEqual({ momentumGrid: grid });
  });

  it.each([2 ** -901, 2 ** 901, 3, 0.75, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "may not be %d",
    (grid) => {
      const refused = expect.objectContaining({
        ...{ code: "bad-option", argument: "grid", kind: "input", got: String(grid) },
      });
      expect(() => exactMomentum(velocityVerlet, { grid })).toThrow(refused);
      expect(() => gridMomentum(free(), stateOf([0, 0, 0, 0], [0, 0, 0, 0]), { grid })).toThrow(
        refused,
      );
    },
  );
});

describe("total momentum on the grid", () => {
  it("is the sum of m v, each rounded to the grid", () => {
    const bodies = { masses: Float64Array.of(2, 3), dimension: 2 as const };
    const velocities = Float64Array.of(0.3, 1, -0.6, 10);
    expect([...gridMomentum(bodies, { velocities }, { grid: 0.5 })]).toEqual([0.5 - 2, 32]);
    expect([...gridMomentum(bodies, { velocities: Float64Array.of(1, 2, 3, 4) })]).toEqual([
      11, 16,
    ]);
  });

  it("is refused beyond 2^53 grids, and given up to there", () => {
    const bodies = { masses: new Float64Array(8).fill(1), dimension: 2 as const };
    const velocities = new Float64Array(16);
    for (const grid of [1, 2 ** -10, 4]) {
      const total = (first: number): number => {
        velocities.fill(-(2 ** 50) * grid).fill(first * grid, 1, 2);
        return gridMomentum(bodies, { velocities }, { grid })[1] as number;
      };
      expect(total(-(2 ** 50))).toBe(-(2 ** 53) * grid);
      expect(() => total(-(2 ** 50) - 2)).toThrow(
        expect.objectContaining({
          ...{ code: "grid-range", argument: "grid", got: `${(-(2 ** 53) - 2) * grid}` },
        }),
      );
    }
  });
});
