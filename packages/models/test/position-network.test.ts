import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { accelerationLoss } from "../../learning/src/baseline/acceleration-loss.ts";
import {
  initialPositionWeights,
  symmetricEigen,
} from "../../learning/src/baseline/initial-weights.ts";
import { positionNetworkLayout, positionNetworkSize } from "../src/networks/layout.ts";
import { PositionNetwork } from "../src/networks/position-network.ts";

/** The network by the book: one layer after another, nothing shared. */
function naiveEnergy(
  weights: Float64Array,
  inputs: number,
  hidden: readonly number[],
  x: Float64Array,
): number {
  let h = [...x];
  let offset = 0;
  for (const width of hidden) {
    const fanIn = h.length;
    h = Array.from({ length: width }, (_, j) => {
      let z = weights[offset + fanIn * width + j] as number;
      h.forEach((v, k) => {
        z += v * (weights[offset + j * fanIn + k] as number);
      });
      return (z + Math.sqrt(z * z + 4)) / 2;
    });
    offset += fanIn * width + width;
  }
  expect(offset + h.length).toBe(positionNetworkSize(inputs, hidden));
  return h.reduce((sum, v, j) => sum + v * (weights[offset + j] as number), 0);
}

/** Fourth-order central difference of `f` along coordinate k of x. */
function difference(f: () => number, x: Float64Array, k: number, step = 1e-3): number {
  const at = x[k] as number;
  const shifted = (s: number): number => {
    x[k] = at + s * step;
    return f();
  };
  const d = (8 * (shifted(1) - shifted(-1)) - (shifted(2) - shifted(-2))) / (12 * step);
  x[k] = at;
  return d;
}

const largest = (a: Float64Array): number => a.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

const shapes: readonly [inputs: number, hidden: readonly number[]][] = [
  [9, [10, 10]],
  [12, [10, 10]],
  [6, [7]],
  [4, [5, 6, 4]],
  [3, [4, 3, 5, 2]],
];

describe("position network", () => {
  it("leaves the output bias out: 220 weights for 9 inputs and [10, 10]", () => {
    expect(positionNetworkSize(9, [10, 10])).toBe(220);
    expect(positionNetworkLayout(9, [10, 10]).map(({ name, shape }) => [name, shape])).toEqual([
      ["weights0", [10, 9]],
      ["biases0", [10]],
      ["weights1", [10, 10]],
      ["biases1", [10]],
      ["weights2", [1, 10]],
    ]);
  });

  for (const [inputs, hidden] of shapes) {
    it(`[${inputs}, ${hidden}]: energy, forces, weight gradient and Hessian product to 1e-7 on 20 random networks`, () => {
      const random = createRandom(inputs);
      const network = new PositionNetwork(inputs, hidden);
      const other = new PositionNetwork(inputs, hidden);
      const normal = (n: number, scale = 1): Float64Array =>
        Float64Array.from({ length: n }, () => scale * random.normal());
      for (let trial = 0; trial < 20; trial++) {
        const weights = normal(network.size, 0.7);
        const x = normal(inputs);
        const lambda = normal(inputs);
        network.evaluate(weights, x);
        expect(network.energy).toBeCloseTo(naiveEnergy(weights, inputs, hidden, x), 11);
        const forces = network.gradient.slice();
        const scale = largest(forces);
        for (let k = 0; k < inputs; k++) {
          const d = difference(() => naiveEnergy(weights, inputs, hidden, x), x, k);
          expect(Math.abs(d - (forces[k] as number))).toBeLessThan(1e-7 * scale);
        }
        network.differentiate(weights, lambda);
        const gradient = new Float64Array(network.size);
        network.accumulateGradient(gradient);
        const alongLambda = (): number => {
          other.evaluate(weights, x);
          return lambda.reduce((sum, l, k) => sum + l * (other.gradient[k] as number), 0);
        };
        const gradientScale = largest(gradient);
        for (let i = 0; i < network.size; i++) {
          const d = difference(alongLambda, weights, i);
          expect(Math.abs(d - (gradient[i] as number))).toBeLessThan(1e-7 * gradientScale);
        }
        const hessian = network.hessianProduct.slice();
        const hessianScale = largest(hessian);
        for (let k = 0; k < inputs; k++) {
          const d = difference(alongLambda, x, k);
          expect(Math.abs(d - (hessian[k] as number))).toBeLessThan(1e-7 * hessianScale);
        }
        const column = new Float64Array(3 * network.size);
        network.writeColumn(column, 1, 3, 2);
        for (let i = 0; i < network.size; i++) {
          expect(column[3 * i + 1]).toBeCloseTo(2 * (gradient[i] as number), 12);
          expect(column[3 * i]).toBe(0);
        }
      }
    });
  }

  it("reads inputs from an offset", () => {
    const network = new PositionNetwork(2, [3]);
    const weights = Float64Array.from({ length: network.size }, (_, i) => 0.1 * i - 0.4);
    network.evaluate(weights, Float64Array.of(9, 0.3, -0.7, 9), 1);
    const { energy } = network;
    network.evaluate(weights, Float64Array.of(0.3, -0.7));
    expect(network.energy).toBe(energy);
  });
});

