import { accelerationPoints, createRandom, experimentByName } from "@mclnn/datasets";
import { PositionNetwork } from "@mclnn/models";
import {
  accelerationLoss,
  initialPositionWeights,
  positionScaling,
  scalePoints,
} from "./engine.ts";
import { experimentSystem } from "./rollout-problem.ts";

/** One loss and gradient of the baseline over all its points. */
export interface LnnProblem {
  readonly hidden: readonly number[];
  readonly points: ReturnType<typeof scalePoints>;
  readonly weights: Float64Array;
  /** Loss and its gradient. [1 + weights] */
  evaluate(): Float64Array;
}

/** The linear spring's accelerations, as the paper trains its baseline on them. */
export function lnnProblem(hidden: readonly number[], points: number): LnnProblem {
  const { trainStart, dt, stride } = experimentByName("linear-spring");
  const system = experimentSystem("linear-spring");
  const given = accelerationPoints(system, { start: trainStart, points, dt, stride });
  const { particles, dimension, masses } = given;
  const scaling = positionScaling(
    given,
    Float64Array.from(
      { length: particles * dimension },
      (_, k) => masses[Math.floor(k / dimension)],
    ),
  );
  const scaled = scalePoints(given, scaling);
  const network = new PositionNetwork(scaling.active.length, hidden);
  const weights = initialPositionWeights(network.inputs, hidden, scaled.inputs, createRandom(100));
  const loss = accelerationLoss(network, scaled);
  const out = new Float64Array(1 + network.size);
  const gradient = out.subarray(1);
  return {
    hidden,
    points: scaled,
    weights,
    evaluate() {
      out[0] = loss.evaluate(weights, gradient);
      return out;
    },
  };
}
