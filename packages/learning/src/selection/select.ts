import {
  type Block,
  fallOf,
  type Gain,
  gainOf,
  type Quadratic,
  type Weighed,
  weigh,
} from "./evidence.ts";

/** Something that a law may have beside its pairs. */
export interface Offer extends Block {
  /** Rivals: each does to some extent what the others of its family do. */
  readonly family: string;
  /** How general it is among them. */
  readonly rung: number;
}

/** When something on offer is taken. */
export interface Bar {
  /** Log evidence that it brings at least. */
  readonly gain: number;
  /** Share of the sum of squares that it takes at least. */
  readonly share: number;
  /** Sum of squares that it takes at least. */
  readonly least?: number;
  /** Share of what would be left without it that it takes in the end. */
  readonly keeps: number;
  /** What would need more of them is not explained. Default: any number. */
  readonly most?: number;
}

/** The equations that each part of the records adds: what only one part of them asks for is left alone. Made when first asked for. */
export type Parts = () => readonly Pick<Quadratic, "metric" | "gradient">[];

export interface Selection<O extends Offer> {
  /** What is in, with the weight of its prior, in the order in which it came. */
  readonly chosen: ReadonlyMap<O, number>;
  /** The law with it. */
  readonly base: Weighed;
  /** Log evidence that each of those that are in brings beside the others, and each of those that are not would. */
  readonly gains: ReadonlyMap<O, number>;
}

/** A simpler rival is preferred where it gains this share of the best, and enough. */
const AS_GOOD = 0.03;
/** Without the part of the records that gains most, the rest still gains this share of what is asked for, and of all. */
const WITHOUT_BEST = { ofBar: 0.75, ofAll: 0.1 };
/** Parts from which one can be left out, and from which the others are to have a share of their own. */
const LEAST_PARTS = 3;
const MANY_PARTS = 5;
/** Each coefficient counts so much against what is as good. */
const SIMPLER = 0.5;
/** Curves, and matrices with many entries, begin at this rung. */
const GENERAL = 2;
/** Sweeps over the weights of all priors. */
const SWEEPS = 2;
const MOST_ROUNDS = 24;

/**
 * Chooses what a law has beside its pairs by evidence: what brings most joins, unless a simpler one of its family does as well or only one part of the
 * records asks for it; what no longer brings enough leaves again.
 *
 * @param before - what is in to begin with
 * @returns null where there is no law, or it would need too much beside its pairs
 */
export function select<O extends Offer>(
  q: Quadratic,
  offers: readonly O[],
  before: readonly O[],
  { bar, parts }: { readonly bar: Bar; readonly parts: Parts },
): Selection<O> | null {
  let now = settle(q, new Map(before.map((offer) => [offer, startWeight(q, offer)])));
  if (now === null) return null;
  now = dropped(q, simplified(q, now, offers, bar), bar);
  const vetoed = new Set<O>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next: Best<O> | null = best(q, now, offers, vetoed, bar);
    if (next === null) break;
    const { base } = now;
    const joined: Chosen<O> | null = settle(q, new Map([...now.chosen, [next.offer, next.weight]]));
    if (joined === null || !isShared(q, base, joined.base, { bar, parts })) {
      vetoed.add(next.offer);
      continue;
    }
    now = dropped(q, simplified(q, joined, offers, bar), bar);
    if (now.chosen.size > (bar.most ?? offers.length)) return null;
    if (!now.chosen.has(next.offer)) vetoed.add(next.offer);
  }
  const last = { ...bar, share: bar.keeps };
  now = oneForTwo(q, dropped(q, simplified(q, now, offers, last), last), offers, last);
  return { ...now, gains: gainsOf(q, now, offers) };
}

/** What is to join. */
interface Best<O extends Offer> extends Gain {
  readonly offer: O;
}

/** What is in, and the law with it. */
interface Chosen<O extends Offer> {
  readonly chosen: ReadonlyMap<O, number>;
  readonly base: Weighed;
}

