import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { dormandPrince, rollout } from "@mclnn/integrators";
import { createState, createSystem, definePairPotential, pairwise } from "@mclnn/physics";
import { expect, it } from "vitest";
import { train } from "../src/index.ts";

const reference = dormandPrince({ relativeTolerance: 1e-13, absoluteTolerance: 1e-14 });

/** Where two of them touch. */
const DIAMETER = 1.2;
const EACH = 3;
const RECORDS = 20;

/** Spheres on a square lattice that run into each other: no force until they touch, then that of the power of how far they are pressed. */
function collisions(power: number): { set: TrajectorySet; slope: (r: number) => number } {
  const pressed = (r: number): number => Math.max(0, 1 - r / DIAMETER);
  const pair = definePairPotential({
    name: "spheres",
    energy: (r) => 20 * pressed(r) ** power,
    slope: (r) => (-20 * power * pressed(r) ** (power - 1)) / DIAMETER,
  });
  const system = createSystem({
    masses: new Array(EACH * EACH).fill(1),
    dimension: 2,
    potential: pairwise(pair),
  });
  const random = createRandom(5);
  const runs = Array.from({ length: 10 }, () => {
    const lattice = Array.from({ length: EACH * EACH }, (_, k) => [
      1.045 * ((k % EACH) - 1),
      1.045 * (Math.floor(k / EACH) - 1),
    ]);
    const start = createState(
      {
        positions: lattice.map((q) => q.map((x) => x + 0.06 * random.normal())),
        velocities: lattice.map((q) => q.map((x) => 0.4 * random.normal() - 0.6 * x)),
      },
      { dimension: 2 },
    );
    return rollout(system, start, { integrator: reference, dt: 0.05, stride: 1, records: RECORDS });
  });
  const { masses, dimension } = system;
  const joined = (of: (run: (typeof runs)[number]) => Float64Array): Float64Array =>
    Float64Array.from(runs.flatMap((run) => [...of(run)]));
  return {
    set: {
      trajectories: runs.length,
      records: RECORDS,
      particles: masses.length,
      dimension,
      masses,
      times: runs[0]?.times as Float64Array,
      positions: joined(({ positions }) => positions),
      velocities: joined(({ velocities }) => velocities as Float64Array),
      provenance: {},
    },
    slope: pair.slope,
  };
}

// A force with a kink: `kinks.test.ts`, and "kink" of `pnpm laws`.
it("Hertz's spheres (power 2.5): V' within 5e-5 of its mean, from exact records", {
  timeout: 60_000,
}, async () => {
  const { set, slope } = collisions(2.5);
  const { model, findings } = await train(set, { model: "spline", until: 1e-20 });
  let error = 0;
  let size = 0;
  for (let r = 0.95; r < 1.5; r += 1e-3) {
    error += Math.abs(model.pair.slope(r) - slope(r));
    size += Math.abs(slope(r));
  }
  expect(findings).toEqual([]);
  expect(error / size).toBeLessThan(5e-5);
});
