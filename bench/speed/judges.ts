import type { Judge } from "./measurement.ts";
import { deviation } from "./statistics.ts";

/** Off by the largest difference over the largest number. */
export function sameAs(expected: ArrayLike<number>): Judge {
  return {
    of: (result) => deviation(result, expected),
    words: (off) => `differs by ${off.toExponential(1)}`,
  };
}

/** Off by the loss of what was found. */
export function byLoss(loss: (result: Float64Array) => number): Judge {
  return { of: loss, words: (off) => `loss ${off.toExponential(1)}` };
}
