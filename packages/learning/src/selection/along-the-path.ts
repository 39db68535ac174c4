import { blanesMoan4 } from "@mclnn/integrators";
import { type TermSpec, termByName } from "@mclnn/physics/terms";
import { type Addend, type NormalEquations, SensitivityPass } from "../engine/sensitivity.ts";
import { exactPath, pathEquations, smoothPaths, startsOnPath } from "../fit/along-the-path.ts";
import { bestPosterior } from "../prior/evidence.ts";
import { lawScale } from "../prior/law-scale.ts";
import { powerPrior } from "../prior/prior.ts";
import { named, scheduleOf } from "../records/dynamics.ts";
import { pathSeparations } from "../records/path.ts";
import { bodyVariances, scatters } from "../records/scatter.ts";
import { segmentsOf } from "../records/segments.ts";
import { evenTrajectories } from "../records/select.ts";
import type { TrainingData } from "../records/training-data.ts";
import { buildBasis } from "../splines/knots.ts";
import { lawTerms } from "../terms/law-terms.ts";
import { OF_RESOLUTION, PLAINLY, quadraticOf } from "./choose.ts";
import { gainOf, type Quadratic, weigh } from "./evidence.ts";
import { smallTerms, type TermOffer, type TermOnOffer, termOffer } from "./offers.ts";
import { type Selection, select } from "./select.ts";

/** The path is not the motion: what is taken for a term has to be plain. */
const SURE = 20;
const CELLS = 20;
/** Of what pairs alone leave, the path's own error may be this share. */
const OF_PATH = 1e-4;
/** More trajectories say nothing that a first guess needs. */
const TRAJECTORIES = 25;
/** Records of segments that longer trajectories are cut into. */
const SHORT = 20;
/** Weight of the law's roughness where nothing can be weighed against it, relative to the records' own. */
const WEAK = 1e-10;
/** Noise variance that records cannot exceed, over what local polynomials see. */
const ROOM = 1.5;
/** Degree and window of the path through noisy positions alone. */
const SMOOTH = [3, 5] as const;

/** More terms than these follow what is no law with terms: kinds of particles, rods, walls. */
const MANY = 6;
/** Noise variances that a law leaves along the path where nothing else acts. */
const LEFT = 2;
/** So many that nothing but other forces leaves them: the path's own error, where particles meet, is a few. */
const FAR = 10;

/** What a law is asked for along the path through records, where positions are linear in all coefficients. */
interface AlongPath {
  readonly equations: NormalEquations;
  readonly q: Quadratic;
}

/** Terms that records plainly have. */
interface PlainTerms {
  readonly terms: readonly TermSpec[];
  /** Whether they and pairs leave no more than noise along the path. */
  readonly explain: boolean;
}

const NONE: PlainTerms = { terms: [], explain: false };

/**
 * The terms that records plainly have, before there is any law: forces are looked up along the path through them. None where pairs alone leave no more
 * along it than noise.
 *
 * @param isHeld - whether what pairs leave may be what a term holds
 * @param early - before pairs alone have been tried: null where these may do yet
 */
export function plainTerms(
  all: TrainingData,
  onOffer: () => readonly TermOnOffer[],
  { isHeld = () => true, early = false }: { isHeld?: () => boolean; early?: boolean } = {},
): PlainTerms | null {
  if (all.weights !== null || all.records < SMOOTH[1]) return NONE;
  // Along many records the path's own error adds up.
  const cut = segmentsOf(all, SHORT) ?? all;
  const data = evenTrajectories(cut, Math.min(cut.trajectories, TRAJECTORIES));
  // Of all bodies together: one may be seen far less well than the others.
  const noise = scatters(data) ? mean(bodyVariances(data)) : 0;
  const pairs = alongPath(data, [], noise);
  const alone = weigh(pairs.q, new Map())?.sum ?? 0;
  const resolution = noise > 0 ? LEFT * noise * pairs.q.degreesOfFreedom : OF_PATH * alone;
  const isNoise = (sum: number): boolean => sum < resolution;
  if (isNoise(alone)) return NONE;
  if (early && alone < (FAR / LEFT) * resolution) return null;
  if (!isHeld()) return NONE;
  const everything = onOffer();
  const few = smallTerms(everything, all);
  const small = few.filter(({ family }) => family !== "kinetic");
  const bar = {
    ...{ gain: SURE, share: PLAINLY, keeps: noise > 0 ? PLAINLY : OF_RESOLUTION },
    ...{ least: OF_PATH * alone, most: MANY },
  };
  const chosenFrom = (offered: readonly TermOnOffer[]): Selection<TermOffer> | null => {
    const terms = lawTerms(
      offered.map(({ spec }) => spec),
      data,
    );
    const { equations, q } = alongPath(data, terms, noise);
    let next = q.law;
    const offers = offered.map((on, k) => {
      next += terms[k].size;
      return termOffer(on, terms[k], equations, next - terms[k].size);
    });
    return select(q, offers, [], { bar, parts: () => [] });
  };
  // What is linear and of few coefficients first; then what is about a place; then functions of several numbers, and what goes by accelerations, which
  // the path knows least.
  let last: Selection<TermOffer> | null = null;
  const about = new Map<TermOnOffer, TermOnOffer>();
  const sharp = (on: TermOnOffer): TermOnOffer => {
    const own = about.get(on) ?? sharpened(data, on, noise);
    about.set(on, own);
    return own;
  };
  for (const offered of [
    () => small,
    () => small.map(sharp),
    () => (noise > 0 ? everything : few).map(sharp),
  ]) {
    const found = chosenFrom(offered());
    if (found !== null && (last === null || found.base.sum < last.base.sum)) last = found;
    if (last !== null && isNoise(last.base.sum)) break;
  }
  return {
    terms: last === null ? [] : surely(Array.from(last.chosen.keys())),
    explain: last !== null && isNoise(last.base.sum),
  };
}

