import { portableLog } from "@mclnn/physics/portable";
import { fitMotion, type MotionFit, type MotionQuestion, type MotionStep } from "./fit.ts";
import type { StepLook } from "./look.ts";
import { INERTIA } from "./looks-newtonian.ts";
import type { Tracks } from "./tracks.ts";

/** How particles move. */
export type MotionKind = "newtonian" | "langevin" | "overdamped";

/** What was recognised, and by how much. */
export interface Recognised {
  readonly kind: MotionKind;
  /** Log evidence of inertia against none; null where steps alone told. */
  readonly inertia: number | null;
  /** How many times noise in the velocities fell when the law was refined; null where that was not asked. */
  readonly refined: number | null;
  /** The fit that it was recognised by; null where there is none. */
  readonly fit: MotionFit | null;
}

/** Log evidence that inertia has to bring: 0 of 300 overdamped sets reach it (`pnpm laws --motion`). */
const GAIN = 8;
/** Noise that falls by more when the law is refined is the law's error (Newtonian: 1.45 to 15, Langevin with gamma dt from 0.005: 1.00 to 1.17). */
const FALLS = 1.3;
/** Correlation of neighbouring steps that friction is guessed from, at least. */
const LEAST_KEPT = 0.05;
/** Standard deviations of friction, factor between the temperatures of noise and velocities, and radians that particles swing between frames. */
const SURE = 4;
const BATH = 2;
const SWING = 0.6;
const ROUGH = { cells: 10, substeps: 1, passes: 1 };
const COARSE = { cells: 10, substeps: 1, passes: 2 };
const FINE = { cells: 20, substeps: 4, passes: 3 };

/** Motion by evidence between filters, and by whether noise falls when the law gets better. */
export function* recogniseMotion(
  tracks: Tracks,
  look: StepLook,
  cutoff: number,
): Generator<MotionStep, Recognised> {
  const question = { cutoff, terms: [], average: false, skip: 1 };
  const kept = Math.max(LEAST_KEPT, look.correlations[0]);
  const friction = Math.min(5, Math.max(0.2, -portableLog(kept))) / look.interval;
  if (look.correlations[0] > INERTIA) {
    return yield* refinedMotion(tracks, question, friction);
  }
  const none = yield* fitMotion(tracks, { ...question, ...ROUGH, inertial: false });
  const some = yield* fitMotion(tracks, { ...question, ...ROUGH, inertial: true, friction });
  const inertia =
    none === null || some === null ? 0 : some.noise.logLikelihood - none.noise.logLikelihood;
  const kind = inertia > GAIN ? "langevin" : "overdamped";
  return { kind, inertia, refined: null, fit: kind === "langevin" ? some : none };
}

/** Inertia is there: noise that falls when the law gets better is the law's own error. */
function* refinedMotion(
  tracks: Tracks,
  question: Pick<MotionQuestion, "cutoff" | "terms" | "average" | "skip">,
  friction: number,
): Generator<MotionStep, Recognised> {
  const coarse = yield* fitMotion(tracks, { ...question, ...COARSE, inertial: true, friction });
  const fine =
    coarse && (yield* fitMotion(tracks, { ...question, ...FINE, inertial: true, from: coarse }));
  if (coarse === null || fine === null)
    return { kind: "newtonian", inertia: null, refined: null, fit: null };
  const refined = coarse.noise.rates[0] / fine.noise.rates[0];
  const isBath = refined <= FALLS && hasBath(fine);
  return { kind: isBath ? "langevin" : "newtonian", inertia: null, refined, fit: fine };
}

/** Whether friction and noise are those of a bath: friction for sure, noise of the temperature that the velocities have, in motion that frames follow. */
function hasBath({ problem, posterior, noise, pass, look }: MotionFit): boolean {
  const { size } = problem.law;
  const friction = posterior.coefficients[size - 1];
  const sd = Math.sqrt(posterior.covariance[size * size - 1]);
  const ratio = noise.rates[0] / (2 * friction * pass.temperature);
  const swing = Math.sqrt(pass.stiffness) * look.interval;
  return friction > SURE * sd && ratio > 1 / BATH && ratio < BATH && swing < SWING;
}
