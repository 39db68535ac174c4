import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { derivative, directional, dot } from "../../learning/test/random-problem.ts";
import { EnergyNetwork } from "../src/networks/energy-network.ts";
import { networkLayout, networkSize } from "../src/networks/layout.ts";

const squareplus = (x: number): number => (x + Math.sqrt(x * x + 4)) / 2;

/** The network written as the paper writes it, without derivatives. */
function naiveEnergy(hidden: readonly number[], weights: Float64Array, r: number): number {
  const widths = [1, ...hidden, 1];
  let h = [r];
  let o = 0;
  for (let l = 0; l + 1 < widths.length; l++) {
    const outputs = widths[l + 1] as number;
    const z = Array.from({ length: outputs }, (_, k) =>
      h.reduce((s, x, j) => s + x * (weights[o + k * h.length + j] as number), 0),
    );
    o += outputs * h.length;
    const biased = z.map((x, k) => x + (weights[o + k] as number));
    o += outputs;
    h = l + 2 < widths.length ? biased.map(squareplus) : biased;
  }
  return h[0] as number;
}

describe("energyNetwork", () => {
  it("has the paper's 141 parameters for [10, 10], named slice by slice", () => {
    expect(networkSize([1, 10, 10, 1])).toBe(141);
    expect(
      networkLayout([1, 2, 3, 1]).map(({ name, offset, length }) => [name, offset, length]),
    ).toEqual([
      ["weights0", 0, 2],
      ["biases0", 2, 2],
      ["weights1", 4, 6],
      ["biases1", 10, 3],
      ["weights2", 13, 3],
      ["biases2", 16, 1],
    ]);
  });

  for (const hidden of [[4], [10, 10], [3, 7], [5, 4, 6]])
    it(`[${hidden}]: value, slope, curvature and their weight gradients match central differences to 1e-7`, () => {
      const random = createRandom(7);
      const network = new EnergyNetwork(hidden);
      for (let trial = 0; trial < 25; trial++) {
        const weights = Float64Array.from({ length: network.size }, () => random.normal());
        const r = 0.3 + 3 * random.uniform();
        const direction = Float64Array.from({ length: network.size }, () => random.normal());
        const at = (w: Float64Array, x: number): [number, number, number] => {
          network.evaluate(w, x);
          return [network.energy, network.slope, network.curvature];
        };
        const [energy, slope, curvature] = at(weights, r);
        expect(energy).toBeCloseTo(naiveEnergy(hidden, weights, r), 11);
        const scale = 1 + Math.abs(slope) + Math.abs(curvature);
        expect(Math.abs(derivative((x) => at(weights, x)[0], r) - slope)).toBeLessThan(
          1e-7 * scale,
        );
        expect(Math.abs(derivative((x) => at(weights, x)[1], r) - curvature)).toBeLessThan(
          1e-7 * scale,
        );
        const gradient = new Float64Array(network.size);
        network.evaluate(weights, r);
        network.accumulateGradient(weights, 0.7, -1.3, 0.4, gradient);
        const numerical = directional(
          (w) => {
            const [e, s, c] = at(w, r);
            return 0.7 * e - 1.3 * s + 0.4 * c;
          },
          weights,
          direction,
          2e-4,
        );
        const analytic = dot(gradient, direction);
        expect(Math.abs(analytic - numerical)).toBeLessThan(
          1e-7 * (1 + Math.sqrt(dot(gradient, gradient) * dot(direction, direction))),
        );
      }
    });

  it("refuses widths that are no widths", () => {
    expect(() => new EnergyNetwork([])).toThrow(/hidden widths cannot be used: expected 1 to 16/);
    expect(() => new EnergyNetwork([10, 0])).toThrow(/got \[10,0\]/);
    for (const hidden of [[4097], [1.5], Array<number>(17).fill(1)])
      expect(() => new EnergyNetwork(hidden)).toThrow(
        expect.objectContaining({ code: "bad-hidden-widths" }),
      );
    for (const hidden of [[4096], Array<number>(16).fill(1)])
      expect(new EnergyNetwork(hidden).hidden).toEqual(hidden);
  });
});
