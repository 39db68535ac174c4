import {
  accelerations,
  angularMomentum,
  createState,
  createSystem,
  type Force,
  gravity,
  hamiltonian,
  linearMomentum,
  linearSpring,
  type ParticleSystem,
  pairwise,
  type State,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { integratorByName, integrators, velocityVerlet } from "../src/index.ts";
import { type Measurement, type Method, methods, withStepsOf } from "./methods.ts";
import {
  dampedCharge,
  harmonicOscillator,
  keplerProblem,
  type SolvedSystem,
  shotThroughAir,
} from "./systems.ts";

const copy = ({ time, positions, velocities }: State): State => ({
  time,
  positions: positions.slice(),
  velocities: velocities.slice(),
});

const distance = (state: State, values: ArrayLike<number>): number => {
  const all = [...state.positions, ...state.velocities];
  return Math.sqrt(all.reduce((sum, x, i) => sum + (x - (values[i] as number)) ** 2, 0));
};

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] as number))), 0);

/** Least-squares slope of log2(error) over four halvings of the step. */
function measuredOrder(solved: SolvedSystem, name: string, { time, steps }: Measurement): number {
  const logs = [0, 1, 2, 3, 4].map((halving) => {
    const count = steps * 2 ** halving;
    const dt = time / count;
    const state = copy(solved.start);
    const step = withStepsOf(dt, name).start(solved.system, state);
    for (let i = 0; i < count; i++) step(dt);
    return Math.log2(distance(state, solved.exact(time)));
  });
  return logs.reduce((sum, log, i) => sum + (2 - i) * log, 0) / 10;
}

/** Three bodies of unequal masses on springs in space, their centre of mass at rest. */
function springs(): { system: ParticleSystem; start: State } {
  return {
    system: createSystem({
      masses: [1, 2, 0.5],
      dimension: 3,
      potential: pairwise(linearSpring()),
    }),
    start: createState(
      {
        positions: [
          [0.5, 0.7, 0.1],
          [-0.7, 0.3, -0.2],
          [0, -0.6, 0.4],
        ],
        velocities: [
          [-0.2, 0.4, 0.1],
          [-0.3, -0.35, 0.15],
          [1.6, 0.6, -0.8],
        ],
      },
      { dimension: 3 },
    ),
  };
}

it("the catalogue lists every method once, with the facts of the table", () => {
  expect(
    integrators.map((each) => ({
      name: each.name,
      order: each.order,
      symplectic: each.symplectic,
      reversible: each.reversible,
      cost: each.forceEvaluations,
      adaptive: each.adaptive,
    })),
  ).toEqual(
    methods.map(({ name, order, symplectic, reversible, cost }) => ({
      name,
      order,
      symplectic,
      reversible,
      cost,
      adaptive: name === "dormand-prince-54",
    })),
  );
});

it("finds integrators by name, and names them all where there is none", () => {
  for (const each of integrators) expect(integratorByName(each.name)).toBe(each);
  expect(() => integratorByName("verlet")).toThrow(
    expect.objectContaining({
      code: "unknown-integrator",
      argument: "integrator",
      kind: "input",
      expected: expect.stringContaining("velocity-verlet, position-verlet"),
    }),
  );
});

