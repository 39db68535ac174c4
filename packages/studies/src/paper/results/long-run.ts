import type { DataTable } from "../../data/data-table.ts";
import type { RunComparison, RunSeries } from "../../data/series.ts";
import type { Settings, SystemName } from "../experiment/settings.ts";
import type { BaselineKind, BaselineResult } from "../studies/baseline.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import type { StudyJob } from "../studies/study-job.ts";
import type { Results } from "./results.ts";

/** Titles of models in figures, by their keys there. */
export const FIGURE_TITLES = { lnn: "LNN, trained well" } as const;

/** Titles of models in tables. */
export const MODEL_TITLES: Readonly<Record<"mclnn" | "spline" | BaselineKind, string>> = {
  mclnn: "MCLNN",
  spline: "spline",
  lnn: "LNN, trained well",
  wide: "LNN, wide",
  trajectories: "LNN on trajectories",
  recipe: "LNN, paper's recipe",
};

/** Under which key figures know a model: it stands for a colour. */
export const MODEL_LOOKS: Readonly<Record<"mclnn" | BaselineKind, string>> = {
  mclnn: "mclnn",
  lnn: "lnn",
  wide: "lnn-wide",
  trajectories: "lnn-trajectories",
  recipe: "lnn-recipe",
};

/** The model of some seeds with the lowest validation loss. */
export function bestOf(
  results: Results,
  jobs: readonly StudyJob<"baseline">[],
): { readonly seed: number; readonly result: BaselineResult } {
  const all = jobs.map((job) => ({ seed: job.input.seed, result: results.of(job) }));
  return all.reduce((best, each) =>
    (each.result.validationLoss ?? Infinity) < (best.result.validationLoss ?? Infinity)
      ? each
      : best,
  );
}

/** What the paper's long runs need: MCLNN, and the baseline trained well and by the paper's recipe. */
export function longRunJobs(settings: Settings, system: SystemName): StudyJob[] {
  return [
    lawsJob(settings, system),
    ...baselineJobs(settings, system, "lnn"),
    ...baselineJobs(settings, system, "recipe"),
  ];
}

/** The runs of truth, MCLNN and baselines from an unseen start. @param kinds - baselines beside MCLNN, in the order of display */
export function longRun(
  results: Results,
  settings: Settings,
  system: SystemName,
  {
    start = "test",
    kinds = ["lnn", "recipe"],
  }: {
    readonly start?: "test" | "moved";
    readonly kinds?: readonly Exclude<BaselineKind, "mclnn">[];
  } = {},
): RunComparison {
  const laws = results.of(lawsJob(settings, system));
  const models: Record<string, RunSeries> = {
    mclnn: laws.models.mclnn.runs[start].series as RunSeries,
  };
  for (const kind of kinds) {
    const { result } = bestOf(results, baselineJobs(settings, system, kind));
    models[MODEL_LOOKS[kind]] = result.runs[start]?.series as RunSeries;
  }
  const [chaos, ...closer] = laws.floor[start];
  return {
    truth: laws.truth[start],
    models,
    ...(chaos === undefined ? {} : { chaos }),
    closer,
  };
}

const QUANTITIES = ["lagrangian", "hamiltonian", "linearMomentum", "angularMomentum"] as const;

/** The series behind a figure of runs, a column each; shorter ones (a run that diverged) end early. */
export function runData(
  name: string,
  { truth, models, chaos, closer = [] }: RunComparison,
): DataTable {
  const records = truth.times.length;
  const columns: Record<string, (number | null)[]> = {};
  const add = (column: string, values: ArrayLike<number> | undefined): void => {
    if (values === undefined) return;
    columns[column] = Array.from({ length: records }, (_, k) =>
      Number.isFinite(values[k]) ? (values[k] as number) : null,
    );
  };
  add("time", truth.times);
  for (const quantity of QUANTITIES) add(`${quantity}, truth`, truth.values[quantity]);
  for (const [model, series] of Object.entries(models)) {
    for (const quantity of QUANTITIES) add(`${quantity}, ${model}`, series.values[quantity]);
    add(`own hamiltonian, ${model}`, series.ownHamiltonian);
    for (const quantity of [...QUANTITIES, "position"] as const)
      add(`error of ${quantity}, ${model}`, series.errors?.[quantity]);
  }
  for (const floor of [chaos, ...closer])
    if (floor !== undefined)
      for (const quantity of [...QUANTITIES, "position"] as const)
        add(`error of ${quantity}, truth started ${floor.offset} away`, floor.errors[quantity]);
  return { name, columns };
}
