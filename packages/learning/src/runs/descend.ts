import { isMclnnError, MclnnError } from "@mclnn/physics";
import type { Objective, Optimizer, StepReport } from "../optimizers/optimizer.ts";
import { copyOf, overwrite } from "./state.ts";

/** Weights with the lowest loss so far; the object changes as training goes on. */
export interface BestWeights {
  weights: Float64Array;
  /** By what they are chosen by. */
  loss: number;
}

/** One iteration of a descent. */
export interface DescentStep {
  readonly phase: string;
  readonly iteration: number;
  /** Loss of the objective. */
  readonly loss: number;
  readonly best: BestWeights;
}

/** A loss that was not finite, and where training went on from instead. */
export interface Retreat {
  readonly iteration: number;
  /** What was met, and where. */
  readonly reason: string;
  /** Iteration whose weights it went back to. */
  readonly to: number;
  /** How the steps from there on are smaller. */
  readonly softer: string;
}

/** Everything that the next iteration of a descent depends on. */
export interface DescentState<S extends object> {
  iteration: number;
  readonly weights: Float64Array;
  /** What the optimiser remembers. */
  memory: S;
  readonly best: BestWeights;
  /** Loss that has to be beaten by 1 % to count as a gain, and iterations since that happened. */
  bar: number;
  sinceGain: number;
  /** Set in the last iteration. */
  ending: "" | DescentEnding;
  readonly retreats: Retreat[];
  /** Where the objective's loss was lowest, for methods that can step to where it is not finite. */
  good: { iteration: number; loss: number; weights: Float64Array; memory: S } | null;
}

export type DescentEnding = "converged" | "epochs" | "target" | "diverged";

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

/** How often training goes back to its last good state before it gives up. */
const MOST_RETREATS = 5;

/** The state that a descent from these weights begins with. */
export function beginDescent<S extends object>(
  optimizer: Optimizer<S>,
  weights: Float64Array,
  { checkedLoss }: Pick<DescentOptions, "checkedLoss"> = {},
): DescentState<S> {
  const loss = checkedLoss === undefined ? Number.POSITIVE_INFINITY : checkedLoss(weights);
  return {
    iteration: 0,
    weights: weights.slice(),
    memory: optimizer.init(weights.length),
    best: { weights: weights.slice(), loss },
    bar: loss,
    sinceGain: 0,
    ending: "",
    retreats: [],
    good: null,
  };
}

/**
 * Steps an optimiser until the target, convergence or the last epoch, and keeps the best weights. `state` changes in place; a copy of it,
 * taken between two iterations, is where a later call goes on to the same bits.
 *
 * A loss or gradient that is not finite sends it back to where the loss was lowest, with smaller steps, 5 times at most; then it ends as
 * `diverged`.
 *
 * @throws MclnnError `diverged` (failure) where there is nothing to go back to
 */
export function* descend<S extends object>(
  optimizer: Optimizer<S>,
  objective: Objective,
  state: DescentState<S>,
  { phase, epochs, until, checkedLoss, checkEvery, patience }: DescentOptions,
): Generator<DescentStep, DescentEnding> {
  const { best, weights } = state;
  const before = new Float64Array(objective.size);
  const remembered = optimizer.soften === undefined ? null : copyOf(state.memory);
  while (state.ending === "" && state.iteration < epochs) {
    before.set(weights);
    if (remembered !== null) overwrite(remembered, state.memory);
    const report = attempt(optimizer, objective, state);
    if (report === null) {
      if (state.retreats.length < MOST_RETREATS) continue;
      state.ending = "diverged";
      break;
    }
    const { loss, converged } = report;
    const iteration = ++state.iteration;
    const measured = optimizer.reports === "before" ? before : weights;
    if (remembered !== null) keepGood(state, loss, before, remembered);
    const ends = loss <= until || converged || iteration === epochs;
    if (checkedLoss === undefined || ends || iteration % checkEvery === 0) {
      const checked = checkedLoss === undefined ? loss : checkedLoss(measured);
      // The target is a training loss: what reaches it is what was asked for.
      if (checked < best.loss || loss <= until) {
        best.loss = checked;
        best.weights.set(measured);
      }
    }
    state.sinceGain++;
    if (best.loss < 0.99 * state.bar) {
      state.bar = best.loss;
      state.sinceGain = 0;
    }
    if (loss <= until) state.ending = "target";
    else if (converged || (patience !== undefined && state.sinceGain > patience))
      state.ending = "converged";
    yield { phase, iteration, loss, best };
  }
  return state.ending === "" ? "epochs" : state.ending;
}

/** Keeps the state that a step began with, if its loss is the lowest so far. */
function keepGood<S extends object>(
  state: DescentState<S>,
  loss: number,
  weights: Float64Array,
  memory: S,
): void {
  const { good, iteration } = state;
  if (good === null) {
    state.good = { iteration, loss, weights: weights.slice(), memory: copyOf(memory) };
    return;
  }
  if (!(loss < good.loss)) return;
  good.iteration = iteration;
  good.loss = loss;
  good.weights.set(weights);
  overwrite(good.memory, memory);
}

/** One step; null where it met what is not finite, and the state is back where it was good. */
function attempt<S extends object>(
  optimizer: Optimizer<S>,
  objective: Objective,
  state: DescentState<S>,
): StepReport | null {
  try {
    return optimizer.step(objective, state.weights, state.memory);
  } catch (error) {
    if (!isMclnnError(error) || error.code !== "diverged") throw error;
    const place = objective.locate?.(state.weights);
    const { good } = state;
    if (good === null || optimizer.soften === undefined)
      throw new MclnnError("training cannot begin where the loss is not finite", {
        code: "diverged",
        expected: "a finite loss and gradient",
        got: [error.got, ...(place === undefined ? [] : [place])].join(", "),
        mend: "Try another seed, a smaller dt or --optimizer auto.",
        kind: "failure",
        cause: error,
      });
    state.weights.set(good.weights);
    const failed = state.memory;
    state.memory = copyOf(good.memory);
    const softer = optimizer.soften(state.memory, failed);
    const iteration = state.iteration + 1;
    const reason = [error.got, ...(place === undefined ? [] : [place])].join(", ");
    state.retreats.push({ iteration, reason, to: good.iteration, softer });
    return null;
  }
}
