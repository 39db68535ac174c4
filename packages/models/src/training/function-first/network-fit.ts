import { createRandom } from "@mclnn/datasets";
import { type Cells, edgesOf, hermiteCurve } from "../../cells.ts";
import { diagonalMean, matrixVector } from "../../linear-algebra.ts";
import { EnergyNetwork } from "../../network.ts";
import { distil } from "./distil.ts";
import { initialWeights } from "./initial-weights.ts";
import { solveWithPrior } from "./least-squares.ts";
import { type Collocation, collocation, valueMetric } from "./metric.ts";
import { equationsAbout, type SplineFit } from "./spline-fit.ts";

export interface NetworkFitOptions {
  readonly hidden: readonly number[];
  readonly seed: number;
  /** Rollout loss to reach. */
  readonly until: number;
  /** Levenberg-Marquardt iterations a round. */
  readonly maxIterations: number;
  /** Rounds of distillation and relinearisation. */
  readonly rounds: number;
  /** Ridge of the metric, relative to its mean diagonal. */
  readonly ridge: number;
  /** Weights to go on from; without them the seed's initial weights. */
  readonly weights?: Float64Array;
}

/** One step of {@link fitNetwork}: an iteration of the distillation, or an honest rollout of the network. */
export interface NetworkFitStep {
  readonly phase: "distillation" | "rollout";
  readonly iterations: number;
  /** Excess loss that the metric predicts, or the loss of the rollout. */
  readonly loss: number;
  /** The weights as they are now; they change with the next step. */
  readonly weights: Float64Array;
}

export interface NetworkFit {
  readonly weights: Float64Array;
  /** Rollout loss of the network itself (tabulated slope). */
  readonly loss: number;
  readonly iterations: number;
}

/** The network aims at this share of the target loss before its rollout is asked. */
const AIM = 0.5;
/** Prior of the relinearised target, relative to the metric. */
const RELINEARISED_PRIOR = 1e-13;

/**
 * Fits the network to a spline's V' in the metric of the rollout loss; the network's own rollout decides. While it is above `until`,
 * the loss is linearised about the network and its minimiser becomes the next target.
 */
export function* fitNetwork(
  fit: Pick<
    SplineFit,
    "data" | "schedule" | "basis" | "pass" | "coefficients" | "equations" | "roughness"
  >,
  options: NetworkFitOptions,
): Generator<NetworkFitStep, NetworkFit> {
  const { hidden, seed, until, maxIterations, rounds, ridge } = options;
  const { basis, pass, roughness } = fit;
  const network = new EnergyNetwork(hidden);
  const weights = options.weights?.slice() ?? initialWeights(hidden, basis, createRandom(seed));
  const points = collocation(basis);
  let { equations, coefficients } = fit;
  let goal = AIM * until;
  let iterations = 0;
  let best: NetworkFit = { weights: weights.slice(), loss: Number.POSITIVE_INFINITY, iterations };
  for (let round = 0; round < rounds; round++) {
    const metric = valueMetric(points, equations.metric, equations.residuals, ridge);
    const target = matrixVector(points.toValues, coefficients, basis.size);
    const fresh = round === 0 && options.weights === undefined;
    const steps = distil(network, weights, target, metric, {
      goal,
      maxIterations,
      damping: fresh ? 1e-2 : 1e-5,
      solveOutputs: fresh,
    });
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) {
      const { excess, iterations: i } = step.value;
      yield { phase: "distillation", iterations: iterations + i, loss: excess, weights };
    }
    const done = step.value;
    iterations += done.iterations;
    const curve = networkCurve(network, weights, basis.cells);
    const loss = pass.loss(curve);
    yield { phase: "rollout", iterations, loss, weights };
    if (loss < best.loss) best = { weights: weights.slice(), loss, iterations };
    if (loss <= until || round + 1 === rounds) break;
    if (done.excess > 1.5 * goal && round > 0 && done.iterations < 3) break;
    if (!Number.isFinite(loss)) break;
    equations = equationsAbout(fit, curve);
    const change = solveWithPrior(
      equations,
      roughness,
      RELINEARISED_PRIOR * diagonalMean(equations.metric, basis.size),
      null,
    );
    if (change === null) break;
    const own = networkCoefficients(network, weights, points);
    coefficients = own.map((c, i) => c + (change[i] as number));
    if (loss > until && done.excess <= goal) goal *= 0.5;
  }
  return { ...best, iterations };
}

/** The network's slope as a curve: Hermite interpolation of V' and V'' at the cell edges. */
export function networkCurve(
  network: EnergyNetwork,
  weights: Float64Array,
  cells: Cells,
): Float64Array {
  const edges = edgesOf(cells, 0);
  const values = new Float64Array(edges.length);
  const derivatives = new Float64Array(edges.length);
  for (let k = 0; k < edges.length; k++) {
    network.evaluate(weights, edges[k] as number);
    values[k] = network.slope;
    derivatives[k] = network.curvature;
  }
  const curve = new Float64Array(4 * cells.count);
  hermiteCurve(cells, 0, values, derivatives, curve);
  return curve;
}

/** Spline coefficients that collocate the network's slope. */
function networkCoefficients(
  network: EnergyNetwork,
  weights: Float64Array,
  { points, toCoefficients }: Collocation,
): Float64Array {
  const values = points.map((r) => {
    network.evaluate(weights, r);
    return network.slope;
  });
  return matrixVector(toCoefficients, values, points.length);
}
