import { velocityVerlet } from "@mclnn/integrators";
import { isMclnnError, MclnnError } from "@mclnn/physics";
import type { FoundCause } from "../findings/causes/causes.ts";
import { LOST } from "../findings/limits.ts";
import { EXACT_LOSS, fitSpline } from "../fit/spline-fit.ts";
import {
  type Dynamics,
  named,
  namedDynamics,
  scheduleOf,
  splittingByName,
} from "../records/dynamics.ts";
import { localVariance, scatters } from "../records/scatter.ts";
import { hasLongSegments, LONG_SEGMENT, segmentsOf } from "../records/segments.ts";
import { chooseTimeStep } from "../records/time-step.ts";
import type { TrainingData } from "../records/training-data.ts";
import { type Pausing, pausing } from "../runs/pausing.ts";
import { lawTerms } from "../terms/law-terms.ts";
import type { Progress } from "../understand/explanation.ts";
import type { Question } from "../understand/hypothesis.ts";
import {
  asTold,
  notFound,
  type Understanding,
  unfinished,
  withoutLaw,
} from "../understand/understanding.ts";
import { knownLaw } from "./known-law.ts";
import { checkEnough, startsComplete } from "./requirements.ts";
import { arranged, finished, type Task, told, withinLimits } from "./task.ts";

/** Finds out what the options leave open: integrator, substeps, start states, masses. */
export async function understandData(task: Task): Promise<Understanding> {
  const { set, options, species } = task;
  const question = questionOf(task);
  const needVelocities = question.velocities !== "unknown";
  checkEnough(set, { freeStarts: !needVelocities, laws: species?.length ?? 1 });
  if (!options.fitMasses) {
    const data = withinLimits(task, arranged(task, set, needVelocities));
    if (options.bonds === "unknown") {
      const { understandWithBonds } = await import("./imperfect-data.ts");
      return understandWithBonds(task, question, data);
    }
    if (options.fitCharges === true) {
      const { understandWithCharges } = await import("./imperfect-data.ts");
      return understandWithCharges(task, question, data);
    }
    const known = await understoodAtOnce(task, question, data);
    if (known !== null) return known.exactFit === null ? withPlainTerms(task, known) : known;
    const seen = await lookedAt(task);
    const mended =
      seen.set === set ? data : withinLimits(task, arranged(task, seen.set, needVelocities));
    const found = await understoodOrNot(task, question, mended, seen);
    return {
      ...found,
      seen: [
        ...seen.findings,
        ...(found.view ? [found.view] : []),
        ...(found.unfinished === true ? [unfinished(task.meter.most)] : []),
      ],
    };
  }
  const seen = await lookedAt(task);
  const { understandWithMasses } = await import("./imperfect-data.ts");
  const understood = async (data: TrainingData): Promise<Understanding> =>
    (await understoodAtOnce(task, question, data)) ?? understandByFits(task, question, data);
  const found = await understandWithMasses({ ...task, set: seen.set }, question, understood);
  return { ...found, seen: seen.findings };
}

/** Records without what is wrong with them, and what that is. */
type LookedAt = Awaited<ReturnType<typeof lookedAt>>;

/** Share of a training's work after which pairs alone, that have not explained the records, wait for what else may be behind them. */
const PAIRS_FIRST = 0.25;

