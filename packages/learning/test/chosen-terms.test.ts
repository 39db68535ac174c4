import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { dormandPrince } from "@mclnn/integrators";
import { createState, createSystem, type Force, pairwise, sumOfForces } from "@mclnn/physics";
import { linearDrag, uniformField } from "@mclnn/physics/forces";
import { parseFormula } from "@mclnn/physics/potentials";
import { termForce } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { type TrainResult, train } from "../src/index.ts";
import { type Offer, select } from "../src/selection/select.ts";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));

/** Three bodies on springs, and what else acts, by a method that no fit uses. */
function records(...beside: readonly Force[]): TrajectorySet {
  return generateTrajectories({
    system: createSystem({
      masses: [1, 1, 1],
      dimension: 2,
      potential: beside.length === 0 ? SPRING : sumOfForces(SPRING, ...beside),
    }),
    start: createState(
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
    ),
    integrator: dormandPrince({ relativeTolerance: 1e-12, absoluteTolerance: 1e-13 }),
    ...{ trajectories: 6, records: 15, dt: 0.1, stride: 1, scheme: "random" },
  });
}

/** No word of how they were made, and noise on positions alone. */
function noisy(set: TrajectorySet): TrajectorySet {
  const { velocities: _, ...positions } = addPositionNoise(set, { sigma: 1e-3, seed: 5 });
  return { ...positions, provenance: {} };
}

const chosen = ({ terms: all = [] }: Pick<TrainResult, "terms">): string[] =>
  all.map(({ name, status }) => (status === "found" ? name : `${name} (${status})`)).sort();

const MIXED = [
  linearDrag({ coefficient: 0.2 }),
  termForce({ spec: { name: "magnetic" }, coefficients: [0.5] }),
];

describe("terms chosen by evidence", () => {
  it("are those that act, in exact records", async () => {
    // A trap in a turning frame could be the same.
    const set = { ...records(uniformField([0.3, -0.5]), ...MIXED), provenance: {} };
    const result = await train(set, { model: "spline", terms: "auto" });
    expect(chosen(result)).toEqual(["drag", "field", "magnetic", "pair (told)"]);
    expect(result.trainLoss).toBeLessThan(1e-14);
    expect(result.findings).toEqual([]);
  });

  it("are those that act, in noisy positions without velocities", async () => {
    const result = await train(noisy(records(...MIXED)), { model: "spline", terms: "auto" });
    expect(chosen(result)).toEqual(["drag", "magnetic", "pair (told)"]);
    for (const [name, truth] of [
      ["drag", 0.2],
      ["magnetic", 0.5],
    ] as const) {
      const term = result.terms?.find((each) => each.name === name);
      expect(term?.gain).toBeGreaterThan(10);
      const [{ value, sd }] = (term?.constants ?? []) as readonly { value: number; sd: number }[];
      expect(Math.abs(value - truth)).toBeLessThan(4 * sd);
    }
    expect(result.findings).toEqual([]);
    const names = result.notSeen?.map(({ name }) => name);
    expect(names).toContain("field");
    expect(names).not.toContain("drag");
  });

  it("are none where pairs are all there is, and the law has the bits that it has without the choice", async () => {
    const set = noisy(records());
    const result = await train(set, { model: "spline", terms: "auto" });
    expect(chosen(result)).toEqual(["pair (told)"]);
    const alone = await train(set, { model: "spline", terms: ["pair"] });
    expect(result.model.coefficients).toEqual(alone.model.coefficients);
    expect(result.notSeen?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["field", "trap", "drag", "magnetic"]),
    );
    for (const { limit } of result.notSeen ?? []) expect(limit).toBeLessThan(0.1);
  });
});

describe("selection on normal equations", () => {
  const bar = { gain: 10, share: 0, keeps: 0 };
  const offer = (first: number, rung = 0, family = "outside"): Offer => ({
    ...{ first, size: 1, roughness: Float64Array.of(1), family, rung },
  });
  /** A law of one coefficient and two on offer, of unit curvature, that pull on the data by so much. */
  const quadratic = (...pulls: readonly number[]) => ({
    metric: Float64Array.of(100, 0, 0, 0, 100, 0, 0, 0, 100),
    gradient: Float64Array.from([0, ...pulls], (x) => -x),
    sum: 1000,
    resolution: 0,
    degreesOfFreedom: 1000,
    at: new Float64Array(3),
    law: 1,
    prior: null,
  });
  const choose = (
    pulls: readonly number[],
    offers: readonly Offer[],
    parts = () => [] as never[],
  ) => [...(select(quadratic(...pulls), offers, [], { bar, parts })?.chosen.keys() ?? [])];

  it("takes what brings enough, most first", () => {
    const [a, b] = [offer(1), offer(2, 0, "drag")];
    expect(choose([80, 120], [a, b])).toEqual([b, a]);
    expect(choose([80, 20], [a, b])).toEqual([a]);
  });

  it("prefers the simple one of a family where it does as well", () => {
    const [simple, general] = [offer(1), offer(2, 2)];
    expect(choose([90, 100], [simple, general])).toEqual([simple, general]);
    expect(choose([20, 100], [simple, general])).toEqual([general]);
  });

  it("takes one for two that it does as well as", () => {
    const [a, b] = [offer(1), offer(2, 0, "drag")];
    const both = { ...offer(3, 0, "velocity") };
    const q = quadratic(0, 0);
    const pulls = [80, 80];
    // The third does to the records what the first two do together.
    const metric = Float64Array.of(100, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 2);
    const of = {
      ...q,
      metric,
      gradient: Float64Array.from([0, ...pulls, pulls[0] + pulls[1]], (x) => -x),
      sum: 20000,
      at: new Float64Array(4),
    };
    const chosen = (offers: readonly Offer[], before: readonly Offer[] = []) => [
      ...(select(of, offers, before, { bar, parts: () => [] })?.chosen.keys() ?? []),
    ];
    expect(chosen([a, b])).toEqual([a, b]);
    expect(chosen([a, b, both], [a, b])).toEqual([both]);
  });

  it("leaves alone what only one part of the records asks for", () => {
    const part = (pull: number) => ({
      metric: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      gradient: Float64Array.of(0, -pull, 0),
    });
    const [a] = [offer(1)];
    const offers = [a, offer(2)];
    const by = (...pulls: readonly number[]) => [
      ...(select(quadratic(80, 0), offers, [], {
        bar,
        parts: () => pulls.map(part),
      })?.chosen.keys() ?? []),
    ];
    expect(by(20, 20, 20, 20)).toEqual([a]);
    expect(by(80, 0, 0, 0)).toEqual([]);
  });
});
