import { createRandom, type TrajectorySet } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";
import { resolvedWindows } from "../src/records/resolved-windows.ts";
import { arrange } from "../src/records/training-data.ts";

const CHARGES = [1, 1, 1, -1, -1];
const PARTICLES = CHARGES.length;
const SIZE = 3 * PARTICLES;
const RECORDS = 40;
const SPACING = 0.1;
const STEPS = 200;

/** Charges that fall towards each other and fly by between the records, by small steps. */
function charges(trajectories: number): TrajectorySet {
  const random = createRandom(5);
  const positions: number[] = [];
  const h = SPACING / STEPS;
  const push = (x: Float64Array): Float64Array => {
    const a = new Float64Array(SIZE);
    for (let i = 0; i < PARTICLES; i++)
      for (let j = 0; j < i; j++) {
        const d = [0, 1, 2].map((c) => (x[3 * i + c] as number) - (x[3 * j + c] as number));
        const f = ((CHARGES[i] as number) * (CHARGES[j] as number)) / Math.hypot(...d) ** 3;
        d.forEach((e, c) => {
          a[3 * i + c] = (a[3 * i + c] as number) + f * e;
          a[3 * j + c] = (a[3 * j + c] as number) - f * e;
        });
      }
    return a;
  };
  for (let t = 0; t < trajectories; t++) {
    const x = Float64Array.from({ length: SIZE }, () => 1.2 * random.normal());
    const v = Float64Array.from({ length: SIZE }, () => 0.3 * random.normal());
    let a = push(x);
    for (let k = 0; k < RECORDS * STEPS; k++) {
      if (k % STEPS === 0) positions.push(...x);
      for (let c = 0; c < SIZE; c++) {
        v[c] = (v[c] as number) + (h / 2) * (a[c] as number);
        x[c] = (x[c] as number) + h * (v[c] as number);
      }
      a = push(x);
      for (let c = 0; c < SIZE; c++) v[c] = (v[c] as number) + (h / 2) * (a[c] as number);
    }
  }
  return {
    ...{ trajectories, records: RECORDS, particles: PARTICLES, dimension: 3 },
    positions: Float64Array.from(positions),
    times: Float64Array.from({ length: RECORDS }, (_, k) => k * SPACING),
    masses: new Float64Array(PARTICLES).fill(1),
    provenance: {},
  };
}

const unlabelled = charges(5);
const told = { ...unlabelled, charges: Float64Array.from(CHARGES) };

describe("close encounters in every trajectory", { timeout: 120_000 }, () => {
  it("windows hold the records between them", () => {
    const data = arrange(told, { coupling: "charge-product", needVelocities: false });
    const { lengths, left, first } = resolvedWindows(data) ?? { lengths: [] };
    expect(lengths.map(({ records }) => records)).toEqual(
      lengths.map(({ records }) => records).toSorted((a, b) => b - a),
    );
    expect(lengths.at(-1)?.records).toBe(7);
    expect(left).toBeGreaterThan(0.1);
    expect(first?.record).toBeLessThan(RECORDS);
  });

  it("the law, where charges are told: within 1e-3 away from the encounters", async () => {
    const { model, findings } = await train(told, { model: "spline", coupling: "charge-product" });
    expect(findings.map(({ kind }) => kind)).toEqual(["sparse-records"]);
    expect(findings[0]?.text).toMatch(/windows of \d+ records/);
    for (const r of [2, 3, 4]) expect(Math.abs(model.pair.slope(r) * r * r + 1)).toBeLessThan(1e-3);
  });

  it("two kinds, where they are not: never that no force is seen", async () => {
    const { findings, noise } = await train(unlabelled, { model: "spline" });
    expect(findings.map(({ kind }) => kind)).toEqual(["groups"]);
    expect(findings[0]?.text).toMatch(/particles (3, 4 and 0, 1, 2|0, 1, 2 and 3, 4) /);
    expect(noise).toBeNull();
  });
});
