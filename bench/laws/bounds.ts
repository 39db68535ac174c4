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

/**
 * Mean V' error that counts as success: without noise 1e-5 (spline) and 1e-4 (others); with noise of relative size s and 100 trajectories, s up to
 * 1e-3, and 0.4 s above; twice that for 10 trajectories, five times for 2.
 */
export function errorBound({ noise, trajectories }: Cell, method: Method): number {
  if (noise === 0) return CLEAN_ERROR[method];
  const factor = FEWER.find(([least]) => trajectories >= least)?.[1] ?? 1;
  return factor * (noise > 1e-3 ? 0.4 : 1) * noise;
}

/** Whether a method did what it must: V' within {@link errorBound}, and without noise a trained law's loss within 1e-12. */
export function succeeded(cell: Cell, method: Method, outcome: Outcome | undefined): boolean {
  return (
    isLearned(outcome) &&
    outcome.slope.mean <= errorBound(cell, method) &&
    (cell.noise > 0 || outcome.loss === undefined || outcome.loss <= CLEAN_LOSS)
  );
}
