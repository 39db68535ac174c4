import { decodeModel, encodeModel } from "@mclnn/models";
import { lennardJones, type PairPotential, pairwiseBySpecies } from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";
import { expect, it } from "vitest";
import { train, trainSpecies } from "../src/index.ts";
import { LIQUID_LAW, liquid } from "./liquid.ts";

/** Largest difference of V' over its root mean square, from where pairs are not rare to the cutoff. */
function slopeError(law: PairPotential, truth: PairPotential, from: number, to: number): number {
  let worst = 0;
  let squares = 0;
  const points = 400;
  for (let k = 0; k < points; k++) {
    const r = from + ((k + 0.5) / points) * (to - from);
    worst = Math.max(worst, Math.abs(law.slope(r) - truth.slope(r)));
    squares += truth.slope(r) ** 2;
  }
  return worst / Math.sqrt(squares / points);
}

const records = liquid();

it("four records of 108 particles in a box give V' within 1e-5, its end when it is told, and a model that keeps it", async () => {
  const { model, cutoff, trainLoss, reachedTarget, substeps } = await train(records, {
    model: "spline",
    cutoff: 2.2,
  });
  expect(substeps).toBe(5);
  expect(reachedTarget).toBe(true);
  expect(trainLoss).toBeLessThan(1e-16);
  expect(cutoff).toEqual({ value: 2.2, sd: null });
  expect(slopeError(model.pair, LIQUID_LAW, 0.96, 2.2)).toBeLessThan(1e-5);
  expect(model.pair.slope(2.21)).toBe(0);
  expect(model.pair.energy(2.2 - 1e-12)).toBeCloseTo(0, 10);
  const read = decodeModel(encodeModel(model));
  expect(read.kind === "spline" && read.pair.slope(1.5)).toBe(model.pair.slope(1.5));
  expect(read.kind === "spline" && read.pair.cutoff).toBe(2.2);
});

it("the cutoff is found within 1e-4 when it is not told", async () => {
  const { cutoff, model } = await train(records, { model: "spline" });
  expect(Math.abs((cutoff?.value ?? 0) - 2.2)).toBeLessThan(1e-4);
  expect(slopeError(model.pair, LIQUID_LAW, 0.96, 2.19)).toBeLessThan(1e-4);
});

it("a network is distilled from it, and ends where it does", async () => {
  const { model, networkError } = await train(records, { cutoff: 2.2 });
  expect(model.kind).toBe("mclnn");
  expect(networkError).toBeLessThan(3e-3);
  expect(model.pair.cutoff).toBe(2.2);
  expect(model.table.slope(2.3)).toBe(0);
  expect(model.table.energy(1.5)).toBeCloseTo(model.pair.energy(1.5), 8);
});

it("three laws of two species are learned together", async () => {
  const cut = (sigma: number, epsilon: number) =>
    withCutoff(lennardJones({ sigma, epsilon }), { cutoff: 2.2 });
  const laws = [cut(1, 1), cut(0.9, 1.5), cut(0.95, 0.5)] as const;
  const mixture = liquid({
    potential: pairwiseBySpecies([
      { species: [0, 0], pair: laws[0] },
      { species: [0, 1], pair: laws[1] },
      { species: [1, 1], pair: laws[2] },
    ]),
    species: (i) => (i % 4 === 0 ? 1 : 0),
    records: 8,
  });
  const { model } = await trainSpecies(mixture, { model: "spline", cutoff: 2.2 });
  const [aa, ab, bb] = model.laws.map((law) => law.model.pair);
  expect(slopeError(aa, laws[0], 0.97, 2.2)).toBeLessThan(5e-5);
  expect(slopeError(ab, laws[1], 0.9, 2.2)).toBeLessThan(5e-5);
  expect(slopeError(bb, laws[2], 1.05, 2.2)).toBeLessThan(2e-4);
});

it("what is not learned in a box is refused by name", async () => {
  const code = (options: object) =>
    train(records, options).catch((error) => `${error.code} ${error.argument}`);
  expect(await code({ model: "lnn" })).toBe("periodic-box model");
  expect(await code({ optimizer: "adam" })).toBe("periodic-box optimizer");
  expect(await code({ terms: ["pair", "drag"] })).toBe("periodic-box terms");
  expect(await code({ cutoff: 2.6 })).toBe("bad-cutoff cutoff");
  expect(await code({ cutoff: -1 })).toBe("bad-cutoff cutoff");
  const sparse = liquid({ stride: 60, dt: 0.004, records: 3, warm: 100 });
  await expect(train(sparse, { model: "spline", cutoff: 2.2 })).rejects.toMatchObject({
    code: "records-too-far-apart",
    mend: expect.stringMatching(
      /Write records 6 times as often: every 10 steps instead of every 60/,
    ),
  });
  const { velocities: _, ...alone } = records;
  await expect(train(alone)).rejects.toMatchObject({ code: "missing-velocities" });
  const box = Float64Array.from({ length: 36 }, (_, k) => records.box?.[k % 9] ?? 0);
  await expect(train({ ...records, box })).rejects.toMatchObject({ code: "bad-box" });
});
