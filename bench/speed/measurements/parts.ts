import { atMost, type Goal, type Measurement, type TimeRow } from "../measurement.ts";
import type { RolloutProblem } from "../problems.ts";
import { against } from "../race.ts";

/** Sum of squares, gradient and metric of one pass. [1 + size + size^2] */
function pass(
  { spline: { pass: sensitivities, curve } }: RolloutProblem,
  tangentStep: number,
): Float64Array {
  const { sum, gradient, metric } = sensitivities.normalEquations(curve, { tangentStep });
  return Float64Array.of(sum, ...gradient, ...metric);
}

const sizesOf = ({ data, schedule }: RolloutProblem): string =>
  `${data.trajectories} trajectories, ${data.records - 1} records, ${schedule.uniform?.stride} substeps, ${data.pairs} pairs`;

const gaussNewton: Measurement = {
  name: "gauss-newton",
  title: "Gauss-Newton pass",
  async measure(bench) {
    const problem = bench.problems().rollout;
    const { tangentStep, basis } = problem.spline;
    const exact = await against(bench, "gauss-newton", {
      work: "exact tangents",
      result: () => pass(problem, 1),
    });
    const coarse = await against(bench, "gauss-newton-coarse", {
      work: `tangents of ${tangentStep} substeps, as in training`,
      result: () => pass(problem, tangentStep),
    });
    const overC = (how: string) => `Gauss-Newton pass, ${how}, over C without FMA`;
    return {
      times: [...exact.times, ...coarse.times],
      goals: [
        exact.goal("C, no FMA", overC("exact tangents"), "most", 1.4),
        coarse.goal("C, no FMA", overC("tangents of training"), "most", 1.4),
        exact.goal("NumPy and SciPy", "NumPy-vectorised pass over ours", "least", 20),
      ],
      notes: [
        `${sizesOf(problem)}, ${basis.size} coefficients; sum of squares, gradient and J'J; one thread. The C program has the same algorithm in plain loops, which its compiler vectorises; NumPy does all trajectories at once by batched matrix products.`,
      ],
    };
  },
};

const adjointGradient: Measurement = {
  name: "adjoint-gradient",
  title: "One loss and gradient of the rollout",
  async measure(bench) {
    const problem = bench.problems().rollout;
    const { loss, weights, cells } = problem.network;
    const out = new Float64Array(1 + loss.size);
    const { times, goal } = await against(bench, "adjoint-gradient", {
      work: "loss and gradient",
      result: () => {
        out[0] = loss.evaluate(weights, out.subarray(1));
        return out;
      },
    });
    return {
      times,
      goals: [
        goal("C, no FMA", "adjoint gradient over C without FMA", "most", 1.5),
        goal("PyTorch", "PyTorch's gradient over ours", "least", 50),
        goal("tfjs wasm", "tfjs wasm's gradient over ours", "least", 300),
      ],
      notes: [
        `${sizesOf(problem)}; ${loss.size} weights; one thread. MCLNN and C look V' up in a table of ${cells.count} cells; the others evaluate the network at every pair.`,
      ],
    };
  },
};

const networkBatch: Measurement = {
  name: "network-batch",
  title: "V and V' of a network, batched",
  async measure(bench) {
    const { hidden, separations, evaluate } = bench.problems().network;
    const work = { work: "V and V'", result: evaluate };
    const { times, goal } = await against(bench, "network-batch", work);
    const what = "V and V' of 1-32-32-1 over C at the same vector width";
    return {
      times,
      goals: [goal("C, no FMA, 128 bits wide", what, "most", 1.2)],
      notes: [`1-${hidden.join("-")}-1, ${separations.length} separations, one thread.`],
    };
  },
};

const lnnGradient: Measurement = {
  name: "lnn-gradient",
  title: "One gradient of the baseline LNN",
  async measure(bench) {
    const times: TimeRow[] = [];
    const goals: Goal[] = [];
    const { lnn } = bench.problems();
    for (const [k, { hidden, points, evaluate }] of lnn.entries()) {
      const widths = `[${hidden.join(", ")}]`;
      const work = { work: widths, result: evaluate };
      const compared = await against(bench, (["lnn-10", "lnn-256"] as const)[k], work);
      times.push(...compared.times);
      const what = `gradient of the baseline, ${widths}, ${points.points} points`;
      goals.push(atMost(what, compared.times[0].seconds?.minimum ?? null, [0.01, 1][k], "s"));
    }
    const { points, responses } = lnn[0].points;
    return {
      times,
      goals,
      notes: [
        `Mean squared acceleration error of V(all positions) and its gradient, ${points} points, ${responses.length} inputs that move; one thread.`,
      ],
    };
  },
};

/** The parts of a training one by one, on one thread, beside other programs. */
export const partMeasurements: readonly Measurement[] = [
  gaussNewton,
  adjointGradient,
  networkBatch,
  lnnGradient,
];
