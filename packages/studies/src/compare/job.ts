import type { JobHooks } from "../data/job-hooks.ts";
import type { BaselineOutcome } from "./baseline.ts";
import type { OpenOwn } from "./opened-plan.ts";
import type { PairLawsOutcome } from "./pair-laws.ts";
import type { SystemPlan } from "./system-plan.ts";

/** One thread's part of a comparison. */
export interface CompareJob {
  readonly work: "pair-laws" | "baseline";
  readonly plan: SystemPlan;
}

/** What a job comes back with; plain data. `skipped` when it was told to stop before it began. */
export type CompareOutcome =
  | { readonly work: "skipped" }
  | ({ readonly work: "pair-laws" } & PairLawsOutcome)
  | ({ readonly work: "baseline" } & BaselineOutcome);

/** Does a job in this thread. */
export async function doCompareJob(
  { work, plan }: CompareJob,
  hooks: JobHooks,
  openOwn: OpenOwn,
): Promise<CompareOutcome> {
  if (hooks.signal?.aborted === true) return { work: "skipped" };
  if (work === "pair-laws") {
    const { learnPairLaws } = await import("./pair-laws.ts");
    const outcome = await learnPairLaws(plan, hooks, openOwn);
    return outcome === null ? { work: "skipped" } : { work, ...outcome };
  }
  const { learnBaseline } = await import("./baseline.ts");
  return { work, ...(await learnBaseline(plan, hooks, openOwn)) };
}
