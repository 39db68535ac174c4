import { against } from "../against.ts";
import type { Measurement } from "../measurement.ts";

export const networkBatch: Measurement = {
  name: "network-batch",
  title: "V and V' of a network, batched",
  async measure(bench) {
    const problem = bench.problems().network;
    const comparison = await against(bench, "network-batch", {
      work: "V and V'",
      result: () => problem.evaluate(),
    });
    return {
      times: comparison.times,
      goals: [
        comparison.goal("C, no FMA, 128 bits wide", {
          what: "V and V' of 1-32-32-1 over C at the same vector width",
          sense: "most",
          bound: 1.2,
        }),
      ],
      notes: [
        `1-${problem.hidden.join("-")}-1, ${problem.separations.length} separations, one thread.`,
      ],
    };
  },
};
