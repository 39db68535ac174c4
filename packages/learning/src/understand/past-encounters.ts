import { splineCurve } from "@mclnn/models/parts";
import { isMclnnError } from "@mclnn/physics";
import { SensitivityPass } from "../engine/sensitivity.ts";
import { joined } from "../fit/problems.ts";
import { underLaw } from "../fit/start-states.ts";
import { lossesOf } from "../fit/tracked-starts.ts";
import { schedulesOf } from "../records/dynamics.ts";
import { type Encounter, encountersOf } from "../records/encounters.ts";
import { pathSeparations } from "../records/path.ts";
import { scatters } from "../records/scatter.ts";
import { someTrajectories } from "../records/select.ts";
import { sortedSeparations, type TrainingData } from "../records/training-data.ts";
import { lawTerms } from "../terms/law-terms.ts";
import type { Limits } from "./effort.ts";
import type { Progress } from "./explanation.ts";
import type { Question } from "./hypothesis.ts";
import { understand } from "./understand.ts";
import type { FoundLaw, Understanding } from "./understanding.ts";

/** Standard deviations that the residuals of a trajectory lie above the noise where the law does not follow it. */
const NOT_FOLLOWED = 5;

/** Separations of less than this share of the closest that the others have seen are new to the law. */
const NEARER = 0.5;
/** Trajectories that must be left for a law to be found without the others, as a share. */
const LEFT = 1 / 3;

/**
 * As {@link understand}, of noisy records in which some particles pass each other between two records: what happens there hangs on less than the noise,
 * and one such passage would spoil law, noise and error bars. The law is found without these trajectories, and takes in those that it then follows.
 */
export function* understandPastEncounters(
  all: TrainingData,
  question: Question,
  limits: Limits,
): Generator<Progress, Understanding> {
  const noisy =
    question.velocities === "unknown" || (question.velocities === "auto" && scatters(all));
  const met = noisy ? encountersOf(all) : [];
  const others = without(all, met);
  if (met.length === 0 || others.trajectories < LEFT * all.trajectories)
    return yield* understand(all, question, limits);
  const found = yield* understand(others, question, limits);
  if (found.law === null || found.cut !== null || found.startStates === "exact")
    return yield* understand(all, question, limits);
  const encounters = notFollowed(all, met, found, found.law);
  const data = without(all, encounters);
  return {
    ...found,
    encounters,
    hypothesis: { ...found.hypothesis, data },
    law: { ...found.law, starts: null, separations: pathSeparations(data) },
  };
}

/** The trajectories that have none of these encounters. */
function without(all: TrainingData, encounters: readonly Encounter[]): TrainingData {
  if (encounters.length === 0) return all;
  const which = new Set(encounters.map(({ trajectory }) => trajectory));
  const others = Array.from({ length: all.trajectories }, (_, t) => t);
  return someTrajectories(
    all,
    others.filter((t) => !which.has(t)),
  );
}

/** Encounters of the trajectories that a law does not follow through them, from the start states that a fit would begin with. */
function notFollowed(
  all: TrainingData,
  met: readonly Encounter[],
  { hypothesis: { dynamics, terms } }: Understanding,
  { separations, fit: { basis, coefficients, values, variance } }: FoundLaw,
): readonly Encounter[] {
  const which = [...new Set(met.map(({ trajectory }) => trajectory))];
  const data = someTrajectories(all, which);
  const { schedule, tangents } = schedulesOf(data.times, dynamics);
  const beside = lawTerms(terms, data);
  const pass = new SensitivityPass(data, schedule, basis, {
    freeStarts: true,
    tangents,
    terms: beside,
  });
  const unknowns = joined(pass, coefficients, values);
  try {
    const { starts } = underLaw({ data, schedule, basis, pass }, unknowns, { velocityWeight: 0 });
    const curve = splineCurve(basis, coefficients);
    const losses = lossesOf(data, schedule, basis.cells, curve, starts, { terms: beside, values });
    const lost = which.filter((_, k) => {
      const n = data.residualCounts[k] + data.startCounts[k];
      // What the law is where only an encounter has been would hang on that encounter.
      const own = sortedSeparations(someTrajectories(data, [k]));
      if (own.some(([closest], law) => closest < NEARER * separations[law][0])) return true;
      return !(losses[k] < variance * (1 + NOT_FOLLOWED * Math.sqrt(2 / n)));
    });
    return met.filter(({ trajectory }) => lost.includes(trajectory));
  } catch (error) {
    if (!isMclnnError(error) || error.code !== "start-not-determined") throw error;
    return met;
  }
}
