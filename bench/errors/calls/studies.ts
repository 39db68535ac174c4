import * as studies from "@mclnn/studies";
import * as paper from "@mclnn/studies/paper";
import * as text from "@mclnn/studies/text";
import type { EntryCalls } from "../call.ts";

const excused = (
  module: Readonly<Record<string, unknown>>,
  reason: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.keys(module).map((name) => [name, reason]));

/** All entries of the package. */
export const studyCalls: readonly EntryCalls[] = [
  {
    entry: "@mclnn/studies",
    module: studies,
    calls: {},
    excused: excused(
      studies,
      "takes models, systems and outcomes of other jobs; not looked at yet",
    ),
  },
  {
    entry: "@mclnn/studies/paper",
    module: paper,
    calls: {},
    excused: excused(paper, "takes jobs and results of its own; not looked at yet"),
  },
  {
    entry: "@mclnn/studies/text",
    module: text,
    calls: {
      formatCount: () => [1000],
      formatMeasured: () => [1.0007, 5e-4],
      formatNumber: () => [0.5, 2],
      formatSeconds: () => [10],
      formatTarget: () => [1e-8],
    },
  },
];
