import { createRandom, type Random } from "@mclnn/datasets";
import { EnergyNetwork } from "@mclnn/models";
import { diagonalMean, matrixVector } from "../algebra/linear-algebra.ts";
import { solveWithPrior } from "../fit/least-squares.ts";
import { equationsAbout } from "../fit/problems.ts";
import type { SplineFit } from "../fit/spline-fit.ts";
import { type Collocation, collocation, valueMetric } from "../prior/metric.ts";
import { diagonalBlock, type LawBlock, lawBlocks } from "../splines/law-blocks.ts";
import { beginDistil, type DistilState, distil } from "./distil.ts";
import { initialWeights } from "./initial-weights.ts";
import { networkCurve } from "./network-curve.ts";

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
  /** Iterations in which the distance has to halve, and rounds end where the loss does not. Default: as far as iterations and rounds go. */
  readonly patience?: number;
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

/** Everything that the next step of a {@link fitNetwork} depends on, beside the spline fit itself. */
export interface NetworkFitState {
  readonly weights: Float64Array;
  round: number;
  /** Which law's network is being distilled, and how far that is. */
  law: number;
  distil: DistilState;
  /** Weights that the round's equations are linearised about; of no meaning in the first round. */
  readonly about: Float64Array;
  goal: number;
  /** Of the rounds before, and of the laws before in this one. */
  iterations: number;
  made: number;
  excess: number;
  /** The round's rollout has been made, and gave this loss. */
  rolled: boolean;
  loss: number;
  readonly best: { weights: Float64Array; loss: number };
}

/** What a network is fitted to. */
type FittedSpline = Pick<
  SplineFit,
  "data" | "schedule" | "basis" | "pass" | "coefficients" | "equations" | "roughness"
>;

/** The state that a fit begins with. */
export function beginNetworkFit(
  { basis }: Pick<SplineFit, "basis">,
  { hidden, seed, until, weights }: NetworkFitOptions,
): NetworkFitState {
  const first = weights?.slice() ?? firstWeights(hidden, lawBlocks(basis), createRandom(seed));
  return {
    weights: first,
    round: 0,
    law: 0,
    distil: beginDistil(new EnergyNetwork(hidden).size),
    about: first.slice(),
    goal: AIM * until,
    iterations: 0,
    made: 0,
    excess: 0,
    rolled: false,
    loss: Number.POSITIVE_INFINITY,
    best: { weights: first.slice(), loss: Number.POSITIVE_INFINITY },
  };
}

/** Iterations of a fit so far. */
export function iterationsOf({ iterations, made, distil }: NetworkFitState): number {
  return iterations + made + distil.iterations;
}

/** The network aims at this share of the target loss before its rollout is asked. */
const AIM = 0.5;
/** Prior of the relinearised target, relative to the metric. */
const RELINEARISED_PRIOR = 1e-13;

/**
 * Fits the network to a spline's V' in the metric of the rollout loss; the network's own rollout decides. While it is above `until`,
 * the loss is linearised about the network and its minimiser becomes the next target.
 *
 * @param state - where to go on; changes in place
 */
export function* fitNetwork(
  fit: FittedSpline,
  options: NetworkFitOptions,
  state: NetworkFitState = beginNetworkFit(fit, options),
): Generator<NetworkFitStep, NetworkFit> {
  const { hidden, until, rounds, patience } = options;
  const { basis, pass } = fit;
  const { weights, best } = state;
  const network = new EnergyNetwork(hidden);
  const blocks = lawBlocks(basis);
  const laws: Laws = { network, blocks, points: blocks.map((block) => collocation(block.basis)) };

  for (;;) {
    const { round } = state;
    const about = round === 0 ? fit : linearised(fit, laws, state.about);
    if (about === null) break;
    yield* distilLaws(about, laws, options, state);
    const { excess, made } = state;
    if (!state.rolled) {
      state.loss = pass.loss(networkCurve(network, weights, basis.cells));
      state.rolled = true;
      yield { phase: "rollout", iterations: iterationsOf(state), loss: state.loss, weights };
    }
    const { loss } = state;
    const stalls = patience !== undefined && !(2 * loss < best.loss);
    if (loss < best.loss) {
      best.loss = loss;
      best.weights.set(weights);
    }
    if (loss <= until || round + 1 >= rounds) break;
    if (excess > 1.5 * state.goal && round > 0 && made < 3) break;
    if (stalls || !Number.isFinite(loss)) break;
    if (loss > until && excess <= state.goal) state.goal *= 0.5;
    state.about.set(weights);
    state.iterations += made;
    state.made = 0;
    state.excess = 0;
    state.law = 0;
    state.rolled = false;
    state.round++;
  }
  return { weights: best.weights, loss: best.loss, iterations: iterationsOf(state) };
}

/** The network, whose weights are those of one law after another, and the laws' parts of the basis with their collocation points. */
interface Laws {
  readonly network: EnergyNetwork;
  readonly blocks: readonly LawBlock[];
  readonly points: readonly Collocation[];
}

/** The loss about some weights, and where it is least. */
function linearised(
  fit: FittedSpline,
  laws: Laws,
  weights: Float64Array,
): Pick<SplineFit, "equations" | "coefficients"> | null {
  const { basis, roughness } = fit;
  const equations = equationsAbout(fit, networkCurve(laws.network, weights, basis.cells));
  const change = solveWithPrior(
    equations,
    roughness,
    RELINEARISED_PRIOR * diagonalMean(equations.metric, basis.size),
    null,
  );
  if (change === null) return null;
  const own = networkCoefficients(laws, weights);
  return { equations, coefficients: own.map((c, i) => c + change[i]) };
}

/** Fits the weights of one law after another to a spline, in the metric of its equations. */
function* distilLaws(
  { equations, coefficients }: Pick<SplineFit, "equations" | "coefficients">,
  { network, blocks, points }: Laws,
  { maxIterations, ridge, patience, weights: given }: NetworkFitOptions,
  state: NetworkFitState,
): Generator<NetworkFitStep, void> {
  const { weights } = state;
  const fresh = state.round === 0 && given === undefined;
  const size = equations.gradient.length;
  for (; state.law < blocks.length; state.law++) {
    const block = blocks[state.law];
    const { first } = block;
    const n = block.basis.size;
    const own = points[state.law];
    const metric = valueMetric(
      own,
      diagonalBlock(equations.metric, size, first, n),
      equations.residuals,
      ridge,
    );
    const target = matrixVector(own.toValues, coefficients.subarray(first, first + n), n);
    const part = weights.subarray(state.law * network.size, (state.law + 1) * network.size);
    const distillation = {
      goal: state.goal / (blocks.length * blocks.length),
      maxIterations,
      damping: fresh ? 1e-2 : 1e-5,
      solveOutputs: fresh,
      patience,
    };
    const steps = distil(network, part, target, metric, distillation, state.distil);
    let step = steps.next();
    for (; step.done !== true; step = steps.next())
      yield {
        phase: "distillation",
        iterations: iterationsOf(state),
        loss: state.excess + step.value.excess,
        weights,
      };
    state.excess += step.value.excess;
    state.made += step.value.iterations;
    state.distil = beginDistil(network.size);
  }
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
  { network, blocks, points }: Laws,
  weights: Float64Array,
): Float64Array {
  const parts = blocks.map((block, law) => {
    const { points: at, toCoefficients } = points[law];
    const own = weights.subarray(law * network.size, (law + 1) * network.size);
    const values = at.map((r) => {
      network.evaluate(own, r);
      return network.slope;
    });
    return matrixVector(toCoefficients, values, block.basis.size);
  });
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
