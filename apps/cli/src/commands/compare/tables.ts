import { type CompareResults, type ModelResults, type RunStart, resultsTable } from "@mclnn/report";
import { formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import type { Colours } from "../../terminal/colours.ts";
import { formatTable } from "../../terminal/table.ts";

/** How training went, a line a system. */
export function trainingTable({ systems }: CompareResults, colours: Colours): string {
  return formatTable(
    [{ title: "system" }, { title: "MCLNN" }, { title: "spline" }, { title: "LNN" }],
    Object.entries(systems).map(([name, system]) => [
      colours.bold(system.title ?? name),
      mclnnCell(system.models.mclnn, colours),
      lossCell(system.models.spline),
      baselineCell(system.models.lnn),
    ]),
    colours.dim,
  );
}

function mclnnCell(model: ModelResults | undefined, colours: Colours): string {
  if (model === undefined) return "-";
  const passed = (model.milestones ?? []).map(
    ({ loss, seconds }) => `${formatTarget(loss)} after ${formatSeconds(seconds)}`,
  );
  if (model.reachedTarget === false)
    passed.push(colours.yellow(`ended at ${formatNumber(model.trainLoss)}`));
  return passed.join(", ");
}

function lossCell(model: ModelResults | undefined): string {
  if (model === undefined) return "-";
  return `${formatNumber(model.trainLoss)} after ${formatSeconds(model.trainSeconds ?? 0)}`;
}

function baselineCell(model: ModelResults | undefined): string {
  if (model === undefined) return "-";
  return `validation ${formatNumber(model.validationLoss)} after ${formatSeconds(model.trainSeconds ?? 0)}`;
}

/** Columns of the results' table that a terminal has room for. */
const SHOWN = /^(system|model|params|V' error|position|energy|momentum|angular m\.)$/;

/** Largest errors of every model over the runs from one start, and what pointwise errors can mean at all. */
export function errorTable(results: CompareResults, start: RunStart, colours: Colours): string {
  const { columns, rows } = resultsTable(results, { start });
  const shown = [...columns.entries()].filter(([, { title }]) => SHOWN.test(title));
  return formatTable(
    shown.map(([, column]) => column),
    rows.map(({ cells, first, model, diverged }) =>
      shown.map(([c, { title }]) => {
        const cell = cells[c] as string;
        if (title === "system") return first ? colours.bold(cell) : "";
        if (model === undefined) return colours.dim(cell);
        return diverged && title === "position" ? colours.red(cell) : cell;
      }),
    ),
    colours.dim,
  );
}
