import type { SplineBasis } from "@mclnn/models/parts";
import type { Roughness } from "../prior/law-system.ts";
import { roughness } from "../prior/roughness.ts";
import type { Merit, Rules, StepTaken } from "./gauss-newton.ts";
import {
  byEvidence,
  damped,
  dampedBeside,
  lawStays,
  plainly,
  roughnessAt,
  weights,
} from "./regularisers.ts";

/** Less loss, or any where the rollouts before left all bounds. */
const falls = (trial: Merit, before: Merit): boolean =>
  trial.loss < before.loss || !Number.isFinite(before.loss);

/** Less loss and penalty together; roundoff is no rise. */
const fallsWithPenalty = (trial: Merit, before: Merit): boolean =>
  trial.penalised <= before.penalised * (1 + 1e-12);

/** Ends when a step leaves more than this share of the loss. */
const stalls =
  (share: number): Rules["ends"] =>
  (steps) => {
    const { before, after } = steps.at(-1) as StepTaken;
    return !(after.loss <= share * before.loss);
  };

/** Shares of a step, each so much shorter than the one before: a step that rollouts do not follow is too long, seldom wrong. */
const shorter = (share: number, attempts: number): number[] =>
  Array.from({ length: attempts }).reduce<number[]>(
    (shares) => [...shares, shares.length === 0 ? 1 : share * (shares.at(-1) as number)],
    [],
  );

/** Prior weights of the robust search: what regularises few data may lie fourteen decades apart. */
export const ROBUST_WEIGHTS: readonly number[] = [1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1, 10];

interface ExactRules {
  readonly basis: SplineBasis;
  readonly relativeRoughness: boolean;
  readonly goal: number;
}

/**
 * The table: how each fit of a law descends. Rows are functions of what callers decide; everything else stands here with its reason.
 */
export const RULES = {
  /**
   * Exact start states, plentiful data: a pass is worth ten rollouts, and one nearly always does. It ends below the goal, or where a free
   * step leaves 70 % of the loss, a damped one 97 %.
   */
  exact: ({
    basis,
    relativeRoughness,
    goal,
    passes,
    maxPasses,
  }: ExactRules & { passes: number; maxPasses: number }): Rules => {
    const smooth = roughnessAt(basis, relativeRoughness);
    const beside = { factors: [1e-3, 1, 1e3], of: "weight before" } as const;
    return {
      steps: maxPasses,
      searches: [
        // A law that spans decades asks for other weights as it takes shape.
        ...(relativeRoughness
          ? [{ regulariser: weights(basis, smooth, beside), shares: [1], take: "best" } as const]
          : []),
        { regulariser: damped(basis, smooth), shares: [1], take: "first", roundoff: goal },
      ],
      accepts: falls,
      ends: (steps) => {
        const { before, after, strength } = steps.at(-1) as StepTaken;
        const stalled = after.loss / before.loss > (strength.damping === 0 ? 0.7 : 0.97);
        return steps.length >= passes && (after.loss < goal || stalled);
      },
      sensitivities: "new",
    };
  },

  /** Exact start states, few data or hard walls: whatever rolls out best of all weights and two lengths, while it gains a tenth. */
  robust: ({ basis, relativeRoughness, goal }: ExactRules): Rules => {
    const regulariser = weights(basis, roughnessAt(basis, relativeRoughness), {
      factors: ROBUST_WEIGHTS,
      of: "metric",
    });
    return {
      steps: 14,
      searches: [{ regulariser, shares: [1, 0.3], take: "best" }],
      accepts: falls,
      ends: (steps, about) =>
        !((steps.at(-1) as StepTaken).after.loss > goal) || stalls(0.9)(steps, about),
      sensitivities: "new",
    };
  },

  /**
   * Start states among the unknowns, the prior by evidence: as priors change, the loss may rise to 1.5 of what it was and of the noise. It
   * ends where a step gains less than 1e-4 of what one coefficient is worth, or two in a row leave the loss as it is.
   */
  measured: ({
    basis,
    prior,
    mostVariance,
    passes,
    tolerance,
    manyUnknowns,
  }: {
    basis: SplineBasis;
    prior: Roughness;
    mostVariance: number;
    passes: number;
    tolerance: number;
    manyUnknowns: boolean;
  }): Rules => {
    const still = ({ before, after }: StepTaken): boolean =>
      Math.abs(before.loss - after.loss) < tolerance * after.loss;
    return {
      steps: passes,
      searches: [
        {
          regulariser: byEvidence(basis, prior, mostVariance),
          shares: shorter(0.4, 9),
          take: "first",
        },
      ],
      accepts: (trial, before) =>
        fallsWithPenalty(trial, before) && !(trial.loss > 1.5 * (before.loss + mostVariance)),
      ends: (steps, { degreesOfFreedom }) => {
        const { before, after } = steps.at(-1) as StepTaken;
        const coefficient = (before.penalised * basis.size) / degreesOfFreedom;
        return (
          before.penalised - after.penalised < 1e-4 * coefficient ||
          (steps.length > 1 && steps.slice(-2).every(still))
        );
      },
      sensitivities: manyUnknowns ? "kept until they fail" : "new",
    };
  },

  /** Start states under a law that stays: next to linear. Six steps, or two where the law's own follow, which move them as well. */
  starts: ({ steps, manyUnknowns }: { steps: 2 | 6; manyUnknowns: boolean }): Rules => ({
    steps,
    searches: [{ regulariser: lawStays, shares: [1, 0.3], take: "first" }],
    accepts: falls,
    ends: stalls(0.999),
    sensitivities: manyUnknowns ? "kept" : "new",
  }),

  /** The same along the first records of an outlier, where it is not linear: the best of more lengths, while it gains a hundredth. */
  outlyingStart: (): Rules => ({
    steps: 8,
    searches: [{ regulariser: lawStays, shares: [1, 0.3, 0.1], take: "best" }],
    accepts: falls,
    ends: stalls(0.99),
    sensitivities: "new",
  }),

  /** The few constants of a formula, well determined and close: a handful of plain steps. */
  formula: (steps: number): Rules => ({
    steps,
    searches: [{ regulariser: plainly, shares: [1, 0.3, 0.05], take: "first" }],
    accepts: falls,
    ends: stalls(1 - 1e-7),
    sensitivities: "new",
  }),

  /** Masses from anywhere, along a path or by rollouts: valleys are long and flat, and a step that gains a ten-thousandth is the last. */
  masses: (basis: SplineBasis, steps: number): Rules => ({
    steps,
    searches: [{ regulariser: dampedBeside(basis), shares: [1], take: "first" }],
    accepts: falls,
    ends: stalls(0.9999),
    sensitivities: "new",
  }),

  /** Masses from close by, with the law's prior by evidence: it ends where a step changes the loss by less than a ten-thousandth. */
  massesKnown: (basis: SplineBasis, steps: number): Rules => ({
    steps,
    searches: [
      {
        regulariser: byEvidence(basis, { matrix: roughness(basis) }),
        shares: shorter(0.4, 8),
        take: "first",
      },
    ],
    accepts: fallsWithPenalty,
    ends: (all) => {
      const { before, after } = all.at(-1) as StepTaken;
      return Math.abs(before.loss - after.loss) < 1e-4 * before.loss;
    },
    sensitivities: "new",
  }),
} as const;
