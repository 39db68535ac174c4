import { against } from "../against.ts";
import type { Measurement } from "../measurement.ts";

/** Seconds that one gradient may take, by the width of the network. */
const GOALS = new Map([
  [10, 0.01],
  [256, 1],
]);

export const lnnGradient: Measurement = {
  name: "lnn-gradient",
  title: "One gradient of the baseline LNN",
  async measure(bench) {
    const times = [];
    const goals = [];
    const { lnn } = bench.problems();
    for (const problem of lnn) {
      const widths = `[${problem.hidden.join(", ")}]`;
      const name = problem.hidden[0] === 10 ? "lnn-10" : "lnn-256";
      const comparison = await against(bench, name, {
        work: widths,
        result: () => problem.evaluate(),
      });
      times.push(...comparison.times);
      goals.push({
        what: `gradient of the baseline, ${widths}, ${problem.points.points} points`,
        measured: comparison.times[0]?.seconds?.minimum ?? null,
        bound: GOALS.get(problem.hidden[0]) as number,
        sense: "most" as const,
        unit: "s" as const,
      });
    }
    return {
      times,
      goals,
      notes: [
        `Mean squared acceleration error of V(all positions) and its gradient, ${lnn[0]?.points.points} points, ${lnn[0]?.points.responses.length} inputs that move; one thread.`,
      ],
    };
  },
};
