import { addPositionNoise, dropVelocities, type TrajectorySet } from "@mclnn/datasets";
import { dormandPrince, rollout, velocityVerlet } from "@mclnn/integrators";
import {
  createState,
  createSystem,
  definePairPotential,
  linearSpring,
  type PairPotential,
  pairwise,
} from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";
import { encountersOf } from "../src/records/encounters.ts";
import { arrange } from "../src/records/training-data.ts";
import { separationRecord } from "../src/train/separation-record.ts";

const RECORDS = 24;
const SPACING = 0.15;
const spring = linearSpring({ stiffness: 1, restLength: 1 });
const star = definePairPotential({
  name: "star",
  energy: (r) => -0.4 / Math.sqrt(r * r + 0.0009),
  slope: (r) => (0.4 * r) / (r * r + 0.0009) ** 1.5,
});

/** Two bodies that come towards each other as far apart as `misses` says, one recording each, with noise. */
function meetings(
  pair: PairPotential,
  misses: readonly number[],
  { sigma, substeps = null }: { sigma: number; substeps?: number | null },
): TrajectorySet {
  const system = createSystem({ masses: [1, 1], dimension: 2, potential: pairwise(pair) });
  const runs = misses.map((miss, k) =>
    rollout(
      system,
      createState(
        {
          positions: [
            [0.7 + 0.03 * k, miss],
            [-0.7, 0],
          ],
          velocities: [
            [-0.9 - 0.05 * k, 0],
            [0.9, 0.02 * k],
          ],
        },
        system,
      ),
      substeps === null
        ? { dt: SPACING, stride: 1, records: RECORDS, integrator: dormandPrince() }
        : {
            dt: SPACING / substeps,
            stride: substeps,
            records: RECORDS,
            integrator: velocityVerlet,
          },
    ),
  );
  const size = RECORDS * 4;
  const positions = new Float64Array(runs.length * size);
  for (const [k, run] of runs.entries()) positions.set(run.positions, k * size);
  const set: TrajectorySet = {
    trajectories: runs.length,
    records: RECORDS,
    particles: 2,
    dimension: 2,
    masses: Float64Array.of(1, 1),
    times: Float64Array.from({ length: RECORDS }, (_, k) => k * SPACING),
    positions,
    provenance: {},
  };
  return addPositionNoise(dropVelocities(set), { sigma, seed: 3 });
}

const apart = [0.5, 0.6, 0.7, 0.8, 0.55, 0.65, 0.75, 0.85];
const arranged = (set: TrajectorySet) => arrange(set, { coupling: "none", needVelocities: false });

describe("encounters between records", () => {
  it("are seen where a pair turns by more than 60 degrees, and nowhere else", () => {
    expect(encountersOf(arranged(meetings(spring, apart, { sigma: 1e-3 })))).toEqual([]);
    const met = encountersOf(arranged(meetings(spring, [...apart, 0.01], { sigma: 1e-3 })));
    expect(met.length).toBeGreaterThan(0);
    expect(met.every(({ trajectory }) => trajectory === apart.length)).toBe(true);
  });
});

describe("noisy records with an encounter", { timeout: 240_000 }, () => {
  it.each([
    ["a spring that turns round", spring, [0.6, 0.8, 1, 1.2, 1.4]],
    ["a star", star, [0.6, 0.8, 1, 1.2]],
  ] as const)(
    "%s: law within its bars, the noise right, no other cause named",
    async (_, pair, at) => {
      const sigma = 2e-3;
      const data = meetings(pair, [...apart, 0.004], { sigma });
      const { model, noise, findings, origin } = await train(data, { model: "spline" });
      expect(findings.map(({ kind }) => kind)).toEqual(["sparse-records"]);
      for (const { text } of findings)
        expect(text).toMatch(
          /^records too sparse for the encounter: .* trajectory 8; it was left out/,
        );
      expect(Math.abs((noise as number) / sigma - 1)).toBeLessThan(0.1);
      expect(origin?.steps).toBe("resolved");
      let square = 0;
      for (const r of at) {
        const bar = model.slopeDeviation?.(r) ?? Number.NaN;
        square += ((model.pair.slope(r) - pair.slope(r)) / bar) ** 2 / at.length;
      }
      expect(Math.sqrt(square)).toBeLessThan(2.5);
    },
  );

  it("velocity Verlet with 2 steps a record is found in noisy records that it made", async () => {
    const data = meetings(spring, apart, { sigma: 1e-5, substeps: 2 });
    const { integrator, substeps } = await train(data, { model: "spline" });
    expect({ integrator, substeps }).toEqual({ integrator: "velocity-verlet", substeps: 2 });
  });
});

describe("separations seen", () => {
  const even = (from: number, to: number) =>
    Array.from({ length: 400 }, (_, k) => from + ((to - from) * k) / 399);

  it("a gap inside is none of the ranges", () => {
    const sorted = Float64Array.from([...even(1, 2.02), ...even(2.2, 3)]);
    expect(separationRecord(sorted, [[1, 3]]).ranges).toEqual([
      [1, 2.02],
      [2.2, 3],
    ]);
  });

  it("few separations are no gaps", () => {
    const sorted = Float64Array.from({ length: 60 }, (_, k) => 1 + (k / 59) ** 2);
    expect(separationRecord(sorted, [[1, 2]]).ranges).toEqual([[1, 2]]);
  });
});
