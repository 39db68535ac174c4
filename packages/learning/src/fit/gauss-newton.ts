import type { NormalEquations } from "../rollout/normal-equations.ts";

/** What is fitted: how far rollouts from a point P lie from the records, what changes that to first order, and where a step leads. */
export interface FitProblem<P> {
  /** @param before - equations whose sensitivities do for this point too (the chord method); null: they are made anew */
  equations(at: P, before: NormalEquations | null): NormalEquations;
  /** Mean square residual. */
  loss(at: P): number;
  /** Where a share of a step leads. @param about - the equations that the step solves */
  moved(at: P, about: NormalEquations, step: Float64Array, share: number): P;
  /** The unknowns that priors speak of. */
  unknowns(at: P): Float64Array;
}

/** How strongly steps are held back: what is carried from one to the next. */
export interface Strength {
  /** Of the prior, relative to the mean diagonal of the law's metric. */
  readonly weight: number;
  /** Of Levenberg and Marquardt. */
  readonly damping: number;
}

/** A step that a regulariser proposes. */
export interface Proposal {
  readonly step: Float64Array;
  /** The strength to go on with once the step is taken. */
  readonly strength: Strength;
  /** What the prior adds to the sum of squared residuals. Default: nothing. */
  readonly penalty?: (unknowns: Float64Array) => number;
}

/** Steps about a point, those to be tried first coming first. */
export type Regulariser = (
  equations: NormalEquations,
  unknowns: Float64Array,
  strength: Strength,
) => Iterable<Proposal>;

/** How a point is looked for along steps. */
export interface Search {
  readonly regulariser: Regulariser;
  /** Shares of each step that are tried. */
  readonly shares: readonly number[];
  /** The first point that is accepted, or the best one. */
  readonly take: "first" | "best";
  /** Where a point and a trial both have no more loss than this, it is roundoff that decides, and the search ends. */
  readonly roundoff?: number;
}

/** What is told of a point. */
export interface Merit {
  readonly loss: number;
  /** Sum of squared residuals and the prior's penalty. */
  readonly penalised: number;
}

export interface StepTaken {
  readonly before: Merit;
  readonly after: Merit;
  /** To go on with. */
  readonly strength: Strength;
}

/** How a descent goes, and when it is over: a row of the table in `rules.ts`. */
export interface Rules {
  /** Steps taken at most. */
  readonly steps: number;
  /** The next is made where one before finds no point. */
  readonly searches: readonly Search[];
  accepts(trial: Merit, before: Merit): boolean;
  /** Asked after each step. @param about - the equations that the last one solved */
  ends(steps: readonly StepTaken[], about: NormalEquations): boolean;
  /** Whether sensitivities are made anew at each point, or those of a point before are kept. */
  readonly sensitivities: "new" | "kept" | "kept until they fail";
}

/** Where a descent is. */
export interface Descent<P> {
  readonly at: P;
  readonly loss: number;
  readonly equations: NormalEquations;
  /** The point that the equations are about: this one, or the last before. */
  readonly about: P;
  /** Whether the equations have the sensitivities of another point. */
  readonly stale: boolean;
  readonly strength: Strength;
}

/** Where a descent begins: what is known of the point already is not made again. */
export type Beginning<P> = Pick<Descent<P>, "at"> & Partial<Omit<Descent<P>, "at">>;

/** One attempt at a step. */
export interface FitStep<P> {
  /** Where it led. */
  readonly at: P;
  readonly loss: number;
  /** Whether a better point was found. */
  readonly taken: boolean;
}

const FREE: Strength = { weight: 0, damping: 0 };

/**
 * Gauss-Newton: about a point the residuals are linear in the unknowns, a regulariser solves for steps, the true rollout decides which one is
 * taken. Everything in which one fit differs from another is in its problem and its rules.
 */
export function* gaussNewton<P>(
  problem: FitProblem<P>,
  from: Beginning<P>,
  rules: Rules,
): Generator<FitStep<P>, Descent<P>> {
  const steps: StepTaken[] = [];
  let now = linearised(problem, from, rules);
  // Where the work that a training may do is done, a descent ends where it is.
  while (steps.length < rules.steps && !((now.equations.meter?.share ?? 0) >= 1)) {
    now = linearised(problem, now, rules);
    const found = search(problem, now, rules);
    if (found === null && now.stale && rules.sensitivities === "kept until they fail") {
      now = renewed(problem, now);
      continue;
    }
    yield {
      at: found?.at ?? now.at,
      loss: found?.taken.after.loss ?? now.loss,
      taken: found !== null,
    };
    if (found === null) break;
    const { at, taken } = found;
    steps.push(taken);
    now = { ...now, at, loss: taken.after.loss, strength: taken.strength };
    if (rules.ends(steps, now.equations)) break;
  }
  return now;
}

/** The end of a descent of which nobody is told the steps. */
export function descended<P>(problem: FitProblem<P>, from: Beginning<P>, rules: Rules): Descent<P> {
  const steps = gaussNewton(problem, from, rules);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** A point with equations about it. */
export function linearised<P>(
  problem: FitProblem<P>,
  point: Beginning<P>,
  { sensitivities }: Pick<Rules, "sensitivities">,
): Descent<P> {
  const { at, equations, about, stale = false, strength = FREE } = point;
  if (equations !== undefined && about === at)
    return { at, about: at, equations, stale, strength, loss: point.loss ?? equations.loss };
  const before = (sensitivities === "new" ? null : equations) ?? null;
  const own = problem.equations(at, before);
  const loss = point.loss ?? own.loss;
  return { at, about: at, equations: own, stale: before !== null, strength, loss };
}

/** The same with sensitivities of its own. */
export function renewed<P>(problem: FitProblem<P>, now: Descent<P>): Descent<P> {
  return { ...now, equations: problem.equations(now.at, null), about: now.at, stale: false };
}

interface Found<P> {
  readonly at: P;
  readonly taken: StepTaken;
}

/** The next point by the first search that finds one. */
function search<P>(
  problem: FitProblem<P>,
  { at, loss, equations, strength }: Descent<P>,
  { searches, accepts }: Rules,
): Found<P> | null {
  const unknowns = problem.unknowns(at);
  for (const { regulariser, shares, take, roundoff = 0 } of searches) {
    let best: Found<P> | null = null;
    for (const { step, penalty, strength: next } of regulariser(equations, unknowns, strength)) {
      const before = { loss, penalised: equations.sum + (penalty?.(unknowns) ?? 0) };
      for (const share of shares) {
        const trial = problem.moved(at, equations, step, share);
        const own = problem.loss(trial);
        const added = penalty?.(problem.unknowns(trial)) ?? 0;
        const after = { loss: own, penalised: own * equations.residuals + added };
        if (accepts(after, before) && !(best !== null && best.taken.after.loss <= own)) {
          best = { at: trial, taken: { before, after, strength: next } };
          if (take === "first") return best;
        }
        if (own <= roundoff && loss <= roundoff) return best;
      }
    }
    if (best !== null) return best;
  }
  return null;
}
