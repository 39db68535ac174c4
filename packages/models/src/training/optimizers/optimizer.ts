/** A loss over a flat parameter vector. */
export interface Objective {
  readonly size: number;
  /** Loss at `parameters`; writes its gradient into `gradient` when given. May return a non-finite loss. */
  evaluate(parameters: Float64Array, gradient?: Float64Array): number;
}

/** What one step did. */
export interface StepReport {
  /** Loss at the parameters after the step (for Adam: at those before it). */
  readonly loss: number;
  /** No further progress is possible. */
  readonly converged: boolean;
  readonly evaluations: number;
}

/**
 * A first-order optimiser as plain functions over a flat vector.
 * The state is a plain, complete value: parameters and state together make a restart exact.
 */
export interface Optimizer<S> {
  readonly name: string;
  init(size: number): S;
  /** Updates `parameters` and `state` in place. */
  step(objective: Objective, parameters: Float64Array, state: S): StepReport;
}
