import type { TermSpec } from "@mclnn/physics/terms";
import { choleskyFactor, choleskySolve, inverse } from "../algebra/linear-algebra.ts";
import { EXACT_LOSS } from "../fit/spline-fit.ts";
import type { emptyEquations, NormalEquations } from "../rollout/normal-equations.ts";
import type { Question } from "../terms/catalogue.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { type AskedEquations, type AskedFit, ask, thinned } from "./ask.ts";
import { beside, type Quadratic, type Weighed } from "./evidence.ts";
import { plainPrior, type TermOffer, type TermOnOffer, termOffer } from "./offers.ts";
import { type Bar, type Offer, type Parts, type Selection, select } from "./select.ts";

/** A term and the evidence for it. */
export interface WeighedTerm {
  readonly spec: TermSpec;
  /** Log evidence that it brings, in nats. */
  readonly gain: number;
  /** In the data's units, to first order. */
  readonly coefficients: Float64Array;
  /** [size x size] */
  readonly covariance: Float64Array | null;
}

/** A constant that would have been seen, were it larger than this. */
export interface NotSeen {
  readonly name: string;
  /** In the data's units. */
  readonly limit: number;
  /** Share of what it does that the law cannot do as well. */
  readonly share: number;
}

/** What evidence says of the terms on offer, about a fit. */
export interface TermEvidence {
  readonly found: readonly WeighedTerm[];
  readonly hints: readonly WeighedTerm[];
  readonly notSeen: readonly NotSeen[];
}

/** Where the law of highest evidence is, to first order. */
export interface Chosen extends TermEvidence {
  readonly terms: readonly TermSpec[];
  /** Of the terms, one after another. */
  readonly values: Float64Array;
  readonly coefficients: Float64Array;
  /** What no law can hold, and the equations in which it was asked for as well. */
  readonly rivals: readonly Question[];
  readonly asked: AskedEquations;
}

/** Log evidence of what is found, and of what is worth a hint. */
const FOUND = 10;
const HINT = 6;
/** Standard deviations of what would have been found nine times of ten. */
const SEEN = 4.5;
/** What does less than this of its own is part of another term: a field of a trap about any centre. */
const CONTAINED = 1e-5;
/** Of terms with more coefficients no limit is told. */
const CONSTANTS = 4;
/** Where what is left is no noise, a term takes this share of it, and in the end of what would be left without it. */
export const PLAINLY = 0.02;
export const OF_RESOLUTION = 0.9;
/** Parts that records are divided into, of a trajectory or more each. */
const PARTS = 20;

/** What no term can be, and explains what terms would else have to. */
interface RivalOffer extends Offer {
  readonly question: Question;
}

/**
 * Chooses the terms of a law by the records' evidence, from one pass along a fit in which all of them ride along.
 *
 * @param onOffer - those of the fit among them
 * @param rivals - what no law can hold: where it explains more than any term, no more terms are looked for
 * @param exact - whether what is left of the records is the fit's own resolution
 */
export function chooseTerms(
  all: AskedFit,
  {
    onOffer,
    rivals,
    exact,
  }: {
    readonly onOffer: readonly TermOnOffer[];
    readonly rivals: readonly Question[];
    readonly exact: boolean;
  },
): Chosen {
  const fit = thinned(all);
  const { data, basis } = fit;
  const own = fit.terms.map((spec) => onOffer.find((each) => each.spec === spec));
  const present = own.filter((each) => each !== undefined);
  const offered = [...present, ...onOffer.filter((each) => !present.includes(each))];
  const terms = lawTerms(
    offered.map(({ spec }) => spec),
    data,
  );
  const asked = ask(fit, {
    offers: terms.slice(present.length),
    watched: rivals.flatMap(({ candidates }) => candidates),
  });
  let next = basis.size;
  const offers = [
    ...offered.map((on, k): TermOffer => {
      next += terms[k].size;
      return termOffer(on, terms[k], asked, next - terms[k].size);
    }),
    ...rivals.map((question): RivalOffer => {
      next += question.size;
      return rivalOffer(question, asked, next - question.size);
    }),
  ];
  const q = quadraticOf(fit, exact, asked);
  const bar: Bar = { gain: FOUND, share: exact ? PLAINLY : 0, keeps: exact ? OF_RESOLUTION : 0 };
  const selection = select<TermOffer | RivalOffer>(q, offers, offers.slice(0, present.length), {
    bar,
    parts: partsOf(fit, asked),
  });
  if (selection === null) return { ...NOTHING_CHOSEN, ...all, rivals, asked };
  return { ...chosenOf(fit, asked, q, { offers, exact, selection }), rivals };
}

function rivalOffer(
  question: Question,
  { metric, gradient }: AskedEquations,
  first: number,
): RivalOffer {
  const { size, finding } = question;
  const roughness = plainPrior(metric, gradient.length, first, size);
  return { question, first, size, roughness, family: finding.kind, rung: 0 };
}

const isTerm = (offer: TermOffer | RivalOffer): offer is TermOffer => "on" in offer;

/** The normal equations with start states fitted anew. */
export function quadraticOf(
  { basis, coefficients, prior }: Pick<AskedFit, "basis" | "coefficients" | "prior">,
  exact: boolean,
  {
    metric,
    gradient,
    sum,
    eliminations,
    degreesOfFreedom,
    values,
  }: NormalEquations & { readonly values: Float64Array },
): Quadratic {
  const at = new Float64Array(gradient.length);
  at.set(coefficients);
  at.set(values, basis.size);
  let left = sum;
  for (const { right } of eliminations) for (const x of right) left -= x * x;
  const resolution = exact ? EXACT_LOSS * degreesOfFreedom : 0;
  const law = basis.size;
  return { metric, gradient, sum: left, resolution, degreesOfFreedom, at, law, prior };
}

