import { addPositionNoise, generateTrajectories, type TrajectorySet } from "@mclnn/datasets";
import { decodeModel, encodeModel } from "@mclnn/models";
import { createState, createSystem, pairwise, sumOfForces } from "@mclnn/physics";
import { parseFormula } from "@mclnn/physics/potentials";
import { reportCurve, type TermAt, termForce } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { train } from "../src/index.ts";

const SPRING = pairwise(parseFormula("0.5*(r-1)^2"));

/** Three bodies of equal masses on springs. */
function records(kinetic: TermAt, trajectories: number): TrajectorySet {
  const system = createSystem({
    masses: [1, 1, 1],
    dimension: 2,
    potential: sumOfForces(SPRING, termForce(kinetic)),
  });
  const start = createState(
    {
      positions: [
        [0, 0],
        [1.3, 0],
        [0.2, 1.1],
      ],
      velocities: [
        [0, 0.6],
        [0.1, -0.4],
        [0.5, 0],
      ],
    },
    { dimension: 2 },
  );
  return generateTrajectories({
    ...{ system, start, trajectories, records: 12, dt: 0.02, stride: 5, scheme: "random" },
  });
}

// B = 0.3 |v|^2, and one that is 0 from 0.9 on, as far as bodies come.
const SPEED: TermAt = {
  spec: { name: "kinetic-speed", knots: [0, 2] },
  coefficients: [0.4, 0.8, 1.2],
};
const PLACE: TermAt = {
  spec: { name: "kinetic-place", knots: [0, 0.9] },
  coefficients: [0.5, 0.1],
};

describe.each([
  [SPEED, "auto", "found"],
  [PLACE, ["pair", "kinetic-place"], "told"],
] as const)("%j by terms %j", (truth, asked, status) => {
  const { name } = truth.spec;
  const data = addPositionNoise(records(truth, 5), { sigma: 1e-4, seed: 5 });

  it(`is ${status}, within its error bars, and is in the model file`, {
    timeout: 60_000,
  }, async () => {
    const { model, terms = [] } = await train(data, { model: "spline", terms: asked });
    expect(terms.map((term) => [term.name, term.status])).toEqual([
      ["pair", "told"],
      [name, status],
    ]);
    const [own] = decodeModel(encodeModel(model)).terms ?? [];
    if (own === undefined) throw new Error("no term");
    const where = { from: 0.3, to: 0.8, points: 6 };
    const { value, sd } = reportCurve(own, own.covariance, where);
    const expected = reportCurve(truth, null, where).value;
    value.forEach((b, k) => {
      expect(Math.abs(b - (expected[k] as number))).toBeLessThan(5 * (sd[k] as number) + 0.005);
      expect(sd[k]).toBeLessThan(0.02);
    });
  });
});
