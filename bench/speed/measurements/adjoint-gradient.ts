import { against } from "../against.ts";
import type { Measurement } from "../measurement.ts";

export const adjointGradient: Measurement = {
  name: "adjoint-gradient",
  title: "One loss and gradient of the rollout",
  async measure(bench) {
    const { data, network, schedule } = bench.problems().rollout;
    const { loss, weights, cells } = network;
    const out = new Float64Array(1 + loss.size);
    const gradient = out.subarray(1);
    const comparison = await against(bench, "adjoint-gradient", {
      work: "loss and gradient",
      result: () => {
        out[0] = loss.evaluate(weights, gradient);
        return out;
      },
    });
    return {
      times: comparison.times,
      goals: [
        comparison.goal("C, no FMA", {
          what: "adjoint gradient over C without FMA",
          sense: "most",
          bound: 1.5,
        }),
        comparison.goal("PyTorch", {
          what: "PyTorch's gradient over ours",
          sense: "least",
          bound: 50,
        }),
        comparison.goal("tfjs wasm", {
          what: "tfjs wasm's gradient over ours",
          sense: "least",
          bound: 300,
        }),
      ],
      notes: [
        `${data.trajectories} trajectories, ${data.records - 1} records, ${schedule.uniform?.stride} substeps, ${data.pairs} pairs; ${loss.size} weights; one thread. MCLNN and C look V' up in a table of ${cells.count} cells; the others evaluate the network at every pair.`,
      ],
    };
  },
};
