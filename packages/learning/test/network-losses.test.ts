import { createTerms } from "@mclnn/physics/terms";
import { describe, expect, it } from "vitest";
import { EnergyNetwork } from "../../models/src/networks/energy-network.ts";
import { createRolloutScratch, rollPairs } from "../src/engine/pair-rollout.ts";
import { DirectRolloutLoss } from "../src/network/direct-rollout-loss.ts";
import { initialWeights } from "../src/network/initial-weights.ts";
import { networkCurve } from "../src/network/network-curve.ts";
import { TabulatedRolloutLoss } from "../src/network/rollout-loss.ts";
import { sortedSeparations } from "../src/records/training-data.ts";
import { givenStarts } from "../src/rollout/starts.ts";
import { buildBasis } from "../src/splines/knots.ts";
import { work } from "../src/wasm/work.ts";
import { directional, dot, randomProblem } from "./random-problem.ts";

describe.each([
  [2, 0],
  [3, 0.3],
] as const)(
  "losses of a network in %i dimensions, %f of the observations missing",
  (dimension, missing) => {
    const options = { particles: 3, dimension, missing, records: 3, stride: 2, trajectories: 5 };
    const { data, schedule, random } = randomProblem(6, options);
    const { cells } = buildBasis(sortedSeparations(data), { cells: 85 });
    const hidden = [5, 4];
    const weights = initialWeights(
      hidden,
      buildBasis(sortedSeparations(data), { cells: 12 }),
      random,
    );
    const losses = [
      new TabulatedRolloutLoss(data, schedule, cells, hidden),
      new DirectRolloutLoss(data, schedule, hidden),
    ] as const;

    it("the gradient matches central differences to 1e-7, whatever was in its place", () => {
      for (const loss of losses) {
        expect(loss.size).toBe(weights.length);
        const gradient = new Float64Array(loss.size).fill(5);
        expect(loss.evaluate(weights, gradient)).toBe(loss.evaluate(weights));
        for (let k = 0; k < 3; k++) {
          const direction = weights.map(random.normal);
          const numerical = directional((w) => loss.evaluate(w), weights, direction, 2e-4);
          const scale = Math.sqrt(dot(gradient, gradient) * dot(direction, direction));
          expect(Math.abs(dot(gradient, direction) - numerical)).toBeLessThan(1e-7 * scale);
        }
      }
    });

    it("the two are the same loss to 1e-6", () => {
      const [tabulated, direct] = losses.map((loss) => loss.evaluate(weights)) as [number, number];
      expect(Math.abs(tabulated / direct - 1)).toBeLessThan(1e-6);
    });

    it("says where rollouts are not finite any more", () => {
      const [tabulated] = losses;
      expect(tabulated.locate(weights)).toBe("the rollouts are finite, their gradient is not");
      expect(tabulated.locate(weights.with(0, Number.NaN))).toMatch(
        /V' is not finite from separation/,
      );
      expect(tabulated.locate(weights.map((w) => 1e60 * w))).toMatch(
        /^trajectory 0, .*particles \d and [12] were [\d.e+]+ apart before$/,
      );
    });
  },
);

it("the gradient with terms beside the network, in units of theirs, matches central differences to 1e-7", () => {
  const options = { particles: 3, dimension: 3, records: 4, stride: 3, trajectories: 5 } as const;
  const { data, schedule, random } = randomProblem(7, options);
  const basis = buildBasis(sortedSeparations(data), { cells: 20 });
  const terms = createTerms([{ name: "drag" }, { name: "quadratic-drag" }, { name: "trap" }], data);
  const units = Float64Array.of(0.5, 2, 1, 3, 1, 0.1);
  const loss = new TabulatedRolloutLoss(data, schedule, basis.cells, [5], { terms, units });
  const network = initialWeights([5], basis, random);
  const at = Float64Array.of(...network, 0.2, 0.1, 0.3, 0.1, -0.2, 0.4);
  expect(loss.size).toBe(at.length);
  expect([...loss.valuesAt(at)].map((x) => x.toFixed(12))).toEqual(
    [0.1, 0.2, 0.3, 0.3, -0.2, 0.04].map((x) => x.toFixed(12)),
  );
  const gradient = new Float64Array(loss.size).fill(5);
  // The gradient is that of a rollout whose terms act in the same way.
  expect(Math.abs(loss.evaluate(at, gradient) / loss.evaluate(at) - 1)).toBeLessThan(1e-14);
  for (let k = network.length; k < at.length; k++) {
    const direction = at.map((_, i) => (i === k ? 1 : 0));
    const numerical = directional((w) => loss.evaluate(w), at, direction, 2e-4);
    expect(Math.abs(gradient[k] - numerical)).toBeLessThan(
      1e-7 * Math.sqrt(dot(gradient, gradient)),
    );
    expect(numerical).not.toBe(0);
  }
  expect(loss.locate(at.with(network.length, -1e300))).toMatch(/^trajectory 0, force evaluation/);
});

it("the network's gradient is asked for at the edges of cells that a separation was in, and nowhere else", () => {
  const { data, schedule, random } = randomProblem(9, { particles: 3, dimension: 3, laws: 2 });
  const basis = buildBasis(sortedSeparations(data), { cells: 85 });
  const { cells } = basis;
  const loss = new TabulatedRolloutLoss(data, schedule, cells, [4]);
  const own = initialWeights([4], basis, random);
  const weights = Float64Array.of(...own, ...own);
  const scratch = createRolloutScratch(data, schedule);
  const curve = networkCurve(new EnergyNetwork([4]), weights, cells);
  const edges = new Set<string>();
  for (let t = 0; t < data.trajectories; t++) {
    rollPairs(data, schedule, cells, curve, givenStarts(data), t, scratch, { keep: true });
    scratch.lookupCell.forEach((cell, l) => {
      const law = data.pairLaw[l % data.pairs] as number;
      const [first, after] = [cells.firstCell[law] as number, cells.firstCell[law + 1] as number];
      const k = cell - first;
      // The outermost cells are lines from their inner edge.
      if (k > 0) edges.add(`${law} ${k}`);
      if (k < after - first - 1) edges.add(`${law} ${k + 1}`);
    });
  }
  const before = work.networkGradients;
  loss.evaluate(weights, new Float64Array(loss.size));
  expect(work.networkGradients - before).toBe(edges.size);
  expect(edges.size).toBeLessThan(cells.count);
});

it("parameters of several laws are one network after another: each moves its own part of the curve", () => {
  const { data, schedule, random } = randomProblem(7, { particles: 3, dimension: 3, laws: 2 });
  const basis = buildBasis(sortedSeparations(data), { cells: 24 });
  const loss = new TabulatedRolloutLoss(data, schedule, basis.cells, [4]);
  const own = initialWeights([4], basis, random);
  expect(loss.size).toBe(2 * own.length);
  const weights = Float64Array.of(...own, ...own.map((w) => 0.5 * w));
  const gradient = new Float64Array(loss.size);
  loss.evaluate(weights, gradient);
  const scale = Math.sqrt(dot(gradient, gradient));
  for (let k = 0; k < weights.length; k++) {
    const direction = weights.map((_, n) => Number(n === k));
    const numerical = directional((w) => loss.evaluate(w), weights, direction, 1e-3);
    expect(Math.abs((gradient[k] as number) - numerical)).toBeLessThan(1e-7 * scale);
  }
});
