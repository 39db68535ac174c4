import {
  addPositionNoise,
  dropVelocities,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { createState, createSystem, type PairPotential, pairwise, yukawa } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { train, trainSpecies } from "../src/index.ts";

const pair = yukawa({ strength: 1, range: 2 });

/** Records of some bodies on a ring, masses from 1 to 2. */
function records(
  particles: number,
  {
    sigma = 1e-3,
    law = pair,
    dimension = 2,
    stride = 10,
  }: { sigma?: number; law?: PairPotential; dimension?: 2 | 3; stride?: number } = {},
): TrajectorySet {
  const masses = Array.from({ length: particles }, (_, i) => 1 + i / particles);
  const radius = 0.7 / Math.sin(Math.PI / particles);
  const around = (length: number, turned: number) =>
    masses.map((_, i) => {
      const angle = (2 * Math.PI * i) / particles + turned;
      return [length * Math.cos(angle), length * Math.sin(angle), 0].slice(0, dimension);
    });
  const start = createState(
    { positions: around(radius, 0), velocities: around(0.3, Math.PI / 2) },
    { dimension },
  );
  const system = createSystem({ masses, dimension, potential: pairwise(law) });
  const made = generateTrajectories({
    ...{ system, start, seed: particles, trajectories: 8, records: 15, scheme: "random", stride },
  });
  if (sigma === 0) return made;
  const plain = { ...made, provenance: {} };
  return addPositionNoise(dropVelocities(plain), { sigma, seed: particles });
}

/** Separations that all of these sets have seen. */
const SEEN = [1.25, 2.5] as const;

/** Mean error of V' and root mean square of error over bar, over some separations. */
function against(
  {
    pair: { slope },
    slopeDeviation,
  }: { pair: { slope(r: number): number }; slopeDeviation?: (r: number) => number },
  from: number,
  to: number,
): { error: number; bars: number } {
  let [error, squares] = [0, 0];
  const n = 40;
  for (let k = 0; k < n; k++) {
    const r = from + ((k + 0.5) / n) * (to - from);
    const off = Math.abs(slope(r) - pair.slope(r));
    error += off / n;
    squares += (off / (slopeDeviation?.(r) as number)) ** 2 / n;
  }
  return { error, bars: Math.sqrt(squares) };
}

describe("several sets in one training", { timeout: 60_000 }, () => {
  it("3 and 5 bodies, masses and times of their own: one law inside its bars, better than either", async () => {
    const sets = [records(3), records(5, { stride: 12 })];
    const together = await train(sets, { model: "spline" });
    const alone = await Promise.all(sets.map((set) => train(set, { model: "spline" })));
    const { error, bars } = against(together.model, ...SEEN);
    const errors = alone.map(({ model }) => against(model, ...SEEN).error);
    expect(bars).toBeLessThan(2);
    // Where both have seen enough, errors of one realisation differ by chance: see the mean.
    expect(error).toBeLessThan((errors[0] + errors[1]) / 2);
    const bar = ({ model }: typeof together) =>
      [0.1, 0.3, 0.5, 0.7, 0.9].reduce(
        (sum, x) => sum + (model.slopeDeviation?.(SEEN[0] + x * (SEEN[1] - SEEN[0])) as number),
        0,
      );
    expect(bar(together)).toBeLessThan(Math.min(...alone.map(bar)));
    expect(together.findings).toEqual([]);
    expect(together.model.record).toMatchObject({ sets: 2, trajectories: 16 });
  });

  it("exact sets, and the network that follows them; phases say the set", async () => {
    const phases = new Set<string>();
    const { model, findings } = await train([records(3, { sigma: 0 }), records(4, { sigma: 0 })], {
      until: 1e-10,
      onProgress: ({ phase }) => phases.add(phase.slice(0, 12)),
    });
    expect(findings).toEqual([]);
    expect(model.kind).toBe("mclnn");
    expect(against(model, ...SEEN).error).toBeLessThan(1e-3);
    expect(phases).toContain("set 2 of 2: ");
  });

  it("a set of another law is named", async () => {
    const other = records(4, { sigma: 0, law: yukawa({ strength: 1.1, range: 2 }) });
    const { findings } = await train([records(3, { sigma: 0 }), other], { model: "spline" });
    expect(findings.map(({ kind }) => kind)).toContain("sets-differ");
  });

  it("one set in a list is that set; none, other dimensions and other species are refused by name", async () => {
    const set = records(3, { sigma: 0 });
    const one = await train([set], { model: "spline" });
    expect(one.trainLoss).toBe((await train(set, { model: "spline" })).trainLoss);
    const refused = (code: string, argument: string) => expect.objectContaining({ code, argument });
    await expect(train([])).rejects.toThrow(refused("bad-argument", "data"));
    await expect(train([set, records(3, { dimension: 3 })])).rejects.toThrow(
      refused("sets-differ", "data[1].dimension"),
    );
    const of = (...kinds: number[]) => ({ ...set, species: Int32Array.from(kinds) });
    await expect(trainSpecies([of(0, 0, 1), of(0, 1, 2)])).rejects.toThrow(
      refused("sets-differ", "data[1].species"),
    );
    await expect(train([set, set], { optimizer: "adam" })).rejects.toThrow(
      refused("conflicting-options", "optimizer"),
    );
  });
});
