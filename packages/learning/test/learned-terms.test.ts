import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { decodeModel, encodeModel } from "@mclnn/models";
import {
  createState,
  createSystem,
  type Force,
  isMclnnError,
  pairwise,
  sumOfForces,
} from "@mclnn/physics";
import { linearDrag, uniformField } from "@mclnn/physics/forces";
import { parseFormula } from "@mclnn/physics/potentials";
import { createTerm, type TermSpec, termForce, terms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { type TermResult, type TrainOptions, train } from "../src/index.ts";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));
const MASSES = [1, 2, 1.5];

/** Three bodies on springs, and what else acts. */
function records(beside: Force, { trajectories = 12, records = 12 } = {}): TrajectorySet {
  const system = createSystem({
    masses: MASSES,
    dimension: 2,
    potential: sumOfForces(SPRING, beside),
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
  return generateTrajectories({
    ...{ system, start, trajectories, records, dt: 0.02, stride: 5, scheme: "random" },
  });
}

const noisy = (set: TrajectorySet): TrajectorySet => {
  const { velocities: _, ...positions } = addPositionNoise(set, { sigma: 1e-4, seed: 5 });
  return positions;
};

/** Constants one after another. */
const flat = ({ constants }: TermResult, key: "value" | "sd"): number[] =>
  constants.flatMap((constant) => constant[key] as number | number[]);

const found = (all: readonly TermResult[] | undefined, name: string): TermResult =>
  all?.find((each) => each.name === name) as TermResult;

/** Coefficients of every term of the catalogue, large enough to be seen. */
const COEFFICIENTS: Readonly<Record<string, readonly number[]>> = {
  field: [0.3, -0.5],
  trap: [0.4, 0.08, -0.12],
  drag: [0.2],
  "quadratic-drag": [0.3],
  magnetic: [0.5],
};

describe.each(terms.map(({ name, finding }) => ({ name, finding })))(
  "$name",
  ({ name, finding }) => {
    const spec: TermSpec = { name };
    const coefficients = COEFFICIENTS[name] ?? [];
    const bodies = { masses: Float64Array.from(MASSES), dimension: 2 } as const;
    const exact = createTerm(spec, bodies)
      .constants(Float64Array.from(coefficients))
      .flatMap(({ value }) => value);
    const data = records(termForce({ spec, coefficients }));

    it("is learned beside the pair law, kept in a model file, and simulated from there", async () => {
      const { model, ...result } = await train(data, { model: "spline", terms: ["pair", name] });
      expect(result.trainLoss).toBeLessThan(1e-14);
      flat(found(result.terms, name), "value").forEach((value, k) => {
        expect(value).toBeCloseTo(exact[k] as number, 6);
      });
      const back = decodeModel(encodeModel(model));
      const [q, v] = [data.positions.slice(0, 6), (data.velocities as Float64Array).slice(0, 6)];
      const [own, true_] = [new Float64Array(6), new Float64Array(6)];
      back.potential.addForces(bodies, q, own, v);
      sumOfForces(SPRING, termForce({ spec, coefficients })).addForces(bodies, q, true_, v);
      own.forEach((f, k) => {
        expect(f).toBeCloseTo(true_[k] as number, 4);
      });
    });

    it("has error bars from noisy positions without velocities", async () => {
      const result = await train(noisy(data), { model: "spline", terms: ["pair", name] });
      const term = found(result.terms, name);
      const deviations = flat(term, "sd");
      flat(term, "value").forEach((value, k) => {
        const sd = deviations[k] as number;
        expect(sd).toBeGreaterThan(0);
        expect(Math.abs(value - (exact[k] as number))).toBeLessThan(5 * sd);
      });
      expect(result.findings).toEqual([]);
    });

    it.skipIf(finding === null)("is a finding where it is left out", async () => {
      const { findings } = await train(noisy(data), { model: "spline" });
      expect(findings.map(({ kind }) => kind)).toContain(finding?.kind);
    });
  },
);

describe("terms that are given", () => {
  const data = records(
    sumOfForces(uniformField([0, -9.81]), linearDrag({ coefficient: 0.2, coupling: "mass" })),
  );

  it("act where they are forces, and what is beside them is learned", async () => {
    const result = await train(data, {
      model: "spline",
      terms: ["pair", "drag"],
      known: [uniformField([0, -9.81])],
    });
    expect(flat(found(result.terms, "drag"), "value")[0]).toBeCloseTo(0.2, 6);
    expect(found(result.terms, "field").constants).toEqual([
      { name: "g", value: [0, -9.81], sd: null },
    ]);
  });

  it("are kept in the data's units, however far from one these are", async () => {
    const [length, time, mass] = [1e-9, 1e-12, 1e-26];
    const scaled: TrajectorySet = {
      ...data,
      masses: data.masses.map((m) => m * mass),
      times: data.times.map((t) => t * time),
      positions: data.positions.map((x) => x * length),
      velocities: (data.velocities as Float64Array).map((v) => (v * length) / time),
      provenance: {},
    };
    const result = await train(scaled, {
      model: "spline",
      integrator: "velocity-verlet",
      substeps: 5,
      terms: ["pair", "drag"],
      known: [uniformField([0, (-9.81 * length) / (time * time)])],
    });
    expect((flat(found(result.terms, "drag"), "value")[0] as number) * time).toBeCloseTo(0.2, 6);
  });
});

it.each([
  ["lbfgs", 300, 0.02],
  ["adam", 1500, 0.05],
] as const)(
  "%s learns a term beside the network, beside what is given",
  async (optimizer, epochs, within) => {
    const data = records(
      sumOfForces(uniformField([0, -0.5]), linearDrag({ coefficient: 0.2, coupling: "mass" })),
    );
    const { terms: all, model } = await train(data, {
      ...{ optimizer, epochs, learningRate: 1e-2 },
      terms: ["pair", "drag"],
      known: [uniformField([0, -0.5])],
      validation: data,
    });
    const [gamma] = flat(found(all, "drag"), "value");
    expect(Math.abs((gamma as number) - 0.2)).toBeLessThan(within);
    expect(found(all, "drag").constants[0]?.sd).toBe(null);
    expect(model.terms?.map(({ spec }) => spec.name)).toEqual(["drag", "field"]);
  },
);

it.each<[string, TrainOptions, string]>([
  ["no pair law", { terms: ["drag"] }, "terms"],
  ["a term twice", { terms: ["pair", "drag", "drag"] }, "terms"],
  ["a term that is none", { terms: ["pair", "drug"] }, "term"],
  [
    "too few constants",
    { known: [{ spec: { name: "field" }, coefficients: [1] }] },
    "known[0].coefficients",
  ],
  ["a force that no term makes", { known: [SPRING] }, "known[0]"],
  ["the baseline", { terms: ["pair", "drag"], model: "lnn" }, "terms"],
  ["masses", { terms: ["pair", "drag"], fitMasses: true }, "terms"],
])("refuses %s", async (_, options, argument) => {
  const error: unknown = await train(records(SPRING, { trajectories: 2 }), options).catch(
    (reason: unknown) => reason,
  );
  expect(isMclnnError(error) && error.argument).toBe(argument);
});
