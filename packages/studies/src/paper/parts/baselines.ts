import type { DataTable } from "../../data/data-table.ts";
import type { DocumentTable } from "../../data/document.ts";
import { formatNumber } from "../../data/number-text.ts";
import { START_TITLES, type StartName } from "../experiment/experiment.ts";
import type { RunResult } from "../experiment/rollouts.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import { bestOf, FIGURE_TITLES, longRun, MODEL_TITLES } from "../results/long-run.ts";
import type { Results } from "../results/results.ts";
import type { BaselineKind, BaselineResult } from "../studies/baseline.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import { numbersOf } from "./long-runs.ts";
import type { Part } from "./part.ts";
import { once, spreadText, studyData, studyTable } from "./spec.ts";

const KINDS: readonly BaselineKind[] = ["lnn", "wide", "trajectories", "recipe", "mclnn"];
const DRAWN = ["lnn", "wide", "trajectories", "recipe"] as const;
const KEYS = {
  lnn: "lnn",
  wide: "wide",
  trajectories: "trajectories",
  recipe: "recipe",
  mclnn: "mclnn-accelerations",
} as const;

/** Baselines that had every chance, and what a tilted start does to them. */
export const baselinesPart: Part = {
  name: "baselines",
  title: "Honest baselines",
  paper:
    "The baseline is the LNN with V(all positions) learned and T known, trained on 10,000 accelerations; its size, and how long it was trained, are not given. Its runs diverge early and lose both momenta while its energy stays constant.",
  jobs: (settings) =>
    SYSTEMS.flatMap((system) => [
      lawsJob(settings, system),
      ...KINDS.flatMap((kind) => baselineJobs(settings, system, kind)),
    ]),
  present(results, settings) {
    const { points, recipe, wide } = settings.baseline;
    return {
      found: [
        `Five rivals, each trained until its validation loss no longer falls or its iterations end: the LNN [10, 10] on ${points} accelerations by Levenberg-Marquardt from several starts; a wide one [${wide.hidden.join(", ")}] on at most 2,000 of them, evenly spread, by at most ${wide.iterations} iterations of L-BFGS; [10, 10] on the trajectories and the rollout loss of MCLNN; [10, 10] by the paper's recipe, ${recipe.epochs} epochs of Adam at 1e-3, full batch${recipe.points < points ? `, on every ${Math.floor(points / recipe.points)}th of the accelerations so that it takes a minute (--paper-recipe takes all)` : ""}; and MCLNN on the baseline's accelerations. Of the seeds the one with the lowest validation loss is run.`,
        ...SYSTEMS.map((system) => finding(results, settings, system)),
        `What a network of all positions cannot learn from one run is rotation. Tilted, shifted and boosted, the baseline that lasts longest loses the truth (positions 0.1 off) after ${lasts(results, settings, "baseline")} records; MCLNN lasts ${lasts(results, settings, "mclnn")} from there, and notices no change of observer. A shift alone the baseline may learn from its data, in which all forces add up to 0, and a boost is a shift that grows. That is the paper's point, made fairly.`,
      ],
      blocks: [
        { kind: "table", table: trainingTable(results, settings) },
        ...SYSTEMS.flatMap((system) => [
          { kind: "table" as const, table: startTable(results, settings, system) },
          {
            kind: "figure" as const,
            figure: {
              draw: "tilted" as const,
              name: `baselines-${system}`,
              rollout: longRun(results, settings, system, { kinds: DRAWN }),
              tilted: longRun(results, settings, system, { kinds: DRAWN, start: "moved" }),
              options: {
                system: results.of(lawsJob(settings, system)).title,
                titles: FIGURE_TITLES,
              },
            },
          },
        ]),
      ],
      data: [startData(results, settings)],
      numbers: Object.fromEntries(
        SYSTEMS.map((system) => [
          system,
          Object.fromEntries(
            KINDS.map((kind) => [
              KEYS[kind],
              baselineJobs(settings, system, kind).map((job) => {
                const { runs, forces, ...rest } = results.of(job);
                return {
                  seed: job.input.seed,
                  ...rest,
                  determination: forces.determination,
                  runs: Object.fromEntries(
                    Object.entries(runs).map(([start, run]) => [start, numbersOf(run)]),
                  ),
                };
              }),
            ]),
          ),
        ]),
      ),
    };
  },
};

function trainingTable(results: Results, settings: Settings): DocumentTable {
  const rows = SYSTEMS.flatMap((system) =>
    KINDS.map((kind) => ({
      title: results.of(lawsJob(settings, system)).title,
      kind,
      own: baselineJobs(settings, system, kind).map((job) => results.of(job)),
    })),
  );
  const spread =
    (pick: (result: BaselineResult) => number | null, digits = 2) =>
    ({ own }: (typeof rows)[number]): string => {
      const values = own.map((result) => pick(result) ?? Infinity);
      return values.length === 1 ? formatNumber(values[0], digits) : spreadText(values, digits);
    };
  return studyTable("Training: median (smallest to largest) of the seeds", rows, [
    ["system", once(rows, ({ title }) => title)],
    ["model", ({ kind }) => titleOf(kind)],
    ["parameters", ({ own }) => String(own[0]?.parameters), "right"],
    ["seeds", ({ own }) => String(own.length), "right"],
    ["validation loss", spread(({ validationLoss }) => validationLoss), "right"],
    ["loss of", ({ kind }) => (LEARNS_POSITIONS.includes(kind) ? "positions" : "accelerations")],
    ["acceleration error²", spread(({ accelerationLoss }) => accelerationLoss), "right"],
    ["iterations", spread(({ iterations }) => iterations, 3), "right"],
    ["seconds", spread(({ trainSeconds }) => trainSeconds), "right"],
    ["ended", ({ own }) => [...new Set(own.map(({ stopped }) => stopped))].join(", ")],
  ]);
}