describe.each(methods)("$name", (method: Method) => {
  const { name, order } = method;

  it(`has order ${order} within 0.05 over four halvings, harmonic oscillator`, () => {
    const measured = measuredOrder(harmonicOscillator(), name, method.harmonic);
    expect(Math.abs(measured - order), `measured ${measured}`).toBeLessThanOrEqual(0.05);
  });

  it(`has order ${order} within 0.05 over four halvings, Kepler problem`, () => {
    const solved = keplerProblem(method.kepler.eccentricity);
    const measured = measuredOrder(solved, name, method.kepler);
    expect(Math.abs(measured - order), `measured ${measured}`).toBeLessThanOrEqual(0.05);
  });

  it.each([keplerProblem(0.5), dampedCharge(0.1, 1.1)])(
    method.reversible ? "comes back within 1e-12, $name" : "does not come back, $name",
    (solved) => {
      const { system, start } = solved;
      const state = copy(start);
      const dt = 0.02;
      const step = withStepsOf(dt, name).start(system, state);
      for (let i = 0; i < 200; i++) step(dt);
      expect(state.time).toBeCloseTo(4, 12);
      expect(distance(state, [...start.positions, ...start.velocities])).toBeGreaterThan(0.1);
      for (let i = 0; i < 200; i++) step(-dt);
      expect(state.time).toBeCloseTo(0, 12);
      const missed = distance(state, [...start.positions, ...start.velocities]);
      if (method.reversible) expect(missed).toBeLessThanOrEqual(1e-12);
      else expect(missed).toBeGreaterThan(1e-11);
    },
  );

  it(
    method.symplectic ? "keeps the symplectic form within 1e-8" : "breaks the symplectic form",
    () => {
      const error = symplecticError(name);
      if (method.symplectic) expect(error).toBeLessThanOrEqual(1e-8);
      else expect(error).toBeGreaterThan(1e-6);
    },
  );

  it(`evaluates the force ${method.cost} times a step`, () => {
    const { system, start } = springs();
    let evaluations = 0;
    const { potential } = system;
    const counted: Force = {
      ...potential,
      addForces(...args) {
        evaluations++;
        potential.addForces(...args);
      },
    };
    const step = withStepsOf(0.01, name).start({ ...system, potential: counted }, copy(start));
    step(0.01);
    const first = evaluations;
    for (let i = 0; i < 50; i++) step(0.01);
    expect(evaluations - first).toBe(50 * method.cost);
    expect(first - method.cost).toBeLessThanOrEqual(1);
  });

  it(
    method.symplectic
      ? "holds energy in the band of its first 1e4 steps over 1e5 steps"
      : "drifts in energy over 1e5 steps",
    () => {
      const { system, start } = keplerProblem(0.3);
      const state = copy(start);
      const dt = 0.02;
      const step = withStepsOf(dt, name).start(system, state);
      const energy = hamiltonian(system, start);
      const worst = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(() => {
        let most = 0;
        for (let i = 0; i < 1e4; i++) {
          step(dt);
          if (i % 5 === 0) most = Math.max(most, Math.abs(hamiltonian(system, state) - energy));
        }
        return most;
      });
      const [early, late] = [worst[0] as number, Math.max(...worst)];
      // Roundoff walks by itself: 1e5 steps leave some 1e-13 of it.
      if (method.symplectic) expect(late).toBeLessThanOrEqual(1.1 * early + 5e-13);
      else expect(late).toBeGreaterThan(5 * early);
    },
  );

  it(
    method.symplectic
      ? "keeps linear and angular momentum within 1e-12 all along 1e4 steps"
      : "keeps linear momentum within 1e-12 all along 1e4 steps",
    () => {
      const { system, start } = springs();
      const state = copy(start);
      const step = withStepsOf(0.02, name).start(system, state);
      const linear = linearMomentum(system, start.velocities);
      const angular = angularMomentum(system, start.positions, start.velocities);
      let [worstLinear, worstAngular] = [0, 0];
      for (let i = 0; i < 1e4; i++) {
        step(0.02);
        if (i % 10 !== 0) continue;
        const { positions, velocities } = state;
        worstLinear = Math.max(worstLinear, largest(linearMomentum(system, velocities), linear));
        worstAngular = Math.max(
          worstAngular,
          largest(angularMomentum(system, positions, velocities), angular),
        );
      }
      expect(worstLinear).toBeLessThanOrEqual(1e-12);
      if (method.symplectic) expect(worstAngular).toBeLessThanOrEqual(1e-12);
    },
  );

  it(`has order ${order} within 0.05 over four halvings, trap with drag and a magnetic field`, () => {
    const measured = measuredOrder(dampedCharge(0.3, 1.1), name, method.harmonic);
    expect(Math.abs(measured - order), `measured ${measured}`).toBeLessThanOrEqual(0.05);
  });

  const { air } = method;
  if (air !== undefined)
    it(`has order ${order} within 0.1 over four halvings, shot through air`, () => {
      const measured = measuredOrder(shotThroughAir(), name, air);
      expect(Math.abs(measured - order), `measured ${measured}`).toBeLessThanOrEqual(0.1);
    });

  it("gives the same bits from the same start", () => {
    const { system, start } = springs();
    const [a, b] = [copy(start), copy(start)];
    for (const state of [a, b]) {
      const step = integratorByName(name).start(system, state);
      for (let i = 0; i < 20; i++) step(0.05);
    }
    expect(a).toEqual(b);
  });
});