describe("acceleration loss", () => {
  const random = createRandom(7);
  const inputs = 6;
  const count = 19;
  const network = new PositionNetwork(inputs, [5, 4]);
  const normal = (n: number): Float64Array =>
    Float64Array.from({ length: n }, () => random.normal());
  const points = {
    points: count,
    inputs: normal(count * inputs),
    targets: normal(count * inputs),
    responses: Float64Array.from({ length: inputs }, () => 0.5 + random.uniform()),
    components: 9,
    idleSquares: 0.37,
  };
  const weights = normal(network.size);
  const loss = accelerationLoss(network, points);

  it("is the mean of the squared residuals, unseen components included", () => {
    let sum = 0.37;
    for (let n = 0; n < count; n++) {
      network.evaluate(weights, points.inputs, n * inputs);
      for (let k = 0; k < inputs; k++)
        sum +=
          ((points.responses[k] as number) * (network.gradient[k] as number) -
            (points.targets[n * inputs + k] as number)) **
          2;
    }
    expect(loss.evaluate(weights)).toBeCloseTo(sum / (count * 9), 12);
    expect(loss.sumOfSquares(weights) * loss.weight).toBe(loss.evaluate(weights));
  });

  it("has a gradient within 1e-7 of central differences", () => {
    const gradient = new Float64Array(network.size);
    loss.evaluate(weights, gradient);
    for (let i = 0; i < network.size; i++) {
      const d = difference(() => loss.evaluate(weights), weights, i);
      expect(Math.abs(d - (gradient[i] as number))).toBeLessThan(1e-7 * largest(gradient));
    }
  });

  it("has Gauss-Newton equations equal to a plain sum over columns of J", () => {
    const size = network.size;
    const matrix = new Float64Array(size * size);
    const vector = new Float64Array(size);
    const sum = loss.normalEquations(weights, matrix, vector);
    expect(sum).toBe(loss.sumOfSquares(weights));
    const expected = new Float64Array(size * size);
    const expectedVector = new Float64Array(size);
    for (let n = 0; n < count; n++)
      for (let k = 0; k < inputs; k++) {
        network.evaluate(weights, points.inputs, n * inputs);
        const response = points.responses[k] as number;
        const residual =
          response * (network.gradient[k] as number) - (points.targets[n * inputs + k] as number);
        const lambda = new Float64Array(inputs);
        lambda[k] = response;
        network.differentiate(weights, lambda);
        const row = new Float64Array(size);
        network.accumulateGradient(row);
        for (let i = 0; i < size; i++) {
          expectedVector[i] = (expectedVector[i] as number) + residual * (row[i] as number);
          for (let j = 0; j <= i; j++)
            expected[i * size + j] =
              (expected[i * size + j] as number) + (row[i] as number) * (row[j] as number);
        }
      }
    for (let i = 0; i < size; i++) {
      expect(vector[i]).toBeCloseTo(expectedVector[i] as number, 9);
      for (let j = 0; j <= i; j++)
        expect(matrix[i * size + j]).toBeCloseTo(expected[i * size + j] as number, 9);
    }
    // Scratch is reused: a second call gives the same bits.
    const again = new Float64Array(size * size);
    loss.normalEquations(weights, again, vector);
    expect(again).toEqual(matrix);
  });
});

describe("initial weights", () => {
  it("see inputs of unit variance in every direction that varies", () => {
    const random = createRandom(3);
    const n = 4000;
    const inputs = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) {
      const a = random.normal();
      const b = 0.01 * random.normal();
      inputs.set([a + b, a - b, -2 * a], 3 * i);
    }
    const weights = initialPositionWeights(3, [400], inputs, random);
    let variance = 0;
    for (let j = 0; j < 400; j++)
      for (let i = 0; i < n; i += 40) {
        let z = 0;
        for (let k = 0; k < 3; k++)
          z += (weights[3 * j + k] as number) * (inputs[3 * i + k] as number);
        variance += (z * z) / (400 * (n / 40));
      }
    // Two of three directions vary, each with weights of variance 9 / 3.
    expect(variance).toBeGreaterThan(4);
    expect(variance).toBeLessThan(8.5);
  });

  it("rest on an eigensolver good to 1e-14", () => {
    const random = createRandom(5);
    const n = 9;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k <= i; k++) a[i * n + k] = a[k * n + i] = random.normal();
    const { values, vectors } = symmetricEigen(a, n);
    for (let e = 0; e < n; e++)
      for (let i = 0; i < n; i++) {
        let av = 0;
        for (let k = 0; k < n; k++) av += (a[i * n + k] as number) * (vectors[e * n + k] as number);
        expect(Math.abs(av - (values[e] as number) * (vectors[e * n + i] as number))).toBeLessThan(
          1e-14 * 10,
        );
      }
  });
});
