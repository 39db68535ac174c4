import type { Objective, Optimizer } from "../training/optimizers/optimizer.ts";
import type { BestWeights, FitStep } from "./fit-accelerations.ts";

export interface DescentOptions {
  readonly phase: string;
  readonly epochs: number;
  /** Stops at this loss of the objective. */
  readonly until: number;
  /** Loss to choose the best weights by; without it the objective's own. */
  readonly checkedLoss?: ((weights: Float64Array) => number) | undefined;
  /** Iterations between looks at `checkedLoss`. */
  readonly checkEvery: number;
  /** Iterations in a row without a fall of the checked loss by 1 % that end the descent. Default: never. */
  readonly patience?: number | undefined;
}

/** Steps an optimiser until the target, convergence or the last epoch, and keeps the best weights. `weights` changes in place. */
export function* descend<S>(
  optimizer: Optimizer<S>,
  objective: Objective,
  weights: Float64Array,
  { phase, epochs, until, checkedLoss, checkEvery, patience }: DescentOptions,
): Generator<FitStep, "converged" | "epochs" | "target"> {
  const state = optimizer.init(objective.size);
  const before = new Float64Array(objective.size);
  const best: BestWeights = { weights: weights.slice(), loss: Number.POSITIVE_INFINITY };
  if (checkedLoss !== undefined) best.loss = checkedLoss(weights);
  let bar = best.loss;
  let sinceGain = 0;
  for (let iteration = 1; iteration <= epochs; iteration++) {
    before.set(weights);
    const { loss, converged } = optimizer.step(objective, weights, state);
    const measured = optimizer.reports === "before" ? before : weights;
    const ends = loss <= until || converged || iteration === epochs;
    if (checkedLoss === undefined || ends || iteration % checkEvery === 0) {
      const checked = checkedLoss === undefined ? loss : checkedLoss(measured);
      // The target is a training loss: what reaches it is what was asked for.
      if (checked < best.loss || loss <= until) {
        best.loss = checked;
        best.weights.set(measured);
      }
    }
    sinceGain++;
    if (best.loss < 0.99 * bar) {
      bar = best.loss;
      sinceGain = 0;
    }
    yield { phase, iteration, loss, best };
    if (loss <= until) return "target";
    if (converged || (patience !== undefined && sinceGain > patience)) return "converged";
  }
  return "epochs";
}
