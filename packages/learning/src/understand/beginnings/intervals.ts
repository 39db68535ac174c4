import { scheduleOf } from "../../records/dynamics.ts";
import type { TrainingData } from "../../records/training-data.ts";
import type { Explanation, Search } from "../explanation.ts";
import { CLOSELY, lawFitOf } from "../fit-hypothesis.ts";
import { EXACT, type Inquiry } from "../inquiry.ts";
import { followedUnder, followIntervals } from "../intervals.ts";
import { settled, withMakersSteps } from "../settle.ts";

/** Steps from one record to the next where most intervals have to be followed closely. */
const SUBSTEPS = 8;

/**
 * A law that follows single intervals between records, and whole trajectories from there if that will do: close encounters between records
 * let no law follow a trajectory to its end, but most intervals have none.
 */
export function* throughIntervals(inquiry: Inquiry): Search<Explanation | null> {
  const { sample, question, limits, first } = inquiry;
  // Terms of a law show along whole trajectories, not from record to record.
  if (question.mayCut !== true || first.terms.length > 0) return null;
  const substeps = Math.max(first.dynamics.substeps, SUBSTEPS);
  const dynamics = question.dynamics ?? {
    ...first.dynamics,
    substeps,
    tangentSubsteps: substeps,
  };
  const found = yield* followIntervals(sample.data, (times) => scheduleOf(times, dynamics), {
    ...CLOSELY,
    cells: first.cells,
    separations: sample.separations,
    maxPasses: limits.passes,
    byEvidence: true,
  });
  if (found === null) return null;
  const hypothesis = { ...first, dynamics, starts: "exact" } as const;
  const inIntervals: Explanation = {
    hypothesis: { ...hypothesis, cover: "intervals", data: found.data },
    fit: lawFitOf(found.fit),
  };
  yield { kept: inIntervals, by: "intervals between records" };
  const whole = yield { hypothesis, from: inIntervals };
  // Paths through records miss how close particles come between them, so the basis stays that of all.
  const next =
    whole.fit.loss <= EXACT
      ? whole
      : yield { hypothesis: inIntervals.hypothesis, from: inIntervals };
  const law = yield* withMakersSteps(inquiry, yield* settled(inquiry, next));
  return law.hypothesis.cover !== "intervals" || followedIn(law, inquiry) !== null ? law : null;
}

/** Intervals of all trajectories that a law follows; null for none. */
export function followedIn(
  { hypothesis: { dynamics }, fit }: Explanation,
  { sample }: Inquiry,
): TrainingData | null {
  return followedUnder(sample.all, (times) => scheduleOf(times, dynamics), fit);
}
