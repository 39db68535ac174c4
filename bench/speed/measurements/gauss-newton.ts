import { against } from "../against.ts";
import type { Measurement } from "../measurement.ts";
import type { RolloutProblem } from "../rollout-problem.ts";

/** Sum of squares, gradient and metric of one pass. [1 + size + size^2] */
function pass(
  { spline: { pass: sensitivities, curve } }: RolloutProblem,
  tangentStep: number,
): Float64Array {
  const { sum, gradient, metric } = sensitivities.normalEquations(curve, { tangentStep });
  return Float64Array.of(sum, ...gradient, ...metric);
}

export const gaussNewton: Measurement = {
  name: "gauss-newton",
  title: "Gauss-Newton pass",
  async measure(bench) {
    const problem = bench.problems().rollout;
    const { data, spline, schedule } = problem;
    const stride = schedule.uniform?.stride ?? 0;
    const exact = await against(bench, "gauss-newton", {
      work: "exact tangents",
      result: () => pass(problem, 1),
    });
    const coarse = await against(bench, "gauss-newton-coarse", {
      work: `tangents of ${spline.tangentStep} substeps, as in training`,
      result: () => pass(problem, spline.tangentStep),
    });
    return {
      times: [...exact.times, ...coarse.times],
      goals: [
        exact.goal("C, no FMA", {
          what: "Gauss-Newton pass, exact tangents, over C without FMA",
          sense: "most",
          bound: 1.4,
        }),
        coarse.goal("C, no FMA", {
          what: "Gauss-Newton pass, tangents of training, over C without FMA",
          sense: "most",
          bound: 1.4,
        }),
        exact.goal("NumPy and SciPy", {
          what: "NumPy-vectorised pass over ours",
          sense: "least",
          bound: 20,
        }),
      ],
      notes: [
        `${data.trajectories} trajectories, ${data.records - 1} records, ${stride} substeps, ${data.pairs} pairs, ${spline.basis.size} coefficients; sum of squares, gradient and J'J; one thread. The C program has the same algorithm in plain loops, which its compiler vectorises; NumPy does all trajectories at once by batched matrix products.`,
      ],
    };
  },
};
