import { curveDerivativeAt, splineCurve } from "@mclnn/models/parts";
import type { TermSpec } from "@mclnn/physics/terms";
import { chooseCutoff, stepsNoise, type Under } from "./cutoff.ts";
import {
  fitMotion,
  type MotionFit,
  type MotionQuestion,
  type MotionStep,
  separationsOf,
} from "./fit.ts";
import { lookAtSteps, type StepLook } from "./look.ts";
import { candidatesOf, type FoundTerm, termsAskedFor } from "./terms.ts";
import type { Tracks } from "./tracks.ts";

/** What a training of noisy motion is asked. */
export interface MotionAsked {
  readonly inertial: boolean;
  /** Terms to be learned; null where evidence chooses. */
  readonly terms: readonly TermSpec[] | null;
  /** Where the law ends; `auto` asks evidence, `none` is as far as separations go. */
  readonly cutoff: number | "auto" | "none";
  /** How much work it may be. */
  readonly passes: number;
  /** A fit that has recognised the motion; null where options said it. */
  readonly begin: MotionFit | null;
}

/** A law of noisy motion, and the terms that evidence brought. */
export interface LearnedMotion {
  readonly fit: MotionFit;
  readonly found: readonly FoundTerm[];
  /** Stiffness of the wall that particles touch, times the time between frames (without inertia), or its root (with). */
  readonly slowness: number;
}

/** Knot intervals of a law. */
const CELLS = 24;
/** Substeps between frames to begin with, where a wall relaxes within a frame, and at most. */
const SUBSTEPS = { first: 2, stiff: 4, most: 8 };
/** Slowness beyond which a wall is stiff for the camera. */
const STIFF = 0.3;
/** Log likelihood that twice as many substeps have to bring. */
const WORTH = 5;
/** Separations below this share are at the wall. */
const AT_THE_WALL = 0.01;

/** Learns a law from tracks that noise drives: its reach, the terms beside it and the substeps by evidence. */
export function* learnMotion(
  tracks: Tracks,
  { inertial, terms, cutoff: asked, passes, begin }: MotionAsked,
): Generator<MotionStep, LearnedMotion | null> {
  const look = lookAtSteps(tracks);
  const reach = typeof asked === "number" ? asked : reachOf(tracks);
  const first = {
    ...{ inertial, cells: CELLS, terms: terms ?? [], average: false, skip: 0 },
    ...{ substeps: SUBSTEPS.first, passes: 1, friction: frictionGuess(look) },
  };
  const known = begin ?? (inertial ? yield* fitMotion(tracks, { ...first, cutoff: reach }) : null);
  if (inertial && known === null) return null;
  const own = known === null ? stepsNoise(tracks, look) : under(known);
  const cutoff = asked === "auto" ? chooseCutoff(tracks, reach, own) : reach;
  let question: MotionQuestion = {
    ...first,
    cutoff,
    ...(known !== null && { from: known, passes: 2 }),
  };
  let fit = yield* fitMotion(tracks, question);
  if (fit === null) return null;
  let found: FoundTerm[] = [];
  if (terms === null) {
    found = termsAskedFor(fit, candidatesOf(tracks));
    question = { ...question, terms: found.map(({ spec }) => spec) };
  }
  const substeps = slownessOf(fit) > STIFF ? SUBSTEPS.stiff : SUBSTEPS.first;
  const whole = { ...question, substeps, average: true };
  fit = yield* fitMotion(tracks, { ...whole, passes, from: fit });
  for (let n = 2 * substeps; fit !== null && inertial && n <= SUBSTEPS.most; n *= 2) {
    const finer: MotionFit | null = yield* fitMotion(tracks, {
      ...{ ...whole, substeps: n, passes: 1, from: fit },
    });
    if (finer === null || finer.noise.logLikelihood < fit.noise.logLikelihood + WORTH) break;
    fit = finer;
  }
  return fit && { fit, found, slowness: slownessOf(fit) };
}

/** What a fit says that a law's reach is looked for under. */
function under({ problem: { inertial, law }, noise, posterior }: MotionFit): Under {
  return { inertial, noise, friction: inertial ? posterior.coefficients[law.size - 1] : 0 };
}

/** Friction by how neighbouring steps go together, within what frames can show. */
function frictionGuess({ correlations, interval }: StepLook): number {
  const kept = Number.isFinite(correlations[0]) ? Math.max(0.05, correlations[0]) : 0.05;
  return Math.min(5, Math.max(0.2, (1 - kept) / kept)) / interval;
}

/** A law that holds particles together goes on beyond where they are seen, and only there ends. */
const BEYOND = 1.3;

/** Largest separation that a law may reach to. */
export function reachOf(tracks: Tracks): number {
  const all = separationsOf(tracks, Number.POSITIVE_INFINITY);
  let most = 0;
  for (const own of all) if (own.length > 0) most = Math.max(most, BEYOND * own[own.length - 1]);
  return most;
}

/** How far a particle at the wall relaxes between frames. */
function slownessOf({ separations, problem, posterior, look }: MotionFit): number {
  const { basis } = problem.law;
  const curve = splineCurve(basis, posterior.coefficients);
  let most = 0;
  separations.forEach((sorted, law) => {
    if (sorted.length === 0) return;
    const r = sorted[Math.floor(AT_THE_WALL * sorted.length)];
    most = Math.max(most, Math.abs(curveDerivativeAt(basis.cells, curve, law, r)));
  });
  return problem.inertial ? Math.sqrt(most) * look.interval : most * look.interval;
}
