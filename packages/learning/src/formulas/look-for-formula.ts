import type { MclnnModel, SplineModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { portableLog } from "@mclnn/physics/portable";
import { now } from "../runs/clock.ts";
import { drive } from "../runs/drive.ts";
import type { Block } from "./block.ts";
import { blocks as catalogue } from "./blocks.ts";
import { checkBlocks } from "./check-blocks.ts";
import { slopeAt, writeFormula } from "./describe.ts";
import { type Judged, judgedByRecords, judgedByTarget, REFUSED, type Records } from "./judge.ts";
import { dot } from "./least-squares.ts";
import type { Distance, FormulaOptions, FormulaResult, LawFormula } from "./result.ts";
import { holds } from "./rivals.ts";
import type { Candidate } from "./score.ts";
import { type Found, searchFormulas } from "./search.ts";
import { keysOf } from "./sum.ts";
import { compared, createTarget, type Target } from "./target.ts";

/** Rivals are at most so many times less likely than the best. */
const RIVAL = portableLog(20);
/** Candidates within so many nats of the best are looked at closely, at most so many. */
const SHORTLIST = { within: 12, most: 8 };
/** Among rivals so close, in nats, the one that the best holds is named. */
const SIMPLER = 1.5;
/** A formula of one constant more fits as well within this chi-squared. */
const AS_WELL = 9;
/** Of the nearest separation: over less nothing has a shape. */
const NARROW = 0.1;
/** Findings after which what is left of the records is not noise. */
const NOT_NOISE = ["coloured-residuals", "unresolved-motion", "misfit"];

/** As `findFormula`, which loads it. @throws MclnnError as `findFormula` */
export async function lookForFormula(
  model: MclnnModel | SplineModel,
  options: FormulaOptions = {},
): Promise<FormulaResult> {
  checkArgument("options", options, {
    maxConstants: "count?",
    blocks: "list?",
    onProgress: "function?",
  });
  checkMost(options.maxConstants);
  const { maxConstants = 6, data, blocks: own = [], signal, onProgress } = options;
  const target = targetOf(model);
  checkBlocks(own, target);
  const work = lookedThrough(target, own, { maxConstants, records: data && { model, set: data } });
  const driven = await drive(work, {
    signal,
    started: now(),
    onStep: (share) => onProgress?.(share),
  });
  if ("interrupted" in driven)
    throw new MclnnError("the search for a formula was stopped", {
      code: driven.interrupted,
      argument: "signal",
      expected: "time to look through all formulas",
      got: driven.interrupted,
      kind: "failure",
    });
  const { found, judged } = driven.result;
  return verdictOf(target, found, judged, {
    deviation: (r) => model.slopeDeviation?.(r) ?? 0,
    blocks: [...catalogue, ...own],
    noise: !keptFindings(model).some((kind) => NOT_NOISE.includes(kind)),
  });
}

/** Share of the work that the search is, where the records are looked at too. */
const SEARCH = 0.8;

/** The search, and a close look at what it found. Yields the share that is done. */
function* lookedThrough(
  target: Target,
  own: readonly Block[],
  { maxConstants, records }: { maxConstants: number; records: Records | undefined },
): Generator<number, { found: Found; judged: readonly Judged[] }> {
  const share = records === undefined ? 1 : SEARCH;
  // One constant more, to tell what fits as well.
  const search = searchFormulas(target, { blocks: own, most: maxConstants + 1 });
  let step = search.next();
  for (; step.done !== true; step = search.next()) yield share * step.value;
  const found = step.value;
  const simple = found.candidates.filter(({ constants }) => constants <= maxConstants);
  const chosen = shortlist(target, simple);
  if (records === undefined) return { found, judged: judgedByTarget(target, chosen) };
  const close = judgedByRecords(target, chosen, records);
  let look = close.next();
  for (; look.done !== true; look = close.next()) yield share + (1 - share) * look.value;
  return { found, judged: look.value };
}

/** What the records said of a law. */
function targetOf({ uncertainty, separations, record, kind }: MclnnModel | SplineModel): Target {
  const likelihood = uncertainty?.likelihood;
  if (uncertainty === undefined || likelihood === undefined)
    throw new MclnnError("the model does not know what its records said of the law", {
      code: "no-likelihood",
      argument: "model",
      expected: "a model with error bars and the likelihood of its records",
      got: `${kind} without`,
      mend: "Train again: with optimizer auto, on data that have no findings against error bars.",
    });
  const exact = record.noise === undefined;
  const { edges } = separations;
  const [from, to] = [edges[0], edges[edges.length - 1]];
  if (!(to - from > NARROW * from))
    throw new MclnnError("any formula fits so narrow a range", {
      code: "narrow-range",
      argument: "model",
      expected: `separations seen over a tenth of their size or more`,
      got: `r from ${from} to ${to}`,
      mend: "Record motion that takes particles nearer and farther.",
    });
  return createTarget({ uncertainty: { ...uncertainty, likelihood }, separations, exact });
}

function keptFindings({ record }: MclnnModel | SplineModel): readonly string[] {
  const { findings } = record;
  return Array.isArray(findings) ? findings.filter((each) => typeof each === "string") : [];
}

/** Candidates to be looked at closely. */
function shortlist({ exact, y }: Target, simple: readonly Candidate[]): readonly Candidate[] {
  if (!exact)
    return simple
      .filter(({ score }) => score < simple[0].score + SHORTLIST.within)
      .slice(0, SHORTLIST.most);
  const close = simple.filter(({ chiSquared }) => chiSquared < 300 * y.length);
  const sizes = [...new Set(close.map(({ constants }) => constants))];
  const chosen = new Set([
    ...close.slice(0, 3),
    ...sizes.flatMap((size) =>
      close
        .filter(({ constants }) => constants === size)
        .sort((a, b) => a.chiSquared - b.chiSquared)
        .slice(0, 2),
    ),
  ]);
  return chosen.size > 0 ? [...chosen] : simple.slice(0, 1);
}

interface VerdictOptions {
  readonly blocks: readonly Block[];
  /** Whether what is left of the records is noise. */
  readonly noise: boolean;
  /** Standard deviation of the law's V'. */
  readonly deviation: (r: number) => number;
}

function verdictOf(
  target: Target,
  { candidates }: Found,
  judged: readonly Judged[],
  { blocks, noise, deviation }: VerdictOptions,
): FormulaResult {
  const { from, to, middle } = target;
  const common = { from, to };
  const ranked = [...judged].sort((a, b) => a.score - b.score);
  const fitting = ranked.filter(({ fits }) => fits);
  const best = fitting[0];
  const written = (each: Judged): LawFormula => ({
    ...writeFormula(each, each.covariance, middle),
    chiSquared: each.chiSquared,
    degreesOfFreedom: each.degreesOfFreedom,
    p: each.p,
    behind: each.score - (best ?? ranked[0]).score,
  });
  const nothing = { ...common, formulas: [], alsoFit: 0, apart: null };
  const distance = (f: (r: number) => number, g: (r: number) => number): Distance | null =>
    farthest(target, (r) => Math.abs(f(r) - g(r)) / deviation(r));
  const nearest =
    ranked.length === 0
      ? null
      : { ...written(ranked[0]), missed: distance(slopeAt(ranked[0], middle), target.slope) };
  if (!noise || target.dropped > 0) return { ...nothing, verdict: "not-judged", nearest };
  if (best === undefined) return { ...nothing, verdict: "none", nearest };
  const isHeld = (large: Judged, small: Judged): boolean =>
    holds(keysOf(large.sum), keysOf(small.sum), blocks);
  const rivals = fitting.filter(
    (each) =>
      each !== best &&
      each.score < best.score + RIVAL &&
      !(each.constants > best.constants && isHeld(each, best)),
  );
  const chosen = rivals.reduce(
    (now, each) =>
      each.constants < now.constants && isHeld(now, each) && each.score < best.score + SIMPLER
        ? each
        : now,
    best,
  );
  const others = [best, ...rivals].filter((each) => each !== chosen && !isHeld(each, chosen));
  return {
    ...common,
    verdict: others.length === 0 ? "identified" : "several",
    formulas: [chosen, ...others].map(written),
    alsoFit: alsoFitting(candidates, chosen, isHeld),
    nearest: null,
    apart:
      others.length === 0
        ? null
        : apartBy(target, slopeAt(chosen, middle), slopeAt(others[0], middle), distance),
  };
}

/** How many formulas of one constant more fit as well: how far the data single a formula out. */
function alsoFitting(
  candidates: readonly Candidate[],
  chosen: Judged,
  isHeld: (large: Judged, small: Judged) => boolean,
): number {
  const best = candidates.find(({ key }) => key === chosen.key);
  if (best === undefined) return 0;
  return candidates.filter(
    (each) =>
      each.constants === chosen.constants + 1 &&
      each.p > REFUSED &&
      each.chiSquared < best.chiSquared + AS_WELL &&
      !isHeld({ ...each, fits: true }, chosen),
  ).length;
}

/** Where two laws differ most, and how many times the records would tell them apart. */
function apartBy(
  target: Target,
  f: (r: number) => number,
  g: (r: number) => number,
  distance: (f: (r: number) => number, g: (r: number) => number) => Distance | null,
): FormulaResult["apart"] {
  const most = distance(f, g);
  const apart = compared(
    target,
    target.r.map((r) => f(r) - g(r)),
  );
  const records = (2 * (RIVAL + SIMPLER)) / dot(apart, apart);
  return most === null ? null : { ...most, records: Math.max(1, records) };
}

function farthest({ r, from, to }: Target, deviations: (r: number) => number): Distance | null {
  let most: Distance | null = null;
  for (const at of r) {
    if (at < from || at > to) continue;
    const own = deviations(at);
    if (Number.isFinite(own) && !(most !== null && own <= most.deviations))
      most = { at, deviations: own };
  }
  return most;
}

/** Constants that a formula may have at all: the search looks no further. */
const MOST_CONSTANTS = 9;

function checkMost(maxConstants: number | undefined): void {
  if (maxConstants === undefined || maxConstants <= MOST_CONSTANTS) return;
  throw new MclnnError("formulas of so many constants are not looked for", {
    code: "bad-option",
    argument: "maxConstants",
    expected: `1 to ${MOST_CONSTANTS}`,
    got: String(maxConstants),
    mend: "What needs more is no formula: use the spline.",
  });
}
