import {
  createState,
  createSystem,
  gravity,
  lennardJones,
  linearSpring,
  morse,
  type ParticleSystem,
  type Potential,
  pairwise,
  pairwiseBySpecies,
  type State,
} from "@mclnn/physics";
import { uniformField } from "@mclnn/physics/forces";
import { describe, expect, it } from "vitest";
import { exactMomentum, gridMomentum, MOMENTUM_GRID } from "../src/exact-momentum.ts";
import {
  integratorByName,
  rollout,
  rolloutIterator,
  type SplittingIntegrator,
  velocityVerlet,
} from "../src/index.ts";
import { methods } from "./methods.ts";

const MASSES = [1, 2.3, 0.7, 1.1];

const START = createState(
  {
    positions: [
      [0.61, 0.72, 0.13],
      [-0.74, 0.35, -0.21],
      [0.02, -0.66, 0.43],
      [0.31, 0.24, -0.93],
    ],
    velocities: [
      [-0.21, 0.12, 0.11],
      [0.13, -0.35, 0.15],
      [0.26, 0.06, -0.18],
      [-0.17, 0.28, 0.07],
    ],
  },
  { dimension: 3 },
);

const springs = pairwise(linearSpring());

const laws: Readonly<Record<string, Potential>> = {
  "linear spring": springs,
  gravity: pairwise(gravity({ G: 0.05 })),
  "Lennard-Jones": pairwise(lennardJones({ epsilon: 0.05, sigma: 0.8 })),
  "laws by species": pairwiseBySpecies([
    { species: [0, 0], pair: morse() },
    { species: [0, 1], pair: linearSpring() },
    { species: [1, 1], pair: gravity({ G: 0.05 }) },
  ]),
};

function systemOf(potential: Potential, masses: readonly number[] = MASSES): ParticleSystem {
  return createSystem({ masses, dimension: 3, potential, species: [0, 1, 0, 1] });
}

const splittings = methods.filter(({ symplectic }) => symplectic).map(({ name }) => name);
const byName = (name: string): SplittingIntegrator => integratorByName(name) as SplittingIntegrator;

/** Goes `steps` steps with a copy of the state. */
function after(
  system: ParticleSystem,
  { time, positions, velocities }: State,
  steps: number,
  integrator = exactMomentum(velocityVerlet),
): State {
  const state = { time, positions: positions.slice(), velocities: velocities.slice() };
  const step = integrator.start(system, state);
  for (let k = 0; k < steps; k++) step(0.01);
  return state;
}

const turned = ({ time, positions, velocities }: State): State => ({
  time,
  positions,
  velocities: velocities.map((v) => -v),
});

/** What the grid makes of a state that is not on it. */
const onGrid = (system: ParticleSystem, state: State): State => after(system, state, 0);

const error = (run: () => unknown): unknown => {
  try {
    run();
  } catch (caught) {
    return caught;
  }
  return undefined;
};

describe("total momentum is identical in every bit, at each of 20,000 steps", () => {
  for (const [name, potential] of Object.entries(laws))
    it(`${name}, velocity Verlet, unequal masses`, () => {
      const system = systemOf(potential);
      const states = rolloutIterator(system, START, {
        integrator: exactMomentum(velocityVerlet),
        stride: 1,
        records: 20_001,
      });
      const first = gridMomentum(system, START);
      let seen = 0;
      for (const state of states) {
        const total = gridMomentum(system, state);
        // 20,000 calls of expect would take longer than the steps.
        if (total.some((p, c) => !Object.is(p, first[c])))
          expect(total, `record ${seen}`).toEqual(first);
        seen++;
      }
      expect(seen).toBe(20_001);
    });

  for (const name of splittings)
    it(`unit masses by ${name}: plain sums of velocities`, () => {
      const system = systemOf(springs, [1, 1, 1, 1]);
      const integrator = exactMomentum(byName(name));
      const sum = ({ velocities }: State): number[] =>
        [0, 1, 2].map((c) => [0, 1, 2, 3].reduce((s, i) => s + (velocities[3 * i + c] ?? 0), 0));
      const first = sum(onGrid(system, START));
      for (const state of rolloutIterator(system, START, { integrator, records: 401 }))
        expect(sum(state)).toEqual(first);
    });

  it("which plain velocity Verlet does not do", () => {
    const system = systemOf(springs);
    const state = after(system, START, 20_000, velocityVerlet);
    expect(gridMomentum(system, state, { grid: 2 ** -52 })).not.toEqual(
      gridMomentum(system, START, { grid: 2 ** -52 }),
    );
  });
});