it("velocity Verlet is, bit for bit, half a kick, a drift, half a kick", () => {
  const { system, start } = springs();
  const state = copy(start);
  const step = velocityVerlet.start(system, state);
  const { positions: q, velocities: v } = copy(start);
  const a = new Float64Array(q.length);
  const dt = 0.01;
  accelerations(system, q, a);
  for (let s = 0; s < 1000; s++) {
    step(dt);
    for (let i = 0; i < q.length; i++) {
      v[i] = (v[i] as number) + 0.5 * dt * (a[i] as number);
      q[i] = (q[i] as number) + dt * (v[i] as number);
    }
    accelerations(system, q, a);
    for (let i = 0; i < q.length; i++) v[i] = (v[i] as number) + 0.5 * dt * (a[i] as number);
  }
  expect(state.positions).toEqual(q);
  expect(state.velocities).toEqual(v);
});

it("a step of 0 changes nothing", () => {
  const { system, start } = springs();
  for (const integrator of integrators) {
    const state = copy(start);
    const step = integrator.start(system, state);
    step(0);
    expect(state, integrator.name).toEqual(start);
  }
});

/** Largest entry of J' W J - W, J the derivative of one step in (q, p), by central differences. */
function symplecticError(name: string): number {
  const masses = [1, 2];
  const system = createSystem({ masses, dimension: 2, potential: pairwise(gravity()) });
  const centre = [0, 0, 1.1, 0.2, 0.1, -0.5, -0.2, 0.8];
  const dt = 0.25;
  const n = 4;
  const massOf = (k: number): number => masses[Math.floor(k / 2)] as number;
  const map = (at: number[]): number[] => {
    const state: State = {
      time: 0,
      positions: Float64Array.from(at.slice(0, n)),
      velocities: Float64Array.from(at.slice(n), (p, k) => p / massOf(k)),
    };
    withStepsOf(dt, name).start(system, state)(dt);
    return [...state.positions, ...state.velocities.map((v, k) => v * massOf(k))];
  };
  const epsilon = 1e-4;
  const columns = centre.map((_, j) => {
    const moved = (by: number): number[] => map(centre.map((x, k) => (k === j ? x + by : x)));
    const [f1, b1, f2, b2] = [epsilon, -epsilon, 2 * epsilon, -2 * epsilon].map(moved) as [
      number[],
      number[],
      number[],
      number[],
    ];
    return f1.map(
      (x, k) =>
        (8 * (x - (b1[k] as number)) - ((f2[k] as number) - (b2[k] as number))) / (12 * epsilon),
    );
  });
  const form = (a: number[], b: number[]): number =>
    a
      .slice(0, n)
      .reduce(
        (sum, q, k) => sum + q * (b[n + k] as number) - (a[n + k] as number) * (b[k] as number),
        0,
      );
  let error = 0;
  columns.forEach((a, i) => {
    columns.forEach((b, j) => {
      const expected = j === i + n ? 1 : i === j + n ? -1 : 0;
      error = Math.max(error, Math.abs(form(a, b) - expected));
    });
  });
  return error;
}
