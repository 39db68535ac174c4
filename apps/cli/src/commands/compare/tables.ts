import type { CompareResults, ModelResults, RolloutErrors, SystemResults } from "@mclnn/report";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import type { Colours } from "../../terminal/colours.ts";
import { type Column, formatTable } from "../../terminal/table.ts";

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

const COLUMNS: readonly Column[] = [
  { title: "system" },
  { title: "model" },
  { title: "params", align: "right" },
  { title: "V' error", align: "right" },
  { title: "position", align: "right" },
  { title: "energy", align: "right" },
  { title: "momentum", align: "right" },
  { title: "angular m.", align: "right" },
];

/** Largest errors of every model over the runs from one start. */
export function errorTable(
  { systems }: CompareResults,
  start: "rollout" | "tilted",
  colours: Colours,
): string {
  const rows = Object.entries(systems).flatMap(([name, system]) => {
    const models = Object.entries(system.models).map(([kind, model]) => [
      model.title ?? kind,
      formatCount(model.parameters),
      model.slopeError === null ? "-" : formatNumber(model.slopeError.mean),
      ...errorCells(model[start], colours),
    ]);
    // What pointwise errors can mean at all; results.json has it for the first start.
    if (start === "rollout") models.push(floorCells(system).map((cell) => colours.dim(cell)));
    return models.map((cells, k) => [k === 0 ? colours.bold(system.title ?? name) : "", ...cells]);
  });
  return formatTable(COLUMNS, rows, colours.dim);
}

function errorCells(errors: RolloutErrors | undefined, colours: Colours): string[] {
  if (errors === undefined) return ["-", "-", "-", "-"];
  const { position, hamiltonian, linearMomentum, angularMomentum, divergedAt } = errors;
  if (divergedAt !== undefined && divergedAt !== null)
    return [colours.red(`diverged at t = ${formatNumber(divergedAt, 3)}`), "-", "-", "-"];
  return [position, hamiltonian, linearMomentum, angularMomentum].map(({ max }) =>
    formatNumber(max),
  );
}

function floorCells({ chaosFloor }: SystemResults): string[] {
  return [
    `true, start ${formatTarget(chaosFloor?.offset ?? 0)} off`,
    "",
    "",
    formatNumber(chaosFloor?.position.max),
    formatNumber(chaosFloor?.hamiltonian?.max),
    "",
    "",
  ];
}
