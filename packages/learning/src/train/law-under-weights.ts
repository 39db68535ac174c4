import { weighed } from "../fit/weight-problem.ts";
import type { TrainingData } from "../records/training-data.ts";
import type { CloseLaw } from "../understand/fit-weights.ts";
import type { Question } from "../understand/hypothesis.ts";
import { understand } from "../understand/understand.ts";
import type { Understanding } from "../understand/understanding.ts";
import { finished, type Task } from "./task.ts";

/** What the records show under weights of their pairs, and where a fit of law and weights begins; null where no law is found. */
export async function lawUnderWeights(
  task: Task,
  question: Question,
  all: TrainingData,
  weights: Float64Array,
): Promise<{ readonly found: Understanding; readonly close: CloseLaw } | null> {
  const asked = { ...question, mayCut: false, known: null };
  const found = await finished(task, understand(weighed(all, weights), asked, task.limits));
  const { law, hypothesis, startStates } = found;
  return law === null ? null : { found, close: { ...law, hypothesis, startStates } };
}
