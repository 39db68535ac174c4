import type { TrainingState } from "@mclnn/learning";
import type { Promised } from "../promise.ts";
import { endOf, keptRun, RESTART_CASES, throughFile } from "../restart-problem.ts";

/** Where the tests split: at the ends and between. */
const SOME = [0, 0.4, 1];

export const restart: Promised = {
  name: "restart",
  promise:
    "A training goes on to the same bits from between any two of its iterations: each optimiser, each integrator, function first, unknown start states",
  async check(size, tally) {
    for (const { name, options } of RESTART_CASES) {
      const whole = await keptRun(options, undefined, throughFile);
      const numbers = whole.states.map(({ iteration }) => iteration);
      const [first = 0] = numbers;
      const { epochs } = options;
      const isCounted = options.optimizer !== undefined && epochs !== undefined;
      tally.expect(
        numbers.length >= 10 &&
          numbers.every((n, k) => n === first + k) &&
          (!isCounted || (first === 1 && numbers.length === epochs)),
        `${name}: states after ${numbers.join(", ")}`,
      );
      tally.expect(
        whole.result.retreats.length > 0 === name.includes("stops being finite"),
        `${name}: ${whole.result.retreats.length} retreats`,
      );
      const expected = endOf(whole, whole.states.at(-1) as TrainingState);
      const last = whole.states.length - 1;
      const splits =
        size === "full"
          ? whole.states.map((_, k) => k)
          : SOME.map((share) => Math.round(share * last));
      for (const k of splits) {
        const state = whole.states[k];
        const rest = await keptRun(options, state);
        // What was done is not done again.
        const isRest = rest.states.length === last - k;
        tally.expect(
          isRest && endOf(rest, rest.states.at(-1) ?? state) === expected,
          `${name}: gone on after iteration ${k + 1}, ${isRest ? "other bits" : `${rest.states.length} iterations were made`}`,
        );
      }
    }
  },
};
