import type { Objective, Schedule, TrainingData } from "@mclnn/learning/parts";
import { curveGradient, rolloutLoss } from "@mclnn/learning/parts";
import { type Cells, edgesOf, hermiteCurve, hermiteCurveTranspose } from "@mclnn/models/parts";
import type { TfjsPairPotential } from "./pair-potential.ts";
import { tf } from "./tensorflow.ts";

/**
 * Rollout loss (Eq. 6) of a tfjs pair potential by its tabulated slope: the same loss, cells and adjoint as for the built-in network.
 *
 * tfjs is asked for V' and V'' once for all cell edges, and once more for the gradient; rollouts and their adjoints are the fused float64
 * loops. The cost does not depend on the number of pairs times steps.
 */
export class TfjsRolloutLoss implements Objective {
  readonly size: number;
  private readonly data: TrainingData;
  private readonly schedule: Schedule;
  private readonly cells: Cells;
  /** Cell edges without the two outermost, which no look-up reads: a law need not be finite there. */
  private readonly edges: Float64Array;
  private readonly pair: TfjsPairPotential;
  private readonly curve: Float64Array;
  private readonly curveGradient: Float64Array;

  constructor(data: TrainingData, schedule: Schedule, cells: Cells, pair: TfjsPairPotential) {
    this.data = data;
    this.schedule = schedule;
    this.cells = cells;
    this.edges = edgesOf(cells, 0).slice(1, -1);
    this.pair = pair;
    this.size = pair.parameterCount;
    this.curve = new Float64Array(4 * cells.count);
    this.curveGradient = new Float64Array(4 * cells.count);
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { data, schedule, cells, curve, edges } = this;
    const { energy, backend } = this.pair.internals;
    return backend.run(() => {
      energy.parameters.write(parameters);
      const r = tf.tensor1d(Float32Array.from(edges));
      const { slopes, curvatures } = energy.derivatives(r);
      hermiteCurve(cells, 0, padded(slopes), padded(curvatures), curve);
      if (gradient === undefined) return rolloutLoss(data, schedule, cells, curve);
      const loss = curveGradient(data, schedule, cells, curve, this.curveGradient);
      const values = new Float64Array(edges.length + 2);
      const derivatives = new Float64Array(edges.length + 2);
      hermiteCurveTranspose(cells, 0, this.curveGradient, values, derivatives);
      energy.gradient(r, values.subarray(1, -1), derivatives.subarray(1, -1), gradient);
      return loss;
    });
  }
}

/** Values at the inner edges, with zeros for the two outermost. */
function padded(inner: Float64Array): Float64Array {
  const out = new Float64Array(inner.length + 2);
  out.set(inner, 1);
  return out;
}

/** Mean squared difference of V' from given slopes, weighted: fits a network to a law that is already known. */
export class TfjsSlopeLoss implements Objective {
  readonly size: number;
  private readonly pair: TfjsPairPotential;
  private readonly separations: Float64Array;
  private readonly slopes: Float64Array;
  private readonly weights: Float64Array;

  /** @param separations - [B] @param slopes - [B] @param weights - [B], of sum 1 */
  constructor(
    pair: TfjsPairPotential,
    separations: Float64Array,
    slopes: Float64Array,
    weights: Float64Array,
  ) {
    this.pair = pair;
    this.separations = separations;
    this.slopes = slopes;
    this.weights = weights;
    this.size = pair.parameterCount;
  }

  evaluate(parameters: Float64Array, gradient?: Float64Array): number {
    const { separations, weights } = this;
    const { energy, backend } = this.pair.internals;
    return backend.run(() => {
      energy.parameters.write(parameters);
      const r = tf.tensor1d(Float32Array.from(separations));
      const found = energy.slopes(r);
      let loss = 0;
      const a = new Float64Array(separations.length);
      for (let k = 0; k < a.length; k++) {
        const d = (found[k] as number) - (this.slopes[k] as number);
        loss += (weights[k] as number) * d * d;
        a[k] = 2 * (weights[k] as number) * d;
      }
      if (gradient !== undefined) energy.gradient(r, a, null, gradient);
      return loss;
    });
  }
}