/** What fits find out; where no law of pairs is behind the records, or none that fits find, why. */
async function understoodOrNot(
  task: Task,
  question: Question,
  data: TrainingData,
  { set, findings }: LookedAt,
): Promise<Understanding> {
  const { causeOf, plainTerms, understandPastEncounters } = await import("./imperfect-data.ts");
  const { onOffer } = task;
  // Terms that were asked for may be what pairs do not explain.
  const cause = once(() => (task.terms.length > 0 ? null : causeOf(data, set.species)));
  // Rods, kinds of particles and motion without inertia look like masses, traps and drag; a term that is on offer holds what it is named after.
  const isHeld = (): boolean =>
    cause()?.lawless !== true ||
    onOffer?.().some(({ spec }) => spec.name === cause()?.finding.kind) === true;
  // Where noisy records show along their own path what acts beside pairs, a search of pairs would be for nothing.
  const early =
    onOffer !== null && scatters(data) ? plainTerms(data, onOffer, { isHeld, early: true }) : null;
  const alone = pausing(understandPastEncounters(data, question, task.limits));
  const enough = mostLeft(data);
  let least = Number.POSITIVE_INFINITY;
  const steps = alone.until((last) => {
    least = Math.min(least, last?.loss ?? least);
    return task.meter.share >= PAIRS_FIRST && !(least < enough);
  });
  const first = early?.explain ? null : await foundOrNot(finished(task, steps));
  const explained = first !== null && !isMclnnError(first) && explains(first, data) ? first : null;
  const isShort = explained !== null && inShortSegments(explained, data);
  if (explained?.cut === null && !isShort) return explained;
  // Segments may be too short to show what drives particles, and leave out where they bounce off walls.
  const driven = cause() === null ? ((await task.bath?.(set, findings)) ?? null) : null;
  if (driven !== null) return { ...withoutLaw(data, question, []), driven };
  const finding = cause()?.finding ?? null;
  if (explained !== null && !(isShort && cause()?.lawless === true))
    return { ...explained, cause: cause()?.lawless === false ? finding : null };
  const hasWindows = early?.explain !== true && cause()?.lawless !== true;
  const between = hasWindows ? await understoodInWindows(task, question, data) : null;
  if (between !== null) return { ...between, cause: finding };
  const pairsAlone = () => understoodAlone(task, question, data, { alone, cause: cause() });
  if (onOffer === null || !isHeld()) return pairsAlone();
  const { terms = [] } = early ?? plainTerms(data, onOffer) ?? {};
  if (terms.length === 0) return pairsAlone();
  const beside = await foundOrNot(
    understandByFits(task, { ...question, terms, known: null }, data),
  );
  if (!isMclnnError(beside) && explains(beside, data)) return beside;
  const found = await pairsAlone();
  return !isMclnnError(beside) && explainsMost(beside, found) ? beside : found;
}

/** A function that is asked once at most, and only where somebody asks. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Noise variances that a law leaves of windows that could not be shorter for it. */
const ALONG = 1.2;

/** The law of the stretches between close encounters; null where there are none, or no law explains them. */
async function understoodInWindows(
  task: Task,
  question: Question,
  data: TrainingData,
): Promise<Understanding | null> {
  const { inWindows, resolvedWindows } = await import("./imperfect-data.ts");
  const resolved = resolvedWindows(data);
  let best: Understanding | null = null;
  for (const windows of resolved?.lengths ?? []) {
    const found = await foundOrNot(understandByFits(task, { ...question, known: null }, windows));
    if (resolved === null || isMclnnError(found) || !explains(found, windows)) continue;
    const left = (found.law?.fit.variance ?? 0) / localVariance(windows);
    best = { ...found, view: inWindows(windows, resolved) };
    // What a law cannot hold, a bend or a step of V', grows along the way.
    if (left < ALONG) break;
  }
  return best;
}

/** What is told of records is taken as it is, with the terms that they plainly have. */
async function withPlainTerms(task: Task, told: Understanding): Promise<Understanding> {
  if (task.onOffer === null) return told;
  const { plainTerms } = await import("./imperfect-data.ts");
  const { terms = [] } = plainTerms(told.hypothesis.data, task.onOffer) ?? {};
  return { ...told, hypothesis: { ...told.hypothesis, terms } };
}

/** The same without terms that nobody asked for. @param alone - the search of pairs alone, which has begun @param cause - what local motion shows */
async function understoodAlone(
  task: Task,
  question: Question,
  data: TrainingData,
  {
    alone,
    cause,
  }: { readonly alone: Pausing<Progress, Understanding>; readonly cause: FoundCause | null },
): Promise<Understanding> {
  const { movingFrame } = await import("./imperfect-data.ts");
  // What explains most of what is left shakes the centre of mass by itself, but a body at rest may be the origin of the coordinates.
  const frame = cause === null || cause.finding.kind === "pinned" ? movingFrame(data) : null;
  if (frame !== null) {
    const still = await foundOrNot(understandByFits(task, question, frame.data));
    if (!isMclnnError(still)) {
      if (explains(still, frame.data)) return { ...still, view: frame.finding };
      // There is no more work to be done on what was recorded.
      if (still.unfinished === true) return { ...still, cause: cause?.finding ?? null };
    }
  }
  if (cause?.lawless === true) return withoutLaw(data, question, [cause.finding]);
  const found = await foundOrNot(finished(task, alone.rest()));
  return isMclnnError(found) || isLost(found)
    ? withoutLaw(
        data,
        question,
        cause === null ? [notFound(data, isMclnnError(found) ? found : null)] : [cause.finding],
      )
    : { ...found, cause: cause?.finding ?? null };
}

/** What was found; why, where no fit led to a law. */
async function foundOrNot<U>(search: Promise<U>): Promise<U | MclnnError> {
  try {
    return await search;
  } catch (error) {
    if (!isMclnnError(error) || !LAWLESS.includes(error.code)) throw error;
    return error;
  }
}

/** Codes of searches that have no law in the end. */
const LAWLESS: readonly string[] = ["fit-failed", "too-many-particles"];

