import { type Cell, isLearned, type Method, type Outcome } from "./cell.ts";

/** Loss that noise-free data must come down to. */
const CLEAN_LOSS = 1e-12;
/** Mean V' error, relative, without noise. */
const CLEAN_ERROR: Readonly<Record<Method, number>> = { spline: 1e-5, mclnn: 1e-4, kernel: 1e-4 };
/** Few trajectories may cost so much. */
const FEWER: readonly (readonly [trajectories: number, factor: number])[] = [
  [100, 1],
  [10, 2],
  [0, 5],
];
/** The law is asked to be so much better than a single reading from this noise on. */
const LOUD = { noise: 1e-2, factor: 0.4 };

/**
 * What counts as success: without noise a mean V' error of 1e-5 (spline) and 1e-4 (others) of the mean |V'|; with noise, of what a separation that is
 * wrong by one standard deviation does to V' (0.4 of it from noise 1e-2 on), twice that for 10 trajectories, five times for 2.
 */
export function errorBound(
  { noise, trajectories }: Pick<Cell, "noise" | "trajectories">,
  method: Method,
): number {
  if (noise === 0) return CLEAN_ERROR[method];
  const factor = FEWER.find(([least]) => trajectories >= least)?.[1] ?? 1;
  return factor * (noise >= LOUD.noise ? LOUD.factor : 1);
}

/** Whether a method did what it must: V' within {@link errorBound}, and without noise a trained law's loss within 1e-12. */
export function succeeded(
  cell: Pick<Cell, "noise" | "trajectories">,
  method: Method,
  outcome: Outcome | undefined,
): boolean {
  if (!isLearned(outcome)) return false;
  const { slope, slopeByNoise, loss } = outcome;
  const bound = errorBound(cell, method);
  if (cell.noise > 0) return slopeByNoise !== undefined && slopeByNoise <= bound;
  return slope.mean <= bound && (loss === undefined || loss <= CLEAN_LOSS);
}
