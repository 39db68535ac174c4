import type { SplineBasis } from "@mclnn/models/parts";
import { portableExp } from "@mclnn/physics/portable";
import { choleskyFactor } from "../algebra/linear-algebra.ts";
import type { NormalEquations } from "../rollout/normal-equations.ts";
import { bestPosterior, type Posterior, posteriorsAround } from "./evidence.ts";
import { covarianceOf, lowerInverse } from "./marginal.ts";
import { weighedPriors } from "./prior.ts";

/** Weights about the best, as powers of ten, and how far log evidence may fall for a prior to count. */
const EXPONENTS = [-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2];
const WITHIN = 6;

/**
 * What the data say of a law when nobody told us how smooth it is: mean and second moments over all priors and weights, each as likely as its
 * evidence says (Hoeting, Madigan, Raftery, Volinsky, Statistical Science 14 (1999) 382).
 */
export interface AveragedPosterior {
  /** Mean of the unknowns: the law's coefficients, and plain numbers after them. [size] */
  readonly unknowns: Float64Array;
  /**
   * Lower Cholesky factor of the precision over the variance of `best`, from the second moments about a law: those of the mean are its covariance. That
   * of `best` where it cannot be computed. [size x size]
   */
  readonly factorAbout: (unknowns: Float64Array) => Float64Array;
}

/** Unknowns that are averaged together: those of a cluster, or the plain numbers beside the law. */
interface Block {
  readonly first: number;
  readonly size: number;
}

const blocksOf = ({ clusters, size }: SplineBasis, unknowns: number): Block[] =>
  unknowns === size ? [...clusters] : [...clusters, { first: size, size: unknowns - size }];

/**
 * Averages cluster by cluster; how clusters go together stays as the best prior has it.
 *
 * @param unknowns - where the equations were linearised: the law under the best prior, and plain numbers
 */
export function averagedPosterior(
  best: Posterior,
  equations: NormalEquations,
  unknowns: Float64Array,
  basis: SplineBasis,
): AveragedPosterior {
  const lists = likelyPosteriors(equations, unknowns, basis);
  const blocks = blocksOf(basis, unknowns.length);
  const mean = unknowns.slice();
  blocks.forEach(({ first, size: n }, index) => {
    for (const { posterior, share } of lists[index])
      for (let i = first; i < first + n; i++) mean[i] = mean[i] + share * posterior.step[i];
  });
  return {
    unknowns: mean,
    factorAbout: (law) => {
      const step = law.map((c, i) => c - unknowns[i]);
      return averagedFactor(best, step, blocks, lists) ?? best.factor;
    },
  };
}

/** @param step - from where the equations were linearised to the law. [size] */
function averagedFactor(
  best: Posterior,
  step: Float64Array,
  blocks: readonly Block[],
  lists: readonly (readonly Likely[])[],
): Float64Array | null {
  const size = step.length;
  /** Takes deviations under the best prior to averaged ones, block by block. */
  const transform = new Float64Array(size * size);
  for (const [index, { first, size: n }] of blocks.entries()) {
    const averaged = new Float64Array(n * n);
    for (const { posterior, share, covariance } of lists[index]) {
      const away = (i: number): number => posterior.step[first + i] - step[first + i];
      for (let i = 0; i < n; i++)
        for (let k = 0; k < n; k++)
          averaged[i * n + k] =
            averaged[i * n + k] + share * (covariance[i * n + k] + away(i) * away(k));
    }
    const before = covarianceOf(best, first, n);
    if (before === null || !choleskyFactor(before, n) || !choleskyFactor(averaged, n)) return null;
    const undo = lowerInverse(before, n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k <= i; k++) {
        let s = 0;
        for (let j = k; j <= i; j++) s += averaged[i * n + j] * undo[j * n + k];
        transform[(first + i) * size + first + k] = s;
      }
  }
  const back = lowerInverse(transform, size);
  // Precision of the averaged law over the variance: back' (L L') back.
  const half = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      let s = 0;
      for (let j = Math.max(i, k); j < size; j++)
        s += best.factor[j * size + i] * back[j * size + k];
      half[i * size + k] = s;
    }
  const precision = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k <= i; k++) {
      let s = 0;
      for (let j = 0; j < size; j++) s += half[j * size + i] * half[j * size + k];
      precision[i * size + k] = s;
    }
  return choleskyFactor(precision, size) ? precision : null;
}

interface Likely {
  readonly posterior: Posterior;
  /** Of the block's unknowns. */
  readonly covariance: Float64Array;
  /** Of all that are likely: they add up to 1. */
  share: number;
}

/** For each block, posteriors under all priors, at their best weights and at others of that cluster, that evidence leaves a chance. */
function likelyPosteriors(
  equations: NormalEquations,
  unknowns: Float64Array,
  basis: SplineBasis,
): Likely[][] {
  const priors = weighedPriors(equations, unknowns, basis, { correlated: true });
  const most = priors.reduce(
    (max, { evidence }) => Math.max(max, evidence),
    Number.NEGATIVE_INFINITY,
  );
  const blocks = blocksOf(basis, unknowns.length);
  const lists: Likely[][] = blocks.map(() => []);
  const around = { exponents: EXPONENTS, within: WITHIN };
  for (const { prior, evidence } of priors) {
    if (!(evidence >= most - WITHIN)) continue;
    const { logDeterminant } = prior;
    const add = (block: number, posterior: Posterior): void => {
      const behind = posterior.evidence + 0.5 * logDeterminant - most;
      if (!(behind >= -WITHIN)) return;
      const { first, size } = blocks[block];
      const covariance = covarianceOf(posterior, first, size);
      if (covariance !== null)
        lists[block]?.push({ posterior, covariance, share: portableExp(behind) });
    };
    const posterior = bestPosterior(equations, unknowns, basis, prior);
    if (posterior === null) continue;
    for (let block = 0; block < blocks.length; block++) add(block, posterior);
    for (const other of posteriorsAround(posterior, equations, unknowns, basis, prior, around))
      add(other.cluster, other.posterior);
  }
  for (const list of lists) {
    const total = list.reduce((sum, { share }) => sum + share, 0);
    for (const one of list) one.share /= total;
  }
  return lists;
}
