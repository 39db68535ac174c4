import { formatNumber } from "../../data/number-text.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import type { Settings, SystemName } from "../experiment/settings.ts";
import { bySystem } from "../results/laws.ts";
import { bestOf, FIGURE_TITLES, longRun, longRunJobs, runData } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import type { Part } from "./part.ts";
import { errorSeries, studyPlot } from "./spec.ts";

/** Fig. 2: the linear spring. */
export const fig2Part: Part = {
  name: "fig2",
  title: "Figure 2: linear spring",
  paper:
    "L, H, |P| and the angular momentum along a run of 3,000 records of three bodies on linear springs, from one start by the truth, the baseline LNN and MCLNN, and the errors of each. The baseline's L diverges after 30 records and both its momenta drift, while its H stays constant; MCLNN follows the truth.",
  jobs: (settings) => longRunJobs(settings, "linear-spring"),
  present: (results, settings) => present(results, settings, ["linear-spring"], "fig2"),
};

/** Fig. 3: quartic spring and gravity. */
export const fig3Part: Part = {
  name: "fig3",
  title: "Figure 3: quartic spring and gravity",
  paper:
    "The same for three bodies on quartic springs over 3,000 records (a, b) and four bodies under gravity over 1,500 (c, d). The baseline's L drifts and its momenta diverge within a few records; MCLNN stays with the truth, although the systems are called chaotic.",
  jobs: (settings) => [
    ...longRunJobs(settings, "quartic-spring"),
    ...longRunJobs(settings, "gravity"),
  ],
  present: (results, settings) => present(results, settings, ["quartic-spring", "gravity"], "fig3"),
};

function present(
  results: Results,
  settings: Settings,
  systems: readonly SystemName[],
  name: string,
): ReturnType<Part["present"]> {
  const runs = systems.map((system) => ({
    system,
    laws: results.of(lawsJob(settings, system)),
    run: longRun(results, settings, system),
  }));
  const position = studyPlot({
    name: `${name}-position`,
    title: "How far the particles are from their true places",
    description: "Mean distance of the particles to their true places against time.",
    note: "The paper does not draw this one. Where a model's error meets the chaos floor, the question has no better answer.",
    panels: runs.map(({ laws, run }) => ({
      heading: `Position error, ${laws.title} (reduced units)`,
      x: { label: "time (reduced units)" },
      y: { log: true },
      series: errorSeries(run, "position", ["lnn", "recipe", "mclnn"]),
    })),
  });
  return {
    found: runs.map(({ system, laws }) => finding(results, settings, system, laws.title)),
    blocks: [
      ...runs.map(({ system, laws, run }) => ({
        kind: "figure" as const,
        figure: {
          draw: "conservation" as const,
          name: `${name}-${system}`,
          run,
          options: { system: laws.title, titles: FIGURE_TITLES },
        },
      })),
      position,
    ],
    data: runs.map(({ system, run }) => runData(`${name}-${system}`, run)),
    numbers: bySystem(runs, ({ system, laws }) => ({
      trueDrift: laws.trueDrift,
      mclnn: numbersOf(laws.models.mclnn.runs.test),
      spline: numbersOf(laws.models.spline.runs.test),
      lnn: baselineNumbers(results, settings, system, "lnn"),
      recipe: baselineNumbers(results, settings, system, "recipe"),
    })),
  };
}

function baselineNumbers(
  results: Results,
  settings: Settings,
  system: SystemName,
  kind: "lnn" | "recipe",
): unknown {
  const { seed, result } = bestOf(results, baselineJobs(settings, system, kind));
  const { trainLoss, validationLoss, iterations, trainSeconds, runs } = result;
  const training = { seed, trainLoss, validationLoss, iterations, trainSeconds };
  return { ...training, ...numbersOf(runs.test as RunResult) };
}

/** A run without its series. */
export function numbersOf({ series: _, ...numbers }: RunResult): Omit<RunResult, "series"> {
  return numbers;
}

function finding(results: Results, settings: Settings, system: SystemName, title: string): string {
  const { models, trueDrift, floor } = results.of(lawsJob(settings, system));
  const { errors } = models.mclnn.runs.test;
  const position = floor.test[0]?.errors.position as Float64Array;
  const worst = position.reduce((a, b) => Math.max(a, b), 0);
  const lnn = bestOf(results, baselineJobs(settings, system, "lnn")).result.runs.test as RunResult;
  const recipe = bestOf(results, baselineJobs(settings, system, "recipe")).result.runs
    .test as RunResult;
  const leaves = ({ lagrangianRecords, positionRecords }: RunResult): string =>
    `${lagrangianRecords === null ? "never" : `after ${lagrangianRecords} records`} (positions 0.1 off ${positionRecords === null ? "never" : `after ${positionRecords}`})`;
  const drift = (run: RunResult): string =>
    `|ΔP| to ${formatNumber(run.errors.linearMomentum.max)}, |ΔL| to ${formatNumber(run.errors.angularMomentum.max)}, its own H by ${formatNumber(run.errors.ownHamiltonian?.maxDrift)}, the true H by ${formatNumber(run.errors.hamiltonian.max)}`;
  return (
    `${title}, ${settings.records[system]} records. MCLNN: largest error of H ${formatNumber(errors.hamiltonian.max)} (velocity Verlet's own on the truth: ${formatNumber(trueDrift)}), of P ${formatNumber(errors.linearMomentum.max)}, of L ${formatNumber(errors.angularMomentum.max)}, of positions ${formatNumber(errors.position.max)} (chaos floor of 1e-4: ${formatNumber(worst)}). ` +
    `The baseline trained well: L a tenth of its span off ${leaves(lnn)}; ${drift(lnn)}. ` +
    `By the paper's recipe: L ${leaves(recipe)}; ${drift(recipe)}.`
  );
}