describe("10,000 steps, velocities turned round, 10,000 steps: the start bit for bit", () => {
  const reversible = splittings.filter((name) => byName(name).reversible);
  for (const name of reversible)
    it(`springs by ${name}`, () => {
      const system = systemOf(springs);
      const integrator = exactMomentum(byName(name));
      const start = onGrid(system, START);
      const there = after(system, start, 10_000, integrator);
      const back = turned(after(system, turned(there), 10_000, integrator));
      expect(there.positions).not.toEqual(start.positions);
      expect(back.positions).toEqual(start.positions);
      expect(back.velocities).toEqual(start.velocities);
    });

  for (const [name, potential] of Object.entries(laws))
    it(`${name} by velocity Verlet`, () => {
      const system = systemOf(potential);
      const start = onGrid(system, START);
      const back = turned(after(system, turned(after(system, start, 10_000)), 10_000));
      expect(back.positions).toEqual(start.positions);
      expect(back.velocities).toEqual(start.velocities);
    });
});

it("the order of particles, and so of pairs, changes no bit in 5,000 steps", () => {
  const order = [2, 0, 3, 1];
  const permuted = (values: Float64Array): Float64Array =>
    Float64Array.from(order.flatMap((i) => [0, 1, 2].map((c) => values[3 * i + c] ?? Number.NaN)));
  const straight = after(systemOf(springs), START, 5000);
  const other = after(
    systemOf(
      springs,
      order.map((i) => MASSES[i] as number),
    ),
    { time: 0, positions: permuted(START.positions), velocities: permuted(START.velocities) },
    5000,
  );
  expect(other.positions).toEqual(permuted(straight.positions));
  expect(other.velocities).toEqual(permuted(straight.velocities));
});

it("stays within 1e-9 of plain velocity Verlet over 10 time units", () => {
  const plain = after(systemOf(springs), START, 1000, velocityVerlet);
  const exact = after(systemOf(springs), START, 1000);
  const far = plain.positions.map((x, k) => Math.abs(x - (exact.positions[k] as number)));
  expect(Math.max(...far)).toBeLessThan(1e-9);
  expect(Math.max(...far)).toBeGreaterThan(0);
});

describe("what is not exact is refused", () => {
  it("free flight that leaves the grid's range: an error with the step, before a number that is not exact", () => {
    const system = systemOf(pairwise(gravity({ G: 1e-9 })));
    const start = { ...START, velocities: START.velocities.map((v) => 1000 * v) };
    const run = () =>
      rollout(system, start, { records: 200, integrator: exactMomentum(velocityVerlet) });
    expect(error(run)).toMatchObject({
      code: "grid-range",
      kind: "failure",
      message: expect.stringMatching(
        /left the grid of exact momentum in step \d+, between t = .*at most 1024 on the grid 2\^-40/,
      ),
    });
  });

  it("an impulse that leaves the range", () => {
    const system = systemOf(pairwise(linearSpring({ stiffness: 1e9 })));
    const run = () => after(system, START, 1);
    expect(error(run)).toMatchObject({ code: "grid-range", argument: "grid", kind: "failure" });
  });

  it.each([
    ["a start outside the range", 2 ** -60, "grid-range"],
    ["a start that the grid does not resolve", 2 ** -10, "grid-too-coarse"],
    ["a grid that is no power of two", 1e-12, "bad-option"],
    ["a grid of 0", 0, "bad-option"],
  ])("%s", (_, grid, code) => {
    const run = () => after(systemOf(springs), START, 1, exactMomentum(velocityVerlet, { grid }));
    expect(error(run)).toMatchObject({ code, argument: "grid", kind: "input" });
  });

  it("a potential that is no sum over pairs, by name", () => {
    const system = systemOf(uniformField([0, 0, -1]));
    expect(error(() => after(system, START, 1))).toMatchObject({
      code: "needs-pair-impulses",
      message: expect.stringContaining("uniform"),
    });
  });

  it("a method that is not made of kicks and drifts", () => {
    const run = () => exactMomentum(integratorByName("runge-kutta-4") as SplittingIntegrator);
    expect(error(run)).toMatchObject({ code: "bad-option", argument: "integrator" });
  });
});

it("says its grid in the provenance of a run", () => {
  const { provenance } = rollout(systemOf(springs), START, {
    records: 2,
    integrator: exactMomentum(velocityVerlet),
  });
  expect(provenance).toMatchObject({
    integrator: "velocity-verlet",
    integratorParameters: { momentumGrid: MOMENTUM_GRID },
  });
});
