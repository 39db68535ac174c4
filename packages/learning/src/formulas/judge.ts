import type { TrajectorySet } from "@mclnn/datasets";
import type { MclnnModel, SplineModel } from "@mclnn/models";
import type { LawUncertainty } from "@mclnn/models/parts";
import { tail } from "../findings/chi-squared.ts";
import { Refit, type Refitted } from "./refit.ts";
import type { Candidate } from "./score.ts";
import type { Target } from "./target.ts";

/** A candidate after a close look. */
export interface Judged extends Candidate {
  /** Whether it explains the law. */
  readonly fits: boolean;
}

/** A misfit so improbable refuses a formula. */
export const REFUSED = 1e-3;
/** On exact records: chi-squared a number up to which a formula is within the spline's own resolution. */
const RESOLVED = 8;

/** The look from the law alone, without the records. */
export function judgedByTarget(
  { exact, y }: Target,
  candidates: readonly Candidate[],
): readonly Judged[] {
  return candidates.map((each) => ({
    ...each,
    fits: exact
      ? each.chiSquared < RESOLVED * y.length
      : tail(each.chiSquared, each.degreesOfFreedom) > REFUSED,
  }));
}

export interface Records {
  readonly model: MclnnModel | SplineModel;
  readonly set: TrajectorySet;
}

/** The look along the records: constants are fitted to them, and what is left decides. Yields after each candidate. */
export function judgedByRecords(
  target: Target,
  candidates: readonly Candidate[],
  records: Records,
): Generator<number, readonly Judged[]> {
  return target.exact
    ? exactly(target, candidates, records)
    : withNoise(target, candidates, records);
}

function* withNoise(
  target: Target,
  candidates: readonly Candidate[],
  { model, set }: Records,
): Generator<number, readonly Judged[]> {
  const refit = new Refit(model, set, { target, finer: { knots: 1, steps: 1 } });
  const law = refit.lawEquations();
  const variance = refit.inUnits((model.uncertainty as LawUncertainty).variance);
  const out: Judged[] = [];
  for (const [index, each] of candidates.entries()) {
    const own = refit.fit(each);
    if (own !== null) {
      const chiSquared = Math.max(0, target.own + (own.squares - law.sum) / variance);
      out.push(
        refitted(each, own, {
          chiSquared,
          variance,
          fits: tail(chiSquared, each.degreesOfFreedom) > REFUSED,
        }),
      );
    }
    yield (index + 1) / candidates.length;
  }
  return out;
}

function refitted(
  candidate: Candidate,
  { sum, coefficients, covariance }: Refitted,
  { chiSquared, variance, fits }: { chiSquared: number; variance: number; fits: boolean },
): Judged {
  return {
    ...candidate,
    ...{ sum, coefficients, chiSquared, fits },
    covariance: covariance.map((x) => x * variance),
    p: tail(chiSquared, candidate.degreesOfFreedom),
    score: candidate.length + 0.5 * chiSquared,
  };
}

/** Steps and knots so much finer roll a formula out nearly as it is; those after them tell how nearly. */
const FINER = { knots: 4, steps: 4 };
const FINEST = { knots: 8, steps: 8 };
/** Trajectories along which that is measured. */
const MEASURED = 5;
/** A loss below this is roundoff, of the records' own making too. */
const FLOOR = 1e-21;
/** So many floors are as good as one. */
const AT_FLOOR = 10;
/** A formula explains exact records with so many times the spline's loss, which is that of its knots and steps. */
const EXPLAINS = { times: 30, least: 1e-15 };
/** A loss so many times what can be told costs no more. */
const MOST = 1e6;

/** Exact records: what limits is neither noise nor the spline but how finely a formula is rolled out, which is measured. */
function* exactly(
  target: Target,
  candidates: readonly Candidate[],
  { model, set }: Records,
): Generator<number, readonly Judged[]> {
  const refit = new Refit(model, set, { target, finer: FINER });
  const ownLoss = new Refit(model, set, { target, finer: { knots: 1, steps: 1 } }).lawEquations()
    .loss;
  const limit = EXPLAINS.times * Math.max(ownLoss, EXPLAINS.least);
  const fitted: { candidate: Candidate; own: Refitted }[] = [];
  let enough = Number.POSITIVE_INFINITY;
  const bySize = [...candidates].sort(
    (a, b) => a.constants - b.constants || a.chiSquared - b.chiSquared,
  );
  for (const [index, candidate] of bySize.entries()) {
    yield index / candidates.length;
    if (candidate.constants > enough + 1) continue;
    const own = refit.fit(candidate);
    if (own === null) continue;
    if (own.loss <= limit) enough = Math.min(enough, candidate.constants);
    fitted.push({ candidate, own });
  }
  if (fitted.length === 0) return [];
  const best = fitted.reduce((a, b) => (b.own.loss < a.own.loss ? b : a)).own;
  const floor = Math.max(
    FLOOR,
    floorOf(refit, new Refit(model, set, { target, finer: FINEST }), best),
  );
  return fitted.map(({ candidate, own }) => {
    // Errors of steps and knots add up coherently: the bars are bounds.
    const variance = Math.max(own.loss, floor) * own.residuals;
    const chiSquared = target.y.length * Math.min(MOST, own.loss / (AT_FLOOR * floor));
    const fits = own.loss <= limit;
    return { ...refitted(candidate, own, { chiSquared, variance, fits }), p: fits ? 1 : 0 };
  });
}

/** Mean square of what finer steps and knots change in the rollouts of a formula. */
function floorOf(fine: Refit, finest: Refit, at: Refitted): number {
  const every = Math.max(1, Math.floor(fine.trajectories / MEASURED));
  const some = Array.from({ length: Math.ceil(fine.trajectories / every) }, (_, k) => k * every);
  const others = finest.residualsOf(at, some);
  let squares = 0;
  let count = 0;
  fine.residualsOf(at, some).forEach((residuals, t) => {
    residuals.forEach((x, i) => {
      const d = x - others[t][i];
      if (!Number.isFinite(d)) return;
      squares += d * d;
      count++;
    });
  });
  return squares / Math.max(1, count);
}