const LEARNS_POSITIONS: readonly BaselineKind[] = ["trajectories", "mclnn"];

function titleOf(kind: BaselineKind): string {
  return kind === "mclnn" ? "MCLNN on accelerations" : MODEL_TITLES[kind];
}

interface Row {
  readonly system: SystemName;
  readonly model: string;
  readonly start: StartName;
  readonly run: RunResult;
}

/** MCLNN and the best of each rival, from every start that it was run from. */
function rowsOf(results: Results, settings: Settings, system: SystemName): Row[] {
  const { models } = results.of(lawsJob(settings, system));
  const rivals = KINDS.map((kind) => ({
    model: titleOf(kind),
    runs: bestOf(results, baselineJobs(settings, system, kind)).result.runs,
  }));
  return [{ model: MODEL_TITLES.mclnn, runs: models.mclnn.runs }, ...rivals].flatMap(
    ({ model, runs }) =>
      Object.entries(runs).map(([start, run]) => ({
        system,
        model,
        start: start as StartName,
        run: run as RunResult,
      })),
  );
}

function startTable(results: Results, settings: Settings, system: SystemName): DocumentTable {
  const rows = rowsOf(results, settings, system);
  const records = (value: number | null): string => (value === null ? "never" : String(value));
  return studyTable(
    `${results.of(lawsJob(settings, system)).title}: ${settings.records[system]} records from every start`,
    rows,
    [
      ["model", once(rows, ({ model }) => model)],
      ["start", ({ start }) => START_TITLES[start]],
      ["L a tenth off, records", ({ run }) => records(run.lagrangianRecords), "right"],
      ["position 0.1 off, records", ({ run }) => records(run.positionRecords), "right"],
      ["max |ΔP|", ({ run }) => formatNumber(run.errors.linearMomentum.max), "right"],
      ["max |ΔL|", ({ run }) => formatNumber(run.errors.angularMomentum.max), "right"],
      ["own H drifts", ({ run }) => formatNumber(run.errors.ownHamiltonian?.maxDrift), "right"],
      ["true H off", ({ run }) => formatNumber(run.errors.hamiltonian.max), "right"],
    ],
  );
}

function startData(results: Results, settings: Settings): DataTable {
  const rows = SYSTEMS.flatMap((system) => rowsOf(results, settings, system));
  return studyData("baselines", rows, {
    system: ({ system }) => system,
    model: ({ model }) => model,
    start: ({ start }) => start,
    "L a tenth off, records": ({ run }) => run.lagrangianRecords,
    "position 0.1 off, records": ({ run }) => run.positionRecords,
    "max dP": ({ run }) => run.errors.linearMomentum.max,
    "max dL": ({ run }) => run.errors.angularMomentum.max,
    "own H drift": ({ run }) => run.errors.ownHamiltonian?.maxDrift ?? null,
    "max dH, true": ({ run }) => run.errors.hamiltonian.max,
    "max position error": ({ run }) => run.errors.position.max,
  });
}

/** The longest (baselines) or shortest (MCLNN) time until positions are 0.1 off from the moved start, over all systems. */
function lasts(results: Results, settings: Settings, whose: "baseline" | "mclnn"): string {
  const all = SYSTEMS.flatMap((system) =>
    whose === "mclnn"
      ? [results.of(lawsJob(settings, system)).models.mclnn.runs.moved]
      : DRAWN.flatMap((kind) => {
          const { moved } = bestOf(results, baselineJobs(settings, system, kind)).result.runs;
          return moved === undefined ? [] : [moved];
        }),
  ).map(({ positionRecords }) => positionRecords ?? Infinity);
  const extreme = whose === "mclnn" ? Math.min(...all) : Math.max(...all);
  if (whose === "baseline") return extreme === Infinity ? "all" : String(extreme);
  return extreme === Infinity ? "to the end" : `${extreme} records or more`;
}

function finding(results: Results, settings: Settings, system: SystemName): string {
  const { title, models } = results.of(lawsJob(settings, system));
  const until = (run: RunResult | undefined): string => String(run?.positionRecords ?? "never");
  const row = (name: string, runs: Readonly<Partial<Record<StartName, RunResult>>>): string =>
    `${name} ${Object.entries(runs)
      .map(([start, run]) => `${start} ${until(run)}`)
      .join(", ")}`;
  return `${title}, records until the positions are 0.1 off, by start: ${[
    row(MODEL_TITLES.mclnn, models.mclnn.runs),
    ...DRAWN.map((kind) =>
      row(MODEL_TITLES[kind], bestOf(results, baselineJobs(settings, system, kind)).result.runs),
    ),
  ].join("; ")}.`;
}