/** Noise variances that a law which explains the records leaves at most, and a loss that is none. */
const NOISES = 2;
const NOTHING = 1e-9;

const mostLeft = (data: TrainingData): number => Math.max(NOTHING, NOISES * localVariance(data));

const explains = ({ law }: Understanding, data: TrainingData): boolean =>
  law === null || law.fit.loss < mostLeft(data);

/** Whether a law's rollouts have nothing to do with the records: those of any other would do as well. */
const isLost = ({ law }: Understanding): boolean => law !== null && law.fit.loss > LOST * LOST;

/** Whether a law follows no more than short segments from free starts: so do many laws, those of what is no law of pairs as well. */
const inShortSegments = ({ hypothesis, law }: Understanding, { records }: TrainingData): boolean =>
  hypothesis.starts === "free" &&
  law !== null &&
  law.fit.data.records < Math.min(records, LONG_SEGMENT);

/** Terms that leave more than this share of the loss are not what is missing. */
const LEFT = 0.3;

const explainsMost = (beside: Understanding, alone: Understanding): boolean =>
  beside.law !== null && alone.law !== null && beside.law.fit.loss < LEFT * alone.law.fit.loss;

/** What is wrong with the records themselves. @throws MclnnError `unusable-records` */
async function lookedAt({ set }: Task) {
  const { lookAt } = await import("./imperfect-data.ts");
  return lookAt(set);
}

/** What the search is asked. */
function questionOf(task: Task): Question {
  const { set, options, units, terms } = task;
  const named = namedDynamics(set, options);
  const dynamics =
    named === null || named.dt === null ? named : { ...named, dt: named.dt / units.time };
  const { velocities, integrator } = options;
  const hasStarts = set.velocities !== undefined && startsComplete(set);
  const mode = velocities === "auto" && !hasStarts ? "unknown" : velocities;
  return {
    dynamics,
    method: integrator === undefined ? null : splittingByName(integrator),
    velocities: mode,
    mayCut: true,
    terms,
    known: knownLaw(task, dynamics, mode),
  };
}

/** What is said about the data is taken as it is, unless the data contradict it; null where they do, or nothing is said. */
async function understoodAtOnce(
  task: Task,
  { dynamics, velocities, terms = [] }: Question,
  all: TrainingData,
): Promise<Understanding | null> {
  if (dynamics === null || velocities === "unknown") return null;
  // Along long trajectories the smallest errors may grow beyond all use; segments have exact starts where no records are missing.
  const mayCut = all.weights === null && all.velocities !== null && hasLongSegments(all);
  const segments = mayCut ? segmentsOf(all, LONG_SEGMENT) : null;
  const cut =
    segments === null ? null : { of: segments.trajectories, records: all.records, motion: null };
  const data = segments ?? all;
  if (velocities === "given") return asTold(data, dynamics, { cut, terms });
  const quick = await told(
    task,
    fitSpline(data, scheduleOf(data.times, dynamics), {
      robustAbove: Number.POSITIVE_INFINITY,
      terms: lawTerms(terms, data),
    }),
  );
  if ("interrupted" in quick) return asTold(data, dynamics, { cut, terms });
  const { result } = quick;
  return result.loss <= EXACT_LOSS
    ? asTold(data, dynamics, { cut, terms, exactFit: result })
    : null;
}

async function understandByFits(
  task: Task,
  question: Question,
  data: TrainingData,
): Promise<Understanding> {
  const { understandPastEncounters } = await import("./imperfect-data.ts");
  return finished(task, understandPastEncounters(data, question, task.limits));
}

/** For a descent: start states as given, dynamics as told or as the provenance says. @throws MclnnError `conflicting-options` */
export function asToldForDescent(task: Task): Understanding {
  const { set, options, units } = task;
  const { optimizer, velocities, integrator, substeps } = options;
  if (velocities === "unknown" || set.velocities === undefined)
    throw new MclnnError(`${optimizer} needs start velocities`, {
      code: "conflicting-options",
      argument: "optimizer",
      expected: "optimizer auto where start states are unknown",
      got: optimizer,
    });
  const data = arranged(task, set, true);
  const spacing = set.times[1] - set.times[0];
  const told = options.dt ?? (substeps === undefined ? undefined : spacing / substeps);
  const { dt, stride, source } = chooseTimeStep(set, told);
  const method = integrator === undefined ? velocityVerlet : splittingByName(integrator);
  const dynamics: Dynamics = {
    ...named(method),
    substeps: stride,
    dt: dt / units.time,
    tangentSubsteps: null,
    source,
  };
  return asTold(data, dynamics, { terms: task.terms });
}
