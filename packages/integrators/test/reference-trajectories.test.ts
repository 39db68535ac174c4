import { readFileSync } from "node:fs";
import path from "node:path";
import {
  createState,
  createSystem,
  gravity,
  linearSpring,
  type PairPotential,
  pairwise,
  quarticSpring,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { dormandPrince, type Integrator, rollout, velocityVerlet } from "../src/index.ts";

interface Configuration {
  readonly positions: number[][];
  readonly velocities: number[][];
}
interface Case extends Configuration {
  readonly masses: number[];
  /** By time: Runge-Kutta 8(5,3) at 1e-13, made by another program. */
  readonly exact: Readonly<Record<string, Configuration>>;
  /** By time: velocity Verlet at dt 0.01, made by another program. */
  readonly verlet: Readonly<Record<string, Configuration>>;
}

const { cases } = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "fixtures/reference-trajectories.json"), "utf8"),
) as { cases: Record<string, Case> };

const pairs: Readonly<Record<string, PairPotential>> = {
  "linear-spring": linearSpring(),
  "quartic-spring": quarticSpring(),
  gravity: gravity(),
};
const tight = dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });

it("the fixture holds nine cases at t = 1, 2 and 5", () => {
  expect(Object.keys(cases)).toHaveLength(9);
  for (const { exact, verlet } of Object.values(cases))
    for (const each of [exact, verlet]) expect(Object.keys(each)).toEqual(["1.0", "2.0", "5.0"]);
});

describe.each(Object.entries(cases))("%s", (name, { masses, exact, verlet, ...start }) => {
  const pair = pairs[name.split("/")[0] as string] as PairPotential;
  const system = createSystem({ masses, dimension: 3, potential: pairwise(pair) });
  const state = createState(start, { dimension: 3 });

  function largestError(
    expected: Readonly<Record<string, Configuration>>,
    integrator: Integrator,
  ): number {
    const run = rollout(system, state, { dt: 0.01, stride: 100, records: 6, integrator });
    const size = 3 * masses.length;
    let worst = 0;
    for (const [time, { positions, velocities }] of Object.entries(expected)) {
      const record = Number(time);
      expect(run.times[record]).toBe(record);
      positions.flat().forEach((x, k) => {
        worst = Math.max(worst, Math.abs(x - (run.positions[record * size + k] as number)));
      });
      velocities.flat().forEach((x, k) => {
        worst = Math.max(worst, Math.abs(x - (run.velocities?.[record * size + k] as number)));
      });
    }
    return worst;
  }

  it("velocity Verlet matches the reference within 1e-11", () => {
    expect(largestError(verlet, velocityVerlet)).toBeLessThanOrEqual(1e-11);
  });

  it("Dormand-Prince at 1e-13 matches the 8th-order reference within 1e-9", () => {
    expect(largestError(exact, tight)).toBeLessThanOrEqual(1e-9);
  });
});
