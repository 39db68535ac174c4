/** A loss over a flat parameter vector. */
export interface Objective {
  readonly size: number;
  /** Loss at `parameters`; writes its gradient into `gradient` when given. May return a non-finite loss. */
  evaluate(parameters: Float64Array, gradient?: Float64Array): number;
  /** Where a loss that is not finite came about, for messages: trajectory, step, particles, separation. */
  locate?(parameters: Float64Array): string;
}

/** What one step did. */
export interface StepReport {
  /** Loss at the parameters before or after the step: see {@link Optimizer.reports}. */
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
  /** Whether a step's loss is that of the parameters before it (no extra evaluation needed) or after it. */
  readonly reports: "before" | "after";
  init(size: number): S;
  /** Updates `parameters` and `state` in place. Throws `diverged`, with both untouched, where loss or gradient are not finite. */
  step(objective: Objective, parameters: Float64Array, state: S): StepReport;
  /**
   * Makes the steps from this state on smaller than those that failed. Methods without it never step to where the loss is not finite.
   *
   * @param failed - state of the steps that failed
   * @returns how, in words
   */
  soften?(state: S, failed: S): string;
}
