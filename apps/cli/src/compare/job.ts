import type { JobHooks } from "../jobs/job-hooks.ts";
import type { Crew } from "../jobs/job-pool.ts";
import { threadEntry } from "../thread-entry.ts";
import type { BaselineOutcome } from "./baseline.ts";
import type { PairLawsOutcome } from "./pair-laws.ts";
import type { SystemPlan } from "./system-plan.ts";

/** One thread's part of a comparison. */
export interface Job {
  readonly work: "pair-laws" | "baseline";
  readonly plan: SystemPlan;
}

/** What a job comes back with; plain data. `skipped` when it was told to stop before it began. */
export type JobOutcome =
  | { readonly work: "skipped" }
  | ({ readonly work: "pair-laws" } & PairLawsOutcome)
  | ({ readonly work: "baseline" } & BaselineOutcome);

/** Does a job in this thread. */
export async function doJob({ work, plan }: Job, hooks: JobHooks): Promise<JobOutcome> {
  if (hooks.signal?.aborted === true) return { work: "skipped" };
  if (work === "pair-laws") {
    const { learnPairLaws } = await import("./pair-laws.ts");
    const outcome = await learnPairLaws(plan, hooks);
    return outcome === null ? { work: "skipped" } : { work, ...outcome };
  }
  const { learnBaseline } = await import("./baseline.ts");
  return { work, ...(await learnBaseline(plan, hooks)) };
}

/** Who does the jobs of a comparison. */
export const COMPARE_CREW: Crew<Job, JobOutcome> = {
  doJob,
  worker: threadEntry("compare/worker"),
  title: ({ work, plan }) =>
    `${plan.title}: ${work === "baseline" ? "baseline LNN" : "MCLNN and spline"}`,
};
