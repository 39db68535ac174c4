import { addPositionNoise, createRandom, type TrajectorySet } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { centreOfMassTest } from "../src/findings/centre-of-mass.ts";
import { tail } from "../src/findings/chi-squared.ts";
import { createTrainingData } from "../src/records/training-data.ts";

const SIGMA = 1e-3;
const MASSES = [1, 2, 0.5];

/** Particles that go round their centre of mass, which itself moves as `centre` says. */
function moving(
  centre: (t: number, trajectory: number, axis: number) => number,
  seed: number,
): TrajectorySet {
  const [trajectories, records, particles, dimension] = [20, 20, 3, 2] as const;
  const random = createRandom(seed);
  const times = Float64Array.from({ length: records }, (_, k) => 0.1 * k);
  const positions = new Float64Array(trajectories * records * particles * dimension);
  const total = MASSES.reduce((a, b) => a + b);
  for (let t = 0; t < trajectories; t++) {
    const own = Array.from({ length: particles * dimension }, () => [
      random.normal(),
      3 * random.uniform(),
    ]);
    for (let k = 0; k < records; k++)
      for (let axis = 0; axis < dimension; axis++) {
        const x = MASSES.map((_, i) => {
          const [phase = 0, rate = 0] = own[i * dimension + axis] ?? [];
          return Math.cos(phase + rate * (times[k] as number));
        });
        const mean = x.reduce((sum, q, i) => sum + (MASSES[i] as number) * q, 0) / total;
        x.forEach((q, i) => {
          positions[((t * records + k) * particles + i) * dimension + axis] =
            q - mean + centre(times[k] as number, t, axis);
        });
      }
  }
  const set: TrajectorySet = {
    trajectories,
    records,
    particles,
    dimension,
    times,
    masses: Float64Array.from(MASSES),
    positions,
    provenance: {},
  };
  return addPositionNoise(set, { sigma: SIGMA, seed: seed + 1000 });
}

const probability = (set: TrajectorySet): number => {
  const data = createTrainingData(set, { coupling: "none", needVelocities: false });
  const { chiSquared, freedom } = centreOfMassTest(data, SIGMA ** 2) as NonNullable<
    ReturnType<typeof centreOfMassTest>
  >;
  return tail(chiSquared, freedom);
};

describe("the path of the centre of mass", () => {
  const straight = (t: number, trajectory: number): number => 0.3 * trajectory + 0.2 * t;

  it("straight: chi-squared as of noise in 100 sets (quarters of its probability, 25 +- 15 each)", () => {
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 100; seed++) {
      const quarter = Math.min(3, Math.floor(4 * probability(moving(straight, seed))));
      counts[quarter] = (counts[quarter] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 25)).toBeLessThan(15);
  });

  it.each([
    [
      "a uniform field",
      (t: number, n: number, axis: number) => straight(t, n) + 0.1 * axis * t * t,
    ],
    ["drag", (t: number, n: number) => 0.3 * n + 0.2 * n * (1 - Math.exp(-0.1 * t))],
    ["a trap", (t: number, n: number) => n * Math.cos(0.2 * t)],
    [
      "a magnetic field",
      (t: number, n: number, axis: number) =>
        axis === 0 ? n * Math.cos(0.1 * t) : -n * Math.sin(0.1 * t),
    ],
  ])("bent by %s: explained", (_, centre) => {
    expect(probability(moving(centre, 7))).toBeGreaterThan(1e-3);
  });

  it("with other masses than those given: explained", () => {
    const set = moving(straight, 3);
    const masses = Float64Array.of(1, 1, 1);
    expect(probability({ ...set, masses })).toBeGreaterThan(1e-3);
  });

  it("bent in each trajectory in another way, as by a body that was not recorded: not explained", () => {
    const pulled = (t: number, n: number, axis: number): number =>
      straight(t, n) + 0.01 * Math.sin(n + axis) * t * t;
    expect(probability(moving(pulled, 3))).toBeLessThan(1e-6);
  });
});
