import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Objective, Optimizer, StepReport } from "./optimizer.ts";

/** Everything Adam remembers between steps. */
export interface AdamState {
  /** Running mean of the gradient. [size] */
  readonly mean: Float64Array;
  /** Running mean of the squared gradient. [size] */
  readonly square: Float64Array;
  /** beta1 and beta2 to the number of steps done, as running products: no power function, the same bits everywhere. */
  beta1Power: number;
  beta2Power: number;
  learningRate: number;
}

export interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** What is left of the learning rate where steps have to be smaller. */
const SOFTER = 0.25;

/**
 * Adam: steps of about the learning rate along a running mean of the gradient, scaled by its running size.
 *
 * m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, x -= learningRate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
 * One evaluation a step; the loss reported is that before the step. Never says that it has converged.
 *
 * @throws MclnnError `bad-option`; in a step `diverged` (failure) when loss or gradient are not finite, with parameters and state untouched
 * @see Kingma and Ba, ICLR 2015, arXiv:1412.6980, algorithm 1
 */
export function adam(options: AdamOptions = {}): Optimizer<AdamState> {
  checkArgument("options", options, {
    learningRate: "number?",
    beta1: "number?",
    beta2: "number?",
    epsilon: "number?",
  });
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  check("learningRate", learningRate, learningRate > 0, "a positive finite number");
  check("beta1", beta1, beta1 >= 0 && beta1 < 1, "a number from 0 up to, not including, 1");
  check("beta2", beta2, beta2 >= 0 && beta2 < 1, "a number from 0 up to, not including, 1");
  check("epsilon", epsilon, epsilon > 0, "a positive finite number");
  let gradient = new Float64Array(0);
  return {
    name: "adam",
    reports: "before",
    init: (size) => ({
      mean: new Float64Array(size),
      square: new Float64Array(size),
      beta1Power: 1,
      beta2Power: 1,
      learningRate,
    }),
    step(objective: Objective, parameters: Float64Array, state: AdamState): StepReport {
      const { size } = objective;
      // Scratch, not state: overwritten before it is read.
      if (gradient.length !== size) gradient = new Float64Array(size);
      const loss = objective.evaluate(parameters, gradient);
      const broken = Number.isFinite(loss) ? firstNotFinite(gradient) : -1;
      if (!Number.isFinite(loss) || broken >= 0)
        throw new MclnnError(`Adam met a ${broken < 0 ? "loss" : "gradient"} that is not finite`, {
          code: "diverged",
          argument: "learningRate",
          expected: "finite numbers",
          got:
            broken < 0
              ? `a loss of ${loss}`
              : `a gradient of ${gradient[broken]} for parameter ${broken}`,
          mend: "Try a smaller learning rate.",
          kind: "failure",
        });
      const { mean, square, learningRate } = state;
      state.beta1Power *= beta1;
      state.beta2Power *= beta2;
      const meanCorrection = 1 / (1 - state.beta1Power);
      const squareCorrection = 1 / (1 - state.beta2Power);
      for (let i = 0; i < size; i++) {
        const g = gradient[i];
        const m = beta1 * mean[i] + (1 - beta1) * g;
        const v = beta2 * square[i] + (1 - beta2) * (g * g);
        mean[i] = m;
        square[i] = v;
        parameters[i] =
          parameters[i] -
          (learningRate * (m * meanCorrection)) / (Math.sqrt(v * squareCorrection) + epsilon);
      }
      return { loss, converged: false, evaluations: 1 };
    },
    soften(state, failed) {
      state.learningRate = SOFTER * failed.learningRate;
      return `learning rate ${state.learningRate}`;
    },
  };
}

function firstNotFinite(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}

function check(argument: string, value: number, good: boolean, expected: string): void {
  if (!good || !Number.isFinite(value))
    throw new MclnnError(`Adam cannot work with this ${argument}`, {
      code: "bad-option",
      argument,
      expected,
      got: `${value}`,
    });
}
