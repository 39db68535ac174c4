import { ask, thinned } from "../selection/ask.ts";
import type { Chosen } from "../selection/choose.ts";
import { questionsOf } from "../terms/catalogue.ts";
import { centreOfMassTest } from "./centre-of-mass.ts";
import { deviations, tail, upperNormal } from "./chi-squared.ts";
import type { Finding } from "./finding.ts";
import type { JudgedFit } from "./judged-fit.ts";
import { MISFIT, scoreTests } from "./score-test.ts";
import { whiteness } from "./whiteness.ts";

/** Exact data that a spline explains to this loss need no further explanation. */
export const EXPLAINED = 1e-9;

/** Probability that any test of a fit raises a false alarm. */
const FALSE_ALARMS = 0.02;

/**
 * Tests a fit for what a pair law cannot do.
 *
 * Each candidate is added to the equations of motion as a few unknowns; the score test asks whether the residuals want them, after
 * the law and the start states have been fitted anew (chi-squared, of so many degrees of freedom). Bounds are such that data which a pair law explains raise an
 * alarm of any kind in 2 % of all fits.
 *
 * @param chosen - what evidence said about this fit of the terms that a law can have: only what none can be is asked for then
 */
export function judge(all: JudgedFit, chosen: Chosen | null = null): Finding[] {
  const fit = thinned(all);
  const { data, variance, unfinished } = fit;
  const questions = unfinished ? [] : (chosen?.rivals ?? questionsOf(fit));
  const bound = FALSE_ALARMS / (questions.length + 2);
  const noise = Math.min(variance, all.noise);
  // What explains most of the motion needs no guesses beside it.
  if (fit.cause !== null && variance > MISFIT * noise) return [fit.cause];
  const asked = () =>
    chosen?.asked ?? ask(fit, { watched: questions.flatMap(({ candidates }) => candidates) });
  const { found: causes, symptoms } = unfinished
    ? { found: [], symptoms: 1 }
    : scoreTests(fit, asked(), { questions, bound, noise });
  const found = causes.map(({ finding: { kind, what, mend }, chiSquared, share }): Finding => {
    const sigmas = Math.sqrt(chiSquared);
    return {
      kind,
      text: `${what} (${sigmas.toFixed(1)} standard deviations, ${percent(share)} of the accelerations)`,
      sigmas,
      share,
      try: mend,
    };
  });
  // A law with terms that leaves no more than noise has followed the centre of mass, more closely than the records' own velocities allow.
  const isFollowed = fit.terms.length > 0 && variance <= MISFIT * noise;
  const centre = unfinished || isFollowed ? null : centreOfMassTest(data, variance, fit);
  if (centre !== null && tail(centre.chiSquared, centre.freedom) < bound) {
    const sigmas = deviations(centre.chiSquared, centre.freedom);
    found.push({
      kind: "unrecorded-body",
      text:
        "the centre of mass leaves a straight line, and no uniform field, trap, drag or other masses would make it do so " +
        `(${sigmas.toFixed(1)} standard deviations): a body that was not recorded, or another force from outside`,
      sigmas,
      share: null,
      try: "Record all bodies that act on these, or leave out the ones that others act on.",
    });
  }
  const explained = found.length > 0;
  const white = whiteness(fit);
  if (white !== null && 2 * upperNormal(Math.abs(white)) < bound)
    found.push({
      kind: "coloured-residuals",
      text: `residuals are not white: those of one record tell those of the next (${Math.abs(white).toFixed(1)} standard deviations from white noise)`,
      sigmas: Math.abs(white),
      share: null,
      try: explained
        ? "See the other findings."
        : "The law, the integrator or the noise is not what was assumed: try --substeps, more trajectories, or records closer in time.",
    });
  const ratio = variance / noise;
  if (found.length + symptoms > 0 && ratio > MISFIT)
    found.push({
      kind: "misfit",
      text: `residuals are ${Math.sqrt(ratio).toPrecision(2)} times larger than the noise that the records show by themselves${explained ? "" : ", and nothing that was tested for explains most of it"}`,
      sigmas: Math.sqrt(ratio),
      share: null,
      try: explained
        ? "See the other findings."
        : "Look for a body that was not recorded, forces from outside, or forces that depend on more than the separation.",
    });
  return found;
}

const percent = (share: number): string =>
  share >= 0.1 ? `${(100 * share).toFixed(0)} %` : `${(100 * share).toPrecision(2)} %`;
