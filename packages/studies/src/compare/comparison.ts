import type { CompareResults, ModelResults, SystemResults } from "../data/results.ts";
import type { SystemSeries } from "../data/series.ts";
import type { CompareOutcome } from "./job.ts";
import type { PairLawsOutcome } from "./pair-laws.ts";
import { type SystemPlan, type UnseenStart, unseenStarts } from "./system-plan.ts";
import type { TrainedModel } from "./trained-model.ts";

/** One system's comparison, put together from what the threads came back with. */
export interface SystemComparison {
  readonly plan: SystemPlan;
  readonly laws: PairLawsOutcome;
  /** In the order of display. */
  readonly models: readonly TrainedModel[];
}

/** Comparisons of the systems of which there is something to tell; others were interrupted before they began. */
export function collect(
  plans: readonly SystemPlan[],
  outcomes: readonly { readonly plan: SystemPlan; readonly outcome: CompareOutcome }[],
): SystemComparison[] {
  return plans.flatMap((plan) => {
    const own = outcomes.filter((each) => each.plan === plan).map(({ outcome }) => outcome);
    const laws = own.find((outcome) => outcome.work === "pair-laws");
    if (laws === undefined) return [];
    const models = own.flatMap((outcome) => (outcome.work === "skipped" ? [] : outcome.models));
    return models.length === 0 ? [] : [{ plan, laws, models }];
  });
}

/** Path of a model's file in the folder of a comparison. */
export function modelPath({ name }: SystemPlan, { kind }: TrainedModel): string {
  return `models/${name}-${kind}.safetensors`;
}

/** Path of a run's file in the folder of a comparison. @param law - a model's kind, or `true` */
export function runPath({ name }: SystemPlan, start: UnseenStart, law: string): string {
  return `runs/${name}-${start === "rollout" ? "test" : start}-${law}.npz`;
}

/** What goes into `results.json`. */
export function resultsOf(
  comparisons: readonly SystemComparison[],
  facts: Omit<CompareResults, "version" | "systems">,
): CompareResults {
  const systems: Record<string, SystemResults> = {};
  for (const { plan, laws, models } of comparisons) {
    const byKind: Record<string, ModelResults> = {};
    for (const model of models)
      byKind[model.kind] = { ...model.results, file: modelPath(plan, model) };
    systems[plan.name] = { ...laws.system, models: byKind };
  }
  return { version: 1, ...facts, systems };
}

/** What the figures of a system draw. */
export function seriesOf({ laws, models }: SystemComparison, targetLoss: number): SystemSeries {
  const [rollout, tilted] = unseenStarts.map((start) => ({
    truth: laws.truth.series[start],
    models: byKind(models, (model) => model.series[start]),
    chaos: laws.chaos[start],
  }));
  const curves = byKind(models, (model) => model.law);
  return {
    particles: laws.truth.runs.rollout.particles,
    dimension: laws.truth.runs.rollout.dimension,
    rollout: rollout as SystemSeries["rollout"],
    ...(tilted === undefined ? {} : { tilted }),
    ...(laws.law === undefined ? {} : { law: { ...laws.law, models: curves } }),
    training: byKind(models, (model) => model.training),
    targetLoss,
  };
}

function byKind<T>(
  models: readonly TrainedModel[],
  pick: (model: TrainedModel) => T | undefined,
): Record<string, T> {
  const out: Record<string, T> = {};
  for (const model of models) {
    const value = pick(model);
    if (value !== undefined) out[model.kind] = value;
  }
  return out;
}
