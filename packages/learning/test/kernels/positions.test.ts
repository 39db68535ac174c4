import { createRandom } from "@mclnn/datasets";
import { describe, expect, it } from "vitest";
import { PositionNetwork } from "../../../models/src/networks/position-network.ts";
import { choleskyFactor } from "../../src/algebra/linear-algebra.ts";
import { accelerationLoss } from "../../src/baseline/acceleration-loss.ts";
import { choleskyByKernel } from "../../src/wasm/dense-module.ts";
import { work } from "../../src/wasm/work.ts";
import { byBoth, differences, INPUTS, SPECIAL } from "./bits.ts";

const NETWORKS: readonly (readonly [width: number, hidden: readonly number[]])[] = [
  [9, [10, 10]],
  [6, [10, 10]],
  [4, [1]],
  [2, [3]],
  [5, [7, 5, 4]],
  [4, [33, 17]],
];
const SIZES = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 1000];

function problem(seed: number, width: number, hidden: readonly number[], points: number) {
  const random = createRandom(seed);
  const network = new PositionNetwork(width, hidden);
  const weights = Float64Array.from({ length: network.size }, random.normal);
  const inputs = Float64Array.from({ length: points * width }, random.normal);
  const targets = inputs.map(random.normal);
  const responses = Float64Array.from({ length: width }, () => -1 - random.uniform());
  const scaled = { points, inputs, targets, responses, components: width + 1, idleSquares: 0.3 };
  return { random, network, weights, inputs, targets, responses, scaled };
}

/** Loss, gradient and, if asked for, normal equations: as one row of numbers. */
function everything(
  { network, weights, scaled }: ReturnType<typeof problem>,
  equations: boolean,
): number[] {
  const loss = accelerationLoss(network, scaled);
  const gradient = new Float64Array(network.size);
  const row = [
    ...[loss.sumOfSquares(weights), loss.evaluate(weights), loss.evaluate(weights, gradient)],
    ...gradient,
  ];
  if (!equations) return row;
  const matrix = new Float64Array(network.size ** 2);
  const vector = new Float64Array(network.size);
  return [...row, loss.normalEquations(weights, matrix, vector), ...vector, ...matrix];
}

describe("position network kernels give the bits of plain TypeScript", () => {
  it.each(NETWORKS)(
    "%i inputs, hidden %j: loss, gradient and normal equations of 0 to 1000 points",
    (width, hidden) => {
      for (const points of SIZES) {
        const own = problem(points, width, hidden, points);
        const { kernel, reference, work } = byBoth(() => everything(own, points < 1000));
        expect(differences(kernel, reference)).toBe(0);
        expect(work.positionPoints).toBe((points < 1000 ? 4 : 3) * points);
      }
    },
  );

  it("hidden [256,256]: loss and gradient of 20 points", () => {
    const { kernel, reference } = byBoth(() => everything(problem(1, 9, [256, 256], 20), false));
    expect(differences(kernel, reference)).toBe(0);
  });

  it(`at ${INPUTS} random components`, () => {
    const own = problem(2, 9, [10, 10], Math.ceil(INPUTS / 9));
    const { kernel, reference } = byBoth(() => everything(own, false));
    expect(differences(kernel, reference)).toBe(0);
  });

  it(`normal equations at ${INPUTS} random components`, () => {
    const own = problem(3, 9, [3], Math.ceil(INPUTS / 9));
    const { kernel, reference } = byBoth(() => everything(own, true));
    expect(differences(kernel, reference)).toBe(0);
  });

  it("with denormals, -0, infinities and NaN among weights, inputs and targets", () => {
    for (let trial = 0; trial < 100; trial++) {
      const own = problem(trial, 6, [10, 10], 18);
      const array = [own.weights, own.inputs, own.targets][trial % 3] as Float64Array;
      for (let n = 0; n < 2; n++)
        array[Math.floor(own.random.uniform() * array.length)] = SPECIAL[
          Math.floor(own.random.uniform() * SPECIAL.length)
        ] as number;
      const { kernel, reference } = byBoth(() => everything(own, true));
      expect(differences(kernel, reference)).toBe(0);
    }
  });
});

/** A positive definite matrix, its lower triangle. [n x n] */
function definite(n: number): Float64Array {
  const random = createRandom(n);
  const root = Float64Array.from({ length: n * n }, random.normal);
  const gram = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += (root[i * n + k] as number) * (root[j * n + k] as number);
      gram[i * n + j] = sum;
    }
  return gram;
}

describe("the Cholesky kernel gives the bits of plain TypeScript", () => {
  it.each([0, 1, 2, 3, 7, 8, 9])("%i rows, for which it is not used", (n) => {
    const matrix = definite(n);
    for (const a of [matrix, matrix.map((x) => -x)]) {
      const [kernel, reference] = [a.slice(), a.slice()];
      const before = work.kernelCalls;
      expect(choleskyByKernel(kernel, n)).toBe(choleskyFactor(reference, n));
      expect(work.kernelCalls - before).toBe(1);
      if (a === matrix) expect(differences(kernel, reference)).toBe(0);
    }
  });

  const large = Math.ceil(Math.sqrt(INPUTS));
  it(`${INPUTS} numbers: ${large} rows`, () => {
    const matrix = definite(large);
    const { kernel, reference } = byBoth(() => {
      const factor = matrix.slice();
      return [choleskyFactor(factor, large) ? 1 : 0, ...factor];
    });
    expect(kernel[0]).toBe(1);
    expect(differences(kernel, reference)).toBe(0);
  });

  it.each([32, 33, 40, 57, 100])(
    "%i rows, positive definite, indefinite and with special numbers",
    (n) => {
      const gram = definite(n);
      const spoilt = SPECIAL.map((x, k) => gram.with(((7 * k + 3) % n) * (n + 1), x));
      for (const matrix of [gram, gram.map((x) => -x), ...spoilt]) {
        const { kernel, reference } = byBoth(() => {
          const factor = matrix.slice();
          return [choleskyFactor(factor, n) ? 1 : 0, ...factor];
        });
        // Of a matrix that is not positive definite only the verdict is used.
        expect(kernel[0]).toBe(reference[0]);
        if (kernel[0] === 1) expect(differences(kernel, reference)).toBe(0);
      }
      expect(choleskyFactor(gram.slice(), n)).toBe(true);
    },
  );
});