/** The one that brings most, or the simplest of its family that does as well. */
function best<O extends Offer>(
  q: Quadratic,
  { chosen, base }: Chosen<O>,
  offers: readonly O[],
  vetoed: ReadonlySet<O>,
  bar: Bar,
): Best<O> | null {
  const open = offers.flatMap((offer) => {
    const gain = chosen.has(offer) || vetoed.has(offer) ? null : gainOf(q, base, offer);
    if (gain === null || !isEnough(gain, bar)) return [];
    return gain.share * base.sum > (bar.least ?? 0) ? [{ offer, ...gain }] : [];
  });
  const worth = ({ gain, offer }: (typeof open)[number]): number => gain - SIMPLER * offer.size;
  const [first] = open.sort((a, b) => worth(b) - worth(a));
  if (first === undefined) return null;
  const { family, rung } = first.offer;
  const [simplest] = open
    .filter(
      ({ offer, gain }) =>
        offer.family === family && offer.rung < rung && gain > AS_GOOD * first.gain,
    )
    .sort((a, b) => a.offer.rung - b.offer.rung || b.gain - a.gain);
  return simplest ?? first;
}

/** Whether more than one part of the records is better off. */
function isShared(
  { degreesOfFreedom }: Quadratic,
  before: Weighed,
  after: Weighed,
  { bar, parts }: { readonly bar: Bar; readonly parts: Parts },
): boolean {
  const all = parts();
  if (all.length < LEAST_PARTS) return true;
  const falls = all.map((part) => fallOf(part, before.step, after.step));
  const whole = falls.reduce((sum, x) => sum + x, 0);
  const rest = whole - Math.max(...falls);
  const noise = after.sum / degreesOfFreedom;
  return (
    rest > 2 * noise * WITHOUT_BEST.ofBar * bar.gain &&
    (all.length < MANY_PARTS || rest > WITHOUT_BEST.ofAll * whole)
  );
}

/** The same with one for two that it does as well as, and without two that do nothing. */
function oneForTwo<O extends Offer>(
  q: Quadratic,
  from: Chosen<O>,
  offers: readonly O[],
  bar: Bar,
): Chosen<O> {
  for (const trial of withOneForTwo(q, from, offers))
    if (!isEnough(broughtTo(trial, from), bar))
      return oneForTwo(q, dropped(q, trial, bar), offers, bar);
  return from;
}

/** Two that take back from each other what neither does alone leave together, or for a simpler one that does what both do, as a turning frame is two forces. */
function* withOneForTwo<O extends Offer>(
  q: Quadratic,
  { chosen }: Chosen<O>,
  offers: readonly O[],
): Generator<Chosen<O>> {
  const all = [...chosen.keys()];
  for (const [k, a] of all.entries())
    for (const b of all.slice(0, k)) {
      const rest = [...chosen].filter(([each]) => each !== a && each !== b);
      const ones = offers.filter((one) => !chosen.has(one) && one.size < a.size + b.size);
      for (const one of [null, ...ones.filter(({ rung }) => rung < GENERAL)]) {
        const trial = settle(
          q,
          new Map(one === null ? rest : [...rest, [one, startWeight(q, one)] as const]),
        );
        if (trial !== null) yield trial;
      }
    }
}

/** The same without what brings too little beside the others. */
function dropped<O extends Offer>(q: Quadratic, from: Chosen<O>, bar: Bar): Chosen<O> {
  let now = from;
  for (;;) {
    let least: { readonly without: Chosen<O>; readonly gain: number } | null = null;
    for (const offer of now.chosen.keys()) {
      const without = withoutOne(q, now, offer);
      if (without === null) continue;
      const { gain, share } = broughtTo(without, now);
      const cost = share > bar.share ? gain : Math.min(gain, 0);
      if (cost < bar.gain && (least === null || cost < least.gain)) least = { without, gain: cost };
    }
    if (least === null) return now;
    now = least.without;
  }
}

