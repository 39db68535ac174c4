import type { TrainingState } from "@mclnn/models";
import type { Promised } from "../promise.ts";
import { endOf, keptRun, RESTART_CASES, throughFile } from "../restart-problem.ts";

/** What the tests split: all of the first cases, which are the optimisers; of the others the ends and some between. */
const OPTIMIZERS = 3;
const SOME = [0, 1, 17, 40, 62, 63];

export const restart: Promised = {
  name: "restart",
  promise:
    "A training goes on to the same bits from between any two of its 64 iterations: every optimiser and integrator",
  async check(size, tally) {
    for (const [row, { name, options, iterations }] of RESTART_CASES.entries()) {
      const whole = await keptRun(options, undefined, throughFile);
      const numbers = whole.states.map(({ iteration }) => iteration);
      tally.expect(
        numbers.length === iterations && numbers.every((n, k) => n === k + 1),
        `${name}: states after ${numbers.join(", ")}`,
      );
      tally.expect(
        whole.result.retreats.length > 0 === name.includes("stops being finite"),
        `${name}: ${whole.result.retreats.length} retreats`,
      );
      const expected = endOf(whole, whole.states.at(-1) as TrainingState);
      const splits = size === "full" || row < OPTIMIZERS ? whole.states.map((_, k) => k) : SOME;
      for (const k of splits) {
        const state = whole.states[k] as TrainingState;
        const rest = await keptRun(options, state);
        // What was done is not done again.
        const isRest = rest.states.length === iterations - 1 - k;
        tally.expect(
          isRest && endOf(rest, rest.states.at(-1) ?? state) === expected,
          `${name}: gone on after iteration ${k + 1}, ${isRest ? "other bits" : `${rest.states.length} iterations were made`}`,
        );
      }
    }
  },
};
