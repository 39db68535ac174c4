import { dormandPrince, rollout, velocityVerlet } from "@mclnn/integrators";
import { balance, motionSeries, observableSeries } from "@mclnn/metrics";
import {
  createState,
  createSystem,
  hamiltonian,
  lagrangian,
  momentaBeside,
  pairwise,
  sumOfForces,
} from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { termForce } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));
/** 1 / sqrt(1 - v^2 / c^2) - 1 at c = 2.5 up to v = 1, more or less, and a hill of mass at the origin. */
const SPEED = termForce({
  spec: { name: "kinetic-speed", knots: [0, 0.7, 1] },
  coefficients: [0.0134, 0.0415, 0.0719, 0.0911],
});
const PLACE = termForce({
  spec: { name: "kinetic-place", per: "force", knots: [0, 1, 2] },
  coefficients: [0.5, 0.4, 0.1],
});
const start = createState(
  {
    positions: [
      [0, 0],
      [1.3, 0],
      [0.2, 1.1],
    ],
    velocities: [
      [0, 0.4],
      [0.1, -0.2],
      [0.3, 0],
    ],
  },
  { dimension: 2 },
);
const systemOf = (...kinetic: readonly (typeof SPEED)[]) =>
  createSystem({
    masses: [1, 2, 1.5],
    dimension: 2,
    potential: sumOfForces(SPRING, ...kinetic),
  });
const span = (values: Float64Array, components = 1): number =>
  Math.max(...values.map((x, k) => Math.abs(x - (values[k % components] as number))));

describe.each([
  ["of speed", [SPEED], { energy: true, linearMomentum: true, angularMomentum: true }],
  ["of place", [PLACE], { energy: true, linearMomentum: false, angularMomentum: true }],
  ["of both", [SPEED, PLACE], { energy: true, linearMomentum: false, angularMomentum: true }],
] as const)("a kinetic energy %s", (_, kinetic, conserves) => {
  const system = systemOf(...kinetic);

  it("conserves what it says along a run, to 1e-8, with its own energy and momenta", () => {
    expect(system.potential.conserves).toEqual(conserves);
    const accurate = dormandPrince({ absoluteTolerance: 1e-12, relativeTolerance: 1e-12 });
    const run = rollout(system, start, { dt: 0.05, records: 60, integrator: accurate });
    const { linearMomentum, angularMomentum, hamiltonian: h } = observableSeries(system, run);
    expect(span(h)).toBeLessThan(1e-8);
    expect(span(angularMomentum)).toBeLessThan(1e-8);
    if (conserves.linearMomentum) expect(span(linearMomentum, 2)).toBeLessThan(1e-8);
    else expect(span(linearMomentum, 2)).toBeGreaterThan(1e-3);
    // Without what they add, neither stays.
    expect(
      span(motionSeries({ ...system, potential: SPRING }, run).angularMomentum),
    ).toBeGreaterThan(1e-4);
  });

  it("is kept by velocity Verlet to second order, without a trend", () => {
    const error = (dt: number): number => {
      const run = rollout(system, start, { dt, records: 400, integrator: velocityVerlet });
      return span(observableSeries(system, run).hamiltonian);
    };
    const ratio = error(0.04) / error(0.02);
    expect(ratio).toBeGreaterThan(3);
    expect(ratio).toBeLessThan(5);
  });

  it("has work, impulse and torque that close to 1e-10", () => {
    const parts = [SPRING, ...kinetic].map((force) => ({ name: force.name, force }));
    const times = Float64Array.from({ length: 6 }, (_, k) => 0.3 * k);
    const { gap } = balance(system, parts, start, times);
    for (const each of Object.values(gap)) expect(each).toBeLessThan(1e-10);
  });

  it("has a Lagrangian whose slopes by velocities are its momenta, to 1e-8", () => {
    const { momenta } = momentaBeside(system, start) ?? { momenta: new Float64Array(6) };
    const h = 1e-5;
    start.velocities.forEach((v, k) => {
      const at = (x: number): number => {
        const velocities = start.velocities.slice();
        velocities[k] = x;
        return lagrangian(system, { ...start, velocities });
      };
      const p = (system.masses[k >> 1] as number) * v + (momenta[k] as number);
      expect(Math.abs((at(v + h) - at(v - h)) / (2 * h) - p)).toBeLessThan(1e-8);
    });
  });
});

it("a system without such a term has nothing beside m v", () => {
  const system = systemOf();
  expect(momentaBeside(system, start)).toBeNull();
  expect(hamiltonian(system, start)).toBe(
    observableSeries(
      system,
      rollout(system, start, { dt: 0.1, records: 1, integrator: velocityVerlet }),
    ).hamiltonian[0],
  );
});