/** The equations of each part of the records. */
export function partsOf(
  { data, curve, starts }: AskedFit,
  { pass, values }: AskedEquations,
): Parts {
  let made: ReturnType<Parts> | null = null;
  return () => {
    if (made !== null) return made;
    const { trajectories } = data;
    const each = Math.ceil(trajectories / PARTS);
    const chunks = Array.from({ length: Math.ceil(trajectories / each) }, (_, k) => ({
      first: k * each,
      end: Math.min(trajectories, (k + 1) * each),
    }));
    const out: ReturnType<typeof emptyEquations>[] = [];
    pass.eachChunk(curve, { starts, values }, chunks, ({ metric, gradient, sum }) => {
      out.push({ metric: metric.slice(), gradient: gradient.slice(), sum, eliminations: [] });
    });
    made = out;
    return out;
  };
}

const NOTHING_CHOSEN: TermEvidence = { found: [], hints: [], notSeen: [] };

function chosenOf(
  fit: AskedFit,
  asked: AskedEquations,
  q: Quadratic,
  {
    offers,
    exact,
    selection: { chosen, base, gains },
  }: {
    readonly exact: boolean;
    readonly offers: readonly (TermOffer | RivalOffer)[];
    readonly selection: Selection<TermOffer | RivalOffer>;
  },
): Omit<Chosen, "rivals"> {
  const order = [...chosen.keys()];
  // What came after something that no law holds was chosen beside it.
  const end = order.findIndex((offer) => !isTerm(offer));
  const kept = (end < 0 ? order : order.slice(0, end)).filter(isTerm);
  const step = end < 0 ? base.step : new Float64Array(base.step.length);
  const at = q.at.map((c, i) => c + step[i]);
  const own = ({ first, size }: Offer): Float64Array => at.slice(first, first + size);
  const gainOf = (offer: Offer): number => gains.get(offer as TermOffer) ?? 0;
  const open = offers.filter(isTerm).filter((offer) => !chosen.has(offer));
  const about = { q, base };
  const { coefficients } = fit;
  return {
    asked,
    terms: kept.map(({ on }) => on.spec),
    values: Float64Array.from(kept.flatMap((offer) => Array.from(own(offer)))),
    coefficients: coefficients.map((c, i) => c + step[i]),
    found: kept.map((offer) => ({
      spec: offer.on.spec,
      gain: gainOf(offer),
      coefficients: own(offer),
      covariance: null,
    })),
    hints: end < 0 && !exact ? hintsOf(open, gainOf, about) : [],
    notSeen: firstOfName(open.flatMap((offer) => limitOf(offer, about))),
  };
}

/** As an acceleration and as a force a term has one name. */
const firstOfName = (limits: readonly NotSeen[]): NotSeen[] =>
  limits.filter(({ name }, k) => limits.findIndex((each) => each.name === name) === k);

/** A law of highest evidence, and the loss about it. */
interface About {
  readonly q: Quadratic;
  readonly base: Weighed;
}

/** Of each family what is most likely, where that is more than nothing. */
function hintsOf(
  open: readonly TermOffer[],
  gainOf: (offer: Offer) => number,
  about: About,
): WeighedTerm[] {
  const best = new Map<string, TermOffer>();
  for (const offer of open) {
    const before = best.get(offer.family);
    const gain = gainOf(offer);
    if (gain > HINT && gain <= FOUND && (before === undefined || gain > gainOf(before)))
      best.set(offer.family, offer);
  }
  return Array.from(best.values(), (offer) => {
    const { curvature, pull } = beside(about.q, about.base, offer);
    const n = offer.size;
    const covariance = covarianceAt(curvature, n, about);
    const factor = curvature.slice();
    const coefficients = choleskyFactor(factor, n) ? choleskySolve(factor, n, pull) : pull.fill(0);
    return { spec: offer.on.spec, gain: gainOf(offer), coefficients, covariance };
  });
}

/** variance x curvature^-1; null where that is not determined. */
function covarianceAt(curvature: Float64Array, n: number, { q, base }: About): Float64Array | null {
  const inverted = inverse(curvature, n);
  const variance = base.sum / q.degreesOfFreedom;
  return inverted?.every(Number.isFinite) ? inverted.map((x) => variance * x) : null;
}

/** How large the first constant of a term that is not there can be. */
function limitOf(offer: TermOffer, about: About): NotSeen[] {
  const { term, size } = offer;
  if (size > CONSTANTS) return [];
  const [constant] = term.constants(new Float64Array(size).fill(1));
  if (constant === undefined) return [];
  const { curvature, own } = beside(about.q, about.base, offer);
  const covariance = covarianceAt(curvature, size, about);
  if (covariance === null) return [];
  let largest = 0;
  let share = 1;
  for (const gradient of constant.gradient) {
    let variance = 0;
    gradient.forEach((a, i) => {
      if (a !== 0) share = Math.min(share, curvature[i * size + i] / own[i * size + i]);
      gradient.forEach((b, k) => {
        variance += a * b * covariance[i * size + k];
      });
    });
    largest = Math.max(largest, Math.sqrt(variance));
  }
  return Number.isFinite(largest) && share > CONTAINED
    ? [{ name: offer.on.spec.name, limit: SEEN * largest, share }]
    : [];
}
