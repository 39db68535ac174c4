import { rollout } from "@mclnn/integrators";
import type { State, Trajectory } from "@mclnn/physics";
import type { OpenedPlan } from "./opened-plan.ts";
import type { UnseenStart } from "./system-plan.ts";
import { runProvenance, type TruthRuns } from "./trained-model.ts";

/** The true runs from the unseen starts. @throws MclnnError `diverged` */
export function truthRuns({ plan, system, starts }: OpenedPlan): TruthRuns {
  const run = (name: UnseenStart): Trajectory => ({
    ...trueRun({ plan, system }, starts[name]),
    provenance: runProvenance(plan, name, "true"),
  });
  return { system, starts, runs: { rollout: run("rollout"), tilted: run("tilted") } };
}

/** One true run, as long as the plan says. @throws MclnnError `diverged` */
export function trueRun(
  { plan, system }: Pick<OpenedPlan, "plan" | "system">,
  start: State,
): Trajectory {
  const { dt, stride, rolloutRecords } = plan;
  return rollout(system, start, { dt, stride, records: rolloutRecords });
}
