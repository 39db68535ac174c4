import type { CompareResults, ModelResults, RolloutErrors, SystemResults } from "@mclnn/studies";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import { modelLooks } from "../drawing/palette.ts";

/** Which run a table tells of. */
export type RunStart = "rollout" | "tilted";

/** A column of a {@link ResultsTable}. */
export interface TableColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** What stands in it, for a reader who meets it first. */
  readonly meaning: string;
}

/** One line: a model on a system, or the true system started a little away. */
export interface TableRow {
  /** Key of the system. */
  readonly system: string;
  /** Key of the model; absent for the chaos floor. */
  readonly model?: string;
  /** Whether it is the system's first row. */
  readonly first: boolean;
  readonly diverged: boolean;
  /** One text a column; the system's title in every row. */
  readonly cells: readonly string[];
}

/** Rows of text, the same for the terminal and the page. */
export interface ResultsTable {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

const COLUMNS: readonly TableColumn[] = [
  { title: "system", align: "left", meaning: "the true law" },
  { title: "model", align: "left", meaning: "what was trained" },
  { title: "params", align: "right", meaning: "trained numbers" },
  {
    title: "train loss",
    align: "right",
    meaning:
      "mean squared position error over the training rollouts; of the baseline, marked a, mean squared acceleration error",
  },
  {
    title: "V' error",
    align: "right",
    meaning: "mean |V' learned − V' true| over the separations seen in training",
  },
  {
    title: "position",
    align: "right",
    meaning: "distance from the true place, mean over particles, largest over the run",
  },
  { title: "energy", align: "right", meaning: "largest |H − H true|, both by the true law" },
  { title: "momentum", align: "right", meaning: "largest |P − P true|" },
  { title: "angular m.", align: "right", meaning: "largest |L − L true|" },
  { title: "time", align: "right", meaning: "training, from data in memory to the stop" },
];

/**
 * The table of a comparison: a row a model and system, largest errors over the runs from one start; and where pointwise errors stop to mean
 * anything.
 *
 * @param start - `rollout` (default): the test start; `tilted`: the same, tilted, shifted and boosted
 */
export function resultsTable(
  { systems }: CompareResults,
  { start = "rollout" }: { readonly start?: RunStart } = {},
): ResultsTable {
  const rows: TableRow[] = [];
  for (const [key, system] of Object.entries(systems)) {
    const before = rows.length;
    const title = system.title ?? key;
    for (const [model, result] of Object.entries(system.models)) {
      const errors = result[start];
      rows.push({
        system: key,
        model,
        first: rows.length === before,
        diverged: divergence(errors) !== undefined,
        cells: [
          title,
          modelTitle(model, result),
          formatCount(result.parameters),
          lossText(result),
          formatNumber(result.slopeError?.mean),
          ...errorTexts(errors),
          formatSeconds(result.trainSeconds),
        ],
      });
    }
    if (system.chaosFloor !== undefined && start === "rollout")
      rows.push({
        system: key,
        first: rows.length === before,
        diverged: false,
        cells: [title, ...floorTexts(system.chaosFloor)],
      });
  }
  const from = start === "rollout" ? "unseen start" : "tilted, shifted and boosted start";
  return {
    caption: `Largest errors over ${spanText(systems, start)}, ${from}`,
    columns: COLUMNS,
    rows,
  };
}

/** The name that tables, figures and page give a model. */
export function modelTitle(key: string, { title }: ModelResults): string {
  return modelLooks([key], title === undefined ? {} : { [key]: title })[0]?.title ?? key;
}

/** Time at which a run left the finite numbers, if it did. */
export function divergence(errors: RolloutErrors | undefined): number | undefined {
  return errors?.divergedAt ?? undefined;
}

/** Time units from first to last record of a system's runs; `undefined` where the spacing is not known. */
export function runTime(
  { dt, stride, models }: SystemResults,
  start: RunStart,
): number | undefined {
  const records = Math.max(0, ...Object.values(models).map((model) => model[start]?.records ?? 0));
  if (dt === undefined || stride === undefined || records < 2) return undefined;
  return Number(((records - 1) * dt * stride).toPrecision(12));
}

function spanText(systems: CompareResults["systems"], start: RunStart): string {
  const times = Object.values(systems).map((system) => runTime(system, start));
  const known = [...new Set(times.filter((time) => time !== undefined))];
  if (known.length === 0) return "the run";
  const [low, high] = [Math.min(...known), Math.max(...known)].map((time) => formatNumber(time, 4));
  return low === high ? `${low} time units` : `${low} to ${high} time units`;
}

function lossText({ trainLoss, lossKind }: ModelResults): string {
  const text = formatNumber(trainLoss);
  return lossKind === "acceleration" && text !== "-" ? `${text} a` : text;
}

function errorTexts(errors: RolloutErrors | undefined): string[] {
  if (errors === undefined) return ["-", "-", "-", "-"];
  const end = divergence(errors);
  if (end !== undefined) return [`diverged at t = ${formatNumber(end, 3)}`, "-", "-", "-"];
  const { position, hamiltonian, linearMomentum, angularMomentum } = errors;
  return [position, hamiltonian, linearMomentum, angularMomentum].map(({ max }) =>
    formatNumber(max),
  );
}

function floorTexts({
  offset,
  position,
  hamiltonian,
}: NonNullable<SystemResults["chaosFloor"]>): string[] {
  const title = `true, start ${formatTarget(offset)} off`;
  return [
    title,
    "",
    "",
    "",
    formatNumber(position.max),
    hamiltonian === undefined ? "" : formatNumber(hamiltonian.max),
    "",
    "",
    "",
  ];
}
