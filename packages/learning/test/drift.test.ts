import {
  addPositionNoise,
  addVelocityNoise,
  generateTrajectories,
  type TrajectorySet,
} from "@mclnn/datasets";
import { decodeModel, encodeModel } from "@mclnn/models";
import { createState, createSystem, type Force } from "@mclnn/physics";
import { describe, expect, it } from "vitest";
import { type TermResult, train } from "../src/index.ts";

const MASSES = [1, 2, 1.5];
const RATE = -0.1;
/** The spring, weaker by a tenth of what it is at `since` in each unit of time, written out. */
const fading = (since: number, coupled: boolean): Force => ({
  name: "a spring that fades",
  reads: "positions-and-time",
  conserves: { energy: false, linearMomentum: true, angularMomentum: true },
  addForces(bodies, q, out, _, time) {
    for (let i = 0; i < MASSES.length; i++)
      for (let j = 0; j < i; j++) {
        const d = [0, 1].map((a) => (q[2 * i + a] as number) - (q[2 * j + a] as number));
        const r = Math.hypot(...d);
        const w = coupled ? (bodies.masses[i] as number) * (bodies.masses[j] as number) : 1;
        const f = (w * (1 + RATE * ((time as number) - since)) * (r - 1)) / r;
        d.forEach((x, a) => {
          out[2 * i + a] = (out[2 * i + a] as number) - f * x;
          out[2 * j + a] = (out[2 * j + a] as number) + f * x;
        });
      }
  },
});

function records(trajectories: number, coupled = false, since = 0): TrajectorySet {
  const system = createSystem({ masses: MASSES, dimension: 2, potential: fading(0, coupled) });
  const positions = [
    [0, 0],
    [1.3, 0],
    [0.2, 1.1],
  ];
  const velocities = [
    [0, 0.4],
    [0.1, -0.2],
    [0.3, 0],
  ];
  const start = createState({ positions, velocities }, { dimension: 2 });
  const set = generateTrajectories({
    ...{ system, start, trajectories, records: 16, dt: 0.02, stride: 5, scheme: "random" },
  });
  return { ...set, times: set.times.map((t) => t + since) };
}

const rateOf = (terms: readonly TermResult[] | undefined): { value: number; sd: number } =>
  terms?.find(({ name }) => name === "drift")?.constants[0] as { value: number; sd: number };

describe("a law whose coupling drifts", () => {
  it("is called drift, and nothing else, with its rate to a fifth and within 3 error bars", async () => {
    const sigma = 3e-4;
    const set = addVelocityNoise(addPositionNoise(records(5), { sigma, seed: 3 }), {
      sigma,
      seed: 4,
    });
    const { terms } = await train(set, { model: "spline" });
    expect(terms?.map(({ name, status }) => [name, status])).toEqual([
      ["pair", "told"],
      ["drift", "found"],
    ]);
    const { value, sd } = rateOf(terms);
    expect(sd).toBeLessThan(0.2 * -RATE);
    expect(Math.abs(value - RATE)).toBeLessThan(3 * sd);
  });

  it.each([
    ["forces that go with the product of the masses", true, 0],
    ["records that begin at another time than 0", false, 5],
  ])("is exact from exact records: %s", async (_, coupled, since) => {
    const set = records(8, coupled, since);
    const coupling = coupled ? "mass-product" : "none";
    const { terms, model } = await train(set, {
      model: "spline",
      terms: ["pair", "drift"],
      coupling,
    });
    expect(rateOf(terms).value).toBeCloseTo(RATE, 4);
    const back = decodeModel(encodeModel(model));
    expect(back.potential.reads).toBe("positions-and-time");
    expect(back.potential.energy).toBe(undefined);
    const system = { masses: Float64Array.from(MASSES), dimension: 2 } as const;
    const q = set.positions.slice(0, 6);
    const [own, true_] = [new Float64Array(6), new Float64Array(6)];
    back.potential.addForces(system, q, own, undefined, since + 1);
    fading(since, coupled).addForces(system, q, true_, undefined, since + 1);
    own.forEach((f, k) => {
      expect(f).toBeCloseTo(true_[k] as number, 3);
    });
  });
});