/** Terms in the order in which they came. One of accelerations goes by those of the path: what came after it repairs what these leave. */
function surely(chosen: readonly TermOffer[]): TermSpec[] {
  const last = chosen.findIndex(({ term }) => term.inertia !== undefined);
  return chosen.slice(0, last < 0 ? chosen.length : last + 1).map(({ on }) => on.spec);
}

/** Steps in which the centre of a force, or a wind, is looked for beside pairs alone, and how short they may be. */
const STEPS = 12;
const SHORTEST = 1 / 16;
/** They go on while this share of what is left goes. */
const WORTH = 1e-3;

/** What is about a place or a wind, about the one that the records ask for. */
function sharpened(data: TrainingData, on: TermOnOffer, noise: number): TermOnOffer {
  const { about } = termByName(on.spec.name);
  if (about === undefined) return on;
  /** The best coefficients beside pairs, and what these leave. @param c - where the term is linear about. Default: where it is absent */
  const best = (spec: TermSpec, c?: Float64Array) => {
    const [term] = lawTerms([spec], data);
    const at = c ?? new Float64Array(term.size);
    const rides: Addend = {
      ...{ size: term.size, reads: term.reads },
      linearise: (frame, _, into) => term.linearise(frame, at, into),
    };
    const { equations, q } = alongPath(data, [rides], noise);
    const offer = termOffer({ ...on, spec }, term, equations, q.law);
    const alone = weigh(q, new Map());
    const gain = alone && gainOf(q, alone, offer);
    const found = gain && weigh(q, new Map([[offer, gain.weight]]));
    return found === null ? null : { term, c: found.step.slice(q.law), left: found.sum };
  };
  let spec = on.spec;
  let now = best(spec);
  for (let [step, share] = [0, 1]; now !== null && step < STEPS && share >= SHORTEST; step++) {
    const { term, c, left } = now;
    const ahead = best(spec, c);
    if (ahead === null) break;
    const move = ahead.c.map((x, k) => share * (x - c[k]));
    const trial = about(spec, term.moved?.(c, move) ?? c.map((x, k) => x + move[k])).spec;
    const next = best(trial);
    const isBetter = next !== null && next.left < left;
    if (isBetter) [spec, now] = [trial, next];
    if (next !== null && Math.abs(next.left - left) < WORTH * left) break;
    share = isBetter ? 1 : share / 2;
  }
  return { ...on, spec };
}

/** @param noise - variance of positions; 0 where they are exact */
function alongPath(data: TrainingData, terms: readonly Addend[], noise: number): AlongPath {
  const schedule = scheduleOf(data.times, {
    ...named(blanesMoan4),
    ...{ substeps: 1, dt: null, tangentSubsteps: 1, source: "measured" },
  });
  const basis = buildBasis(pathSeparations(data), { cells: CELLS });
  const pass = new SensitivityPass(data, schedule, basis, { freeStarts: true, terms });
  const hasVelocities = data.velocities !== null;
  const [smooth] = smoothPaths(data.times, schedule, [SMOOTH]);
  const along = noise > 0 && !hasVelocities ? smooth : exactPath(data, schedule, hasVelocities);
  const starts = startsOnPath(data, schedule, along, hasVelocities ? 1 : 0);
  const equations = pathEquations({ basis, pass }, { along, starts });
  const values = new Float64Array(pass.size - basis.size);
  const unknowns = new Float64Array(pass.size);
  const free = { basis, coefficients: unknowns.subarray(0, basis.size), prior: null };
  const smoothness = powerPrior(basis, 0);
  const exact = noise === 0;
  // Along exact paths nothing is left that could be weighed against roughness.
  const weighed = exact
    ? null
    : bestPosterior(
        { ...equations, sum: quadraticOf(free, exact, { ...equations, values }).sum },
        unknowns,
        basis,
        smoothness,
        ROOM * noise,
      );
  const weight = WEAK * lawScale(equations, basis);
  const prior = weighed?.prior ?? smoothness.matrix.map((x) => weight * x);
  const q = quadraticOf({ ...free, prior }, exact, { ...equations, values });
  return { equations, q };
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;