const withoutOne = <O extends Offer>(
  q: Quadratic,
  { chosen }: Chosen<O>,
  out: O,
): Chosen<O> | null => settle(q, new Map([...chosen].filter(([each]) => each !== out)));

/** What one more block has brought. */
const broughtTo = (
  { base: before }: Chosen<Offer>,
  { base: after }: Chosen<Offer>,
): Pick<Gain, "gain" | "share"> => ({
  gain: after.evidence - before.evidence,
  share: 1 - after.sum / before.sum,
});

/** General terms give way to simpler ones of their family where these do as well. */
function simplified<O extends Offer>(
  q: Quadratic,
  from: Chosen<O>,
  offers: readonly O[],
  bar: Bar,
): Chosen<O> {
  let now = from;
  for (const general of from.chosen.keys()) {
    if (!now.chosen.has(general)) continue;
    for (const [out, simple] of simplerThan(general, now, offers)) {
      const kept = new Map([...now.chosen].filter(([each]) => !out.includes(each)));
      for (const each of simple) kept.set(each, startWeight(q, each));
      const trial = settle(q, kept);
      if (trial === null || isEnough(broughtTo(trial, now), bar)) continue;
      now = trial;
      break;
    }
  }
  return now;
}

/** What may leave, and come instead: of a curve, all that is not one; of others, each that is simpler. */
function simplerThan<O extends Offer>(
  general: O,
  { chosen }: Chosen<O>,
  offers: readonly O[],
): (readonly [out: readonly O[], simple: readonly O[]])[] {
  const { family, rung } = general;
  const simpler = offers.filter(
    (each) => each.family === family && each.rung < Math.min(rung, GENERAL) && !chosen.has(each),
  );
  if (rung < GENERAL) return simpler.map((each) => [[general], [each]] as const);
  const others = [...chosen.keys()].filter(
    (each) => each.family === family && each.rung >= GENERAL,
  );
  const alone = [[general], simpler] as const;
  return others.length > 1 ? [[others, simpler] as const, alone] : [alone];
}

const isEnough = ({ gain, share }: Pick<Gain, "gain" | "share">, bar: Bar): boolean =>
  gain > bar.gain && share > bar.share;

/** The priors' weights of highest evidence, one after another. */
function settle<O extends Offer>(q: Quadratic, from: ReadonlyMap<O, number>): Chosen<O> | null {
  const chosen = new Map(from);
  for (let sweep = 0; sweep < SWEEPS && chosen.size > 0; sweep++)
    for (const offer of from.keys()) {
      const without = new Map([...chosen].filter(([each]) => each !== offer));
      const base = weigh(q, without);
      const gain = base === null ? null : gainOf(q, base, offer);
      if (gain !== null) chosen.set(offer, gain.weight);
    }
  const base = weigh(q, chosen);
  return base === null ? null : { chosen, base };
}

/** What each that is in has brought beside the others, and each that is not would bring. */
const gainsOf = <O extends Offer>(
  q: Quadratic,
  now: Chosen<O>,
  offers: readonly O[],
): Map<O, number> =>
  new Map(
    offers.map((offer) => {
      if (!now.chosen.has(offer)) return [offer, gainOf(q, now.base, offer)?.gain ?? 0];
      const without = withoutOne(q, now, offer);
      return [offer, without === null ? 0 : broughtTo(without, now).gain];
    }),
  );

/** A weight of the prior that hides nothing. */
const WEAK = 1e-4;

function startWeight({ metric, gradient }: Quadratic, { first, size, roughness }: Block): number {
  let [data, own] = [0, 0];
  for (let k = 0; k < size; k++) {
    data += metric[(first + k) * (gradient.length + 1)];
    own += roughness[k * (size + 1)];
  }
  return (WEAK * data) / own;
}
