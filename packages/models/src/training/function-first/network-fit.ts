import { createRandom, type Random } from "@mclnn/datasets";
import { diagonalMean, matrixVector } from "../../linear-algebra.ts";
import { EnergyNetwork } from "../../network.ts";
import { networkCurve } from "../../network-curve.ts";
import { diagonalBlock, type LawBlock, lawBlocks } from "./basis.ts";
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
  const blocks = lawBlocks(basis);
  const random = createRandom(seed);
  const weights = options.weights?.slice() ?? firstWeights(hidden, blocks, random);
  const points = blocks.map((block) => collocation(block.basis));
  let { equations, coefficients } = fit;
  let goal = AIM * until;
  let iterations = 0;
  let best: NetworkFit = { weights: weights.slice(), loss: Number.POSITIVE_INFINITY, iterations };
  for (let round = 0; round < rounds; round++) {
    const fresh = round === 0 && options.weights === undefined;
    const size = equations.gradient.length;
    let excess = 0;
    let made = 0;
    for (const [law, block] of blocks.entries()) {
      const { first } = block;
      const n = block.basis.size;
      const own = points[law] as Collocation;
      const metric = valueMetric(
        own,
        diagonalBlock(equations.metric, size, first, n),
        equations.residuals,
        ridge,
      );
      const target = matrixVector(own.toValues, coefficients.subarray(first, first + n), n);
      const part = weights.subarray(law * network.size, (law + 1) * network.size);
      const steps = distil(network, part, target, metric, {
        goal: goal / blocks.length ** 2,
        maxIterations,
        damping: fresh ? 1e-2 : 1e-5,
        solveOutputs: fresh,
      });
      let step = steps.next();
      for (; step.done !== true; step = steps.next())
        yield {
          phase: "distillation",
          iterations: iterations + made + step.value.iterations,
          loss: excess + step.value.excess,
          weights,
        };
      excess += step.value.excess;
      made += step.value.iterations;
    }
    iterations += made;
    const curve = networkCurve(network, weights, basis.cells);
    const loss = pass.loss(curve);
    yield { phase: "rollout", iterations, loss, weights };
    if (loss < best.loss) best = { weights: weights.slice(), loss, iterations };
    if (loss <= until || round + 1 === rounds) break;
    if (excess > 1.5 * goal && round > 0 && made < 3) break;
    if (!Number.isFinite(loss)) break;
    equations = equationsAbout(fit, curve);
    const change = solveWithPrior(
      equations,
      roughness,
      RELINEARISED_PRIOR * diagonalMean(equations.metric, basis.size),
      null,
    );
    if (change === null) break;
    const own = networkCoefficients(network, weights, blocks, points);
    coefficients = own.map((c, i) => c + (change[i] as number));
    if (loss > until && excess <= goal) goal *= 0.5;
  }
  return { ...best, iterations };
}

/** Initial weights of all laws, one after another. */
export function firstWeights(
  hidden: readonly number[],
  blocks: readonly LawBlock[],
  random: Random,
): Float64Array {
  const parts = blocks.map(({ basis }) => initialWeights(hidden, basis, random));
  const size = parts[0]?.length ?? 0;
  const out = new Float64Array(parts.length * size);
  parts.forEach((part, law) => {
    out.set(part, law * size);
  });
  return out;
}

/** Spline coefficients that collocate the networks' slopes. */
function networkCoefficients(
  network: EnergyNetwork,
  weights: Float64Array,
  blocks: readonly LawBlock[],
  points: readonly Collocation[],
): Float64Array {
  const parts = blocks.map((block, law) => {
    const { points: at, toCoefficients } = points[law] as Collocation;
    const own = weights.subarray(law * network.size, (law + 1) * network.size);
    const values = at.map((r) => {
      network.evaluate(own, r);
      return network.slope;
    });
    return matrixVector(toCoefficients, values, block.basis.size);
  });
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
