import { type Force, isMclnnError, pairwise, sumOfForces } from "@mclnn/physics";
import { linearDrag, magneticField, uniformField } from "@mclnn/physics/forces";
import { parseFormula } from "@mclnn/physics/potentials";
import { termForce } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { balance } from "../src/index.ts";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));
const knots = [0, 1, 2, 3];
const FRICTION = termForce({
  spec: { name: "pair-friction", knots },
  coefficients: [0.5, 0.4, 0.3, 0.2, 0.1, 0.1],
});
const TIMES = Float64Array.from({ length: 11 }, (_, k) => 0.3 * k);

const STARTS = {
  2: { positions: [0, 0, 1.3, 0, 0.2, 1.1], velocities: [0, 0.4, 0.1, -0.2, 0.3, 0] },
  3: {
    positions: [0, 0, 0.1, 1.3, 0, -0.2, 0.2, 1.1, 0],
    velocities: [0, 0.4, 0, 0.1, -0.2, 0.3, 0.3, 0, -0.1],
  },
} as const;

describe.each([2, 3] as const)("the balance of a run in %i dimensions", (dimension) => {
  const bodies = {
    masses: Float64Array.of(1, 2, 1.5),
    charges: Float64Array.of(1, -1, 2),
    dimension,
  };
  const field = dimension === 2 ? [0.3, -0.5] : [0.3, -0.5, 0.2];
  const parts: readonly { readonly name: string; readonly force: Force }[] = [
    { name: "pair", force: SPRING },
    { name: "field", force: uniformField(field) },
    { name: "drag", force: linearDrag({ coefficient: 0.2 }) },
    { name: "magnetic", force: magneticField(dimension === 2 ? 0.5 : [0.1, 0.2, 0.5]) },
    { name: "pair-friction", force: FRICTION },
  ];
  const state = {
    positions: Float64Array.from(STARTS[dimension].positions),
    velocities: Float64Array.from(STARTS[dimension].velocities),
  };
  const found = balance(bodies, parts, state, TIMES);
  const named = (name: string) => found.parts.find((part) => part.name === name);
  const most = (x: Float64Array | undefined): number => Math.max(...(x ?? []).map(Math.abs));

  it("closes: the energy to 1e-9, momenta to 1e-12", () => {
    expect(most(named("drag")?.work)).toBeGreaterThan(0.1);
    expect(found.gap.energy).toBeLessThan(1e-9);
    expect(found.gap.linearMomentum).toBeLessThan(1e-12);
    expect(found.gap.angularMomentum).toBeLessThan(1e-11);
  });

  it("has what each part cannot do: pairs push nothing and turn nothing, a magnetic field does no work, friction takes", () => {
    for (const name of ["pair", "pair-friction"]) {
      expect(most(named(name)?.impulse)).toBeLessThan(1e-13);
      expect(most(named(name)?.torque)).toBeLessThan(1e-12);
    }
    expect(most(named("magnetic")?.work)).toBeLessThan(1e-13);
    for (const name of ["drag", "pair-friction"])
      named(name)?.work.forEach((x, k, all) => {
        if (k > 0) expect(x).toBeLessThan(all[k - 1] as number);
      });
    // m g t, whatever else acts.
    field.forEach((g, axis) => {
      expect(named("field")?.impulse[10 * dimension + axis]).toBeCloseTo(4.5 * 3 * g, 12);
    });
  });

  it("follows the motion: work of the pairs is what their energy loses", () => {
    const alone = balance(bodies, parts.slice(0, 1), state, TIMES);
    const { positions } = state;
    const start = sumOfForces(SPRING).energy?.(bodies, positions) as number;
    expect(alone.parts[0]?.work.at(-1)).toBeLessThan(start);
    const t = alone.kineticEnergy;
    expect(alone.parts[0]?.work[10]).toBeCloseTo((t[10] as number) - (t[0] as number), 11);
  });
});

it.each([
  [{ positions: new Float64Array(3) }, TIMES, "bad-shape"],
  [{}, Float64Array.of(0, 0), "different-times"],
] as const)("refuses %j at %j with %s", (more, times, code) => {
  const bodies = { masses: Float64Array.of(1, 1), dimension: 2 } as const;
  const state = {
    positions: Float64Array.of(0, 0, 1, 0),
    velocities: new Float64Array(4),
    ...more,
  };
  let error: unknown;
  try {
    balance(bodies, [{ name: "pair", force: SPRING }], state, times);
  } catch (reason) {
    error = reason;
  }
  expect(isMclnnError(error) && error.code).toBe(code);
});
