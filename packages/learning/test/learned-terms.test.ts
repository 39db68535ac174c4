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
import { createTerm, type TermAt, termByName, termForce, terms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { type TermResult, type TrainOptions, train } from "../src/index.ts";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));
const MASSES = [1, 2, 1.5];
const SPECIES = Int32Array.of(0, 1, 1);

/** Three bodies on springs, and what else acts. */
function records(
  beside: Force,
  { trajectories = 12, records = 12, species }: Partial<TrajectorySet> = {},
): TrajectorySet {
  const system = createSystem({
    masses: MASSES,
    ...(species !== undefined && { species }),
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

/** Knots that the truth has, finer than those it is learned with, about what the records visit. */
const FINE = Array.from({ length: 25 }, (_, k) => -3 + k / 4);
const SEPARATIONS = FINE.filter((x) => x >= 0);
/** A curve's coefficients from its values: at the knots' own places they are these to second order, which is as good a curve as any. */
const curve = (knots: readonly number[], f: (x: number) => number): number[] => {
  const all = [knots[0], knots[0], ...knots, knots.at(-1), knots.at(-1)] as number[];
  return Array.from({ length: knots.length + 2 }, (_, i) =>
    f(((all[i] as number) + (all[i + 1] as number) + (all[i + 2] as number)) / 3),
  );
};
const fading = (r: number): number => 0.4 * Math.exp(-r);
const between = (name: string, more = {}): TermAt => ({
  spec: { name, knots: SEPARATIONS, ...more },
  coefficients: curve(SEPARATIONS, fading),
});
const constant = (name: string, ...coefficients: number[]): TermAt => ({
  spec: { name },
  coefficients,
});

/** Every term of the catalogue, large enough to be seen. */
const TRUTHS: readonly TermAt[] = [
  constant("field", 0.3, -0.5),
  constant("trap", 0.4, 0.08, -0.12),
  constant("linear", 0.5, 0.1, 0.3, 0.1, -0.2),
  constant("curl", 0.3),
  {
    spec: { name: "axis", along: "y", knots: FINE },
    coefficients: curve(FINE, (y) => 0.5 * Math.sin(y)),
  },
  {
    spec: { name: "radial", knots: SEPARATIONS, centre: [0.3, 0.1] },
    coefficients: [...curve(SEPARATIONS, (r) => 0.6 * r * Math.exp(-r / 2)), 0, 0],
  },
  constant("drag", 0.2),
  constant("quadratic-drag", 0.3),
  {
    spec: { name: "general-drag", knots: SEPARATIONS },
    coefficients: curve(SEPARATIONS, (v) => 0.5 / (1 + v * v)),
  },
  constant("anisotropic-drag", 0.3, 0.05, 0.1),
  constant("flow", 0.4, 0.3, -0.2, 1),
  constant("magnetic", 0.5),
  constant("coriolis", 0.3),
  between("pair-friction"),
  between("transverse-friction"),
  between("chiral"),
  between("non-reciprocal", { species: [0, 1] }),
  between("drift"),
  {
    spec: { name: "three-body", knots: [0.2, 1.2, 2.4], angles: 2 },
    coefficients: [0.1, 0.3, -0.2, 0.2, 0.3, 0.1],
  },
];

/** Of terms that nobody asks for by themselves one of each make: a curve of one body, of pairs, and what is not linear in its coefficients. */
const SHOWN = ["general-drag", "pair-friction", "radial"];

it("has a truth for every force of the catalogue", () => {
  // What changes kinetic energies is tried in kinetic.test.ts.
  const forces = terms.filter(({ family }) => family !== "kinetic");
  expect(TRUTHS.map(({ spec }) => spec.name)).toEqual(forces.map(({ name }) => name));
});

describe.each(TRUTHS.map((truth) => ({ truth, name: truth.spec.name })))(
  "$name",
  ({ truth, name }) => {
    const bodies = { masses: Float64Array.from(MASSES), species: SPECIES, dimension: 2 } as const;
    const term = createTerm(truth.spec, bodies);
    const exact = term
      .constants(Float64Array.from(truth.coefficients))
      .flatMap(({ value }) => value);
    const { finding } = termByName(name);
    const data = records(termForce(truth), {
      ...(truth.spec.species !== undefined && { species: SPECIES }),
      // Those that nobody asks for by themselves are tried on fewer records: trainings are dear.
      ...(finding === null && { trajectories: 6 }),
    });
    // A function of several numbers has many coefficients: it is tried on knots of its own.
    const asked = term.small
      ? truth.spec
      : { ...(truth.spec.along !== undefined && { along: truth.spec.along }), name };
    const curved = term.curves !== undefined || term.small === true;

    it("is learned beside the pair law, kept in a model file, and simulated from there", async () => {
      const { model, ...result } = await train(data, { model: "spline", terms: ["pair", asked] });
      // A curve is as good as its knots.
      expect(result.trainLoss).toBeLessThan(curved ? 1e-10 : 1e-14);
      flat(found(result.terms, name), "value").forEach((value, k) => {
        // A force that has nothing of the law drifts at no rate of it.
        if (name !== "drift") expect(value).toBeCloseTo(exact[k] as number, curved ? 3 : 6);
      });
      const back = decodeModel(encodeModel(model));
      const at = 4 * 6;
      const [q, v] = [data.positions, data.velocities as Float64Array].map((x) =>
        x.slice(at, at + 6),
      ) as [Float64Array, Float64Array];
      const [own, true_] = [new Float64Array(6), new Float64Array(6)];
      const time = data.times[4] as number;
      back.potential.addForces(bodies, q, own, v, time);
      sumOfForces(SPRING, termForce(truth)).addForces(bodies, q, true_, v, time);
      own.forEach((f, k) => {
        expect(f).toBeCloseTo(true_[k] as number, curved ? 2 : 4);
      });
    });

    it.skipIf(finding === null && !SHOWN.includes(name))(
      "has error bars from noisy positions without velocities",
      async () => {
        const result = await train(noisy(data), { model: "spline", terms: ["pair", asked] });
        const own = found(result.terms, name);
        const deviations = flat(own, "sd");
        flat(own, "value").forEach((value, k) => {
          const sd = deviations[k] as number;
          expect(sd).toBeGreaterThan(0);
          expect(Math.abs(value - (exact[k] as number))).toBeLessThan(5 * sd);
        });
        expect(result.model.terms?.[0]?.covariance).not.toBeNull();
        expect(result.findings).toEqual([]);
      },
    );

    it.skipIf(finding === null)("is a finding where it is left out", async () => {
      const { findings } = await train(noisy(data), { model: "spline", terms: ["pair"] });
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
  ["adam", 600, 0.05],
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
