import type { JobHooks } from "../../data/job-hooks.ts";
import type { BaselineInput, BaselineResult } from "./baseline.ts";
import type { EfficiencyInput, EfficiencyResult } from "./efficiency.ts";
import type { LawsInput, LawsResult } from "./laws.ts";
import type { RecipeInput, RecipeResult } from "./recipe.ts";
import type { TheoryInput, TheoryResult } from "./theory.ts";
import type { WidthsInput, WidthsResult } from "./widths.ts";

/** What each study takes and gives; plain data. */
export interface Studies {
  readonly laws: readonly [LawsInput, LawsResult];
  readonly baseline: readonly [BaselineInput, BaselineResult];
  readonly widths: readonly [WidthsInput, WidthsResult];
  readonly efficiency: readonly [EfficiencyInput, EfficiencyResult];
  readonly theory: readonly [TheoryInput, TheoryResult];
  readonly recipe: readonly [RecipeInput, RecipeResult];
}

export type StudyName = keyof Studies;

/** One piece of work of a reproduction: what a thread does at a time, and what is kept when a run is interrupted. */
export interface StudyJob<S extends StudyName = StudyName> {
  readonly study: S;
  /** For file names; one for each input of a run. */
  readonly name: string;
  readonly title: string;
  readonly input: Studies[S][0];
  /** About how long it takes, in seconds on one core: for the order of jobs and the time left. */
  readonly seconds: number;
}

/** How a job ended; plain data. */
export type StudyOutcome<S extends StudyName = StudyName> =
  | { readonly kind: "done"; readonly result: Studies[S][1] }
  | { readonly kind: "failed"; readonly error: StudyError }
  | { readonly kind: "stopped" };

export interface StudyError {
  readonly message: string;
  readonly stack: string | null;
}

const RUN: {
  readonly [S in StudyName]: (input: Studies[S][0], hooks: JobHooks) => Promise<Studies[S][1]>;
} = {
  laws: async (input, hooks) => (await import("./laws.ts")).studyLaws(input, hooks),
  baseline: async (input, hooks) => (await import("./baseline.ts")).studyBaseline(input, hooks),
  widths: async (input, hooks) => (await import("./widths.ts")).studyWidths(input, hooks),
  efficiency: async (input, hooks) =>
    (await import("./efficiency.ts")).studyEfficiency(input, hooks),
  theory: async (input, hooks) => (await import("./theory.ts")).studyTheory(input, hooks),
  recipe: async (input, hooks) => (await import("./recipe.ts")).studyRecipe(input, hooks),
};

/** Does one job. What goes wrong in it is its outcome: other jobs go on. */
export async function doStudyJob<S extends StudyName>(
  { study, input }: StudyJob<S>,
  hooks: JobHooks,
): Promise<StudyOutcome<S>> {
  const stopped = (): boolean => hooks.signal?.aborted === true;
  if (stopped()) return { kind: "stopped" };
  try {
    const result = await RUN[study](input, hooks);
    // What a study measured of models whose training was cut short is not its result.
    return stopped() ? { kind: "stopped" } : { kind: "done", result };
  } catch (error) {
    if (stopped()) return { kind: "stopped" };
    const known = error instanceof Error;
    return {
      kind: "failed",
      error: {
        message: known ? error.message : String(error),
        stack: known ? (error.stack ?? null) : null,
      },
    };
  }
}
