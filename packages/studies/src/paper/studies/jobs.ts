import type { StartName } from "../experiment/experiment.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import type { BaselineKind } from "./baseline.ts";
import type { RecipeInput } from "./recipe.ts";
import type { StudyJob } from "./study-job.ts";

/** Loss to which the laws of the figures are trained: below what a network of this size needs to follow the truth. */
const UNTIL = 1e-12;
const ALL_STARTS: readonly StartName[] = ["test", "tilted", "shifted", "boosted", "moved"];

export function lawsJob(
  { seed, records, largerRecords }: Settings,
  system: SystemName,
): StudyJob<"laws"> {
  return {
    study: "laws",
    name: `laws-${system}`,
    title: `${system}: MCLNN and spline`,
    input: { system, seed, records: records[system], largerRecords, until: UNTIL },
    seconds: 2,
  };
}

export function theoryJob({ seed, theoryStates }: Settings): StudyJob<"theory"> {
  return {
    study: "theory",
    name: "theory",
    title: "lemmas on random networks",
    input: { seed, states: theoryStates },
    seconds: 0.3 * theoryStates,
  };
}

/** Seconds that training one MCLNN of a width as low as it goes takes, an iteration. */
const DEEP_SECONDS: Readonly<Record<number, number>> = { 2: 5e-5, 4: 2e-4, 8: 3.5e-4, 16: 5e-4 };

export function widthsJob(
  { seed, widthSeeds, deepIterations }: Settings,
  system: SystemName,
  width: number,
): StudyJob<"widths"> {
  return {
    study: "widths",
    name: `widths-${system}-${width}`,
    title: `${system}: MCLNN [${width}, ${width}]`,
    input: { system, width, seeds: seedsFrom(seed, widthSeeds), deepIterations },
    seconds: widthSeeds * (0.2 + 3 * deepIterations * (DEEP_SECONDS[width] ?? 1e-3)),
  };
}

/** Models of the comparison of baselines; one job a seed. */
export function baselineJobs(
  settings: Settings,
  system: SystemName,
  kind: BaselineKind,
): StudyJob<"baseline">[] {
  const {
    points,
    validationPoints,
    seeds,
    iterations,
    patience,
    wide,
    trajectories,
    mclnnIterations,
    recipe,
  } = settings.baseline;
  const common = {
    system,
    kind,
    hidden: [10, 10],
    points,
    every: 1,
    validationPoints,
    trajectories,
    patience: null,
    records: settings.records[system],
    starts: ALL_STARTS,
  };
  const plans = {
    lnn: { iterations, patience, seconds: { full: 20, quick: 2.5 } },
    trajectories: { iterations: null, seconds: { full: 3, quick: 3 } },
    wide: {
      hidden: wide.hidden,
      iterations: wide.iterations,
      patience: wide.patience,
      // The network is slow to roll out: two starts show what there is to see.
      starts: ["test", "moved"],
      seconds: { full: 44, quick: 0.6 },
    },
    mclnn: { iterations: mclnnIterations, seconds: { full: 1, quick: 0.4 } },
    recipe: {
      points: recipe.points,
      every: Math.max(1, Math.floor(points / recipe.points)),
      iterations: recipe.epochs,
      seconds: { full: 21, quick: 0.5 },
    },
  } as const satisfies Record<BaselineKind, unknown>;
  const { seconds, ...plan } = plans[kind];
  // The paper names one seed for its recipe; ours are for ours.
  return seedsFrom(settings.seed, kind === "recipe" ? 1 : seeds).map((seed) => ({
    study: "baseline",
    name: `baseline-${system}-${kind}-${seed}`,
    title: `${system}: ${BASELINE_TITLES[kind]}, seed ${seed}`,
    input: { ...common, ...plan, seed },
    seconds: seconds[settings.size],
  }));
}

const BASELINE_TITLES: Readonly<Record<BaselineKind, string>> = {
  lnn: "LNN on accelerations",
  wide: "wide LNN on accelerations",
  trajectories: "LNN on trajectories",
  recipe: "LNN by the paper's recipe",
  mclnn: "MCLNN on accelerations",
};

export function efficiencyJobs(
  { seed, efficiency: { records, seeds, rolloutRecords } }: Settings,
  system: SystemName,
): StudyJob<"efficiency">[] {
  return records.map((count) => ({
    study: "efficiency",
    name: `efficiency-${system}-${count}`,
    title: `${system}: learning from ${count} records`,
    input: { system, records: count, seeds: seedsFrom(seed, seeds), rolloutRecords },
    seconds: seeds * (0.2 + 0.12 * Math.sqrt(count)),
  }));
}

/** The paper's literal recipe beside ours, for both models. */
export function recipeJobs({ seed, recipeEpochs, baseline }: Settings): StudyJob<"recipe">[] {
  const { points, validationPoints } = baseline;
  return SYSTEMS.flatMap((system) =>
    (["mclnn", "lnn"] as const).flatMap((model) =>
      (["paper", "ours"] as const).map((how): StudyJob<"recipe"> => {
        const input: RecipeInput = {
          system,
          model,
          how,
          seed,
          epochs: recipeEpochs,
          points,
          validationPoints,
        };
        return {
          study: "recipe",
          name: `recipe-${system}-${model}-${how}`,
          title: `${system}: ${model === "mclnn" ? "MCLNN" : "LNN"} by ${how === "paper" ? "the paper's recipe" : "our trainer"}`,
          input,
          seconds: how === "ours" ? 5 : recipeEpochs * (model === "mclnn" ? 0.01 : 0.012),
        };
      }),
    ),
  );
}

function seedsFrom(seed: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => seed + k);
}
