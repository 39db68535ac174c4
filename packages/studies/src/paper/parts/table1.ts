import type { DocumentTable } from "../../data/document.ts";
import type { PlotPanel, PlotPlan } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import { type Settings, SYSTEMS, type SystemName } from "../experiment/settings.ts";
import type { Results } from "../results/results.ts";
import { lawsJob, widthsJob } from "../studies/jobs.ts";
import type { WidthRun, WidthsResult } from "../studies/widths.ts";
import type { Part } from "./part.ts";
import { once, spreadText, studyData, studyPlot, studyTable } from "./spec.ts";

/** Table 1: widths of the network. */
export const table1Part: Part = {
  name: "table1",
  title: "Table 1: width of the network",
  paper:
    "Training and validation loss of MCLNN on the linear spring for hidden widths (2, 2), (4, 4), (8, 8) and (16, 16), one training each, stopped at 1e-8: 0.0012 and 0.0015 for (2, 2); below 1e-8, and 2.4e-8 to 3.8e-8, for the others.",
  jobs: (settings) =>
    SYSTEMS.flatMap((system) => [
      lawsJob(settings, system),
      ...settings.widths.map((width) => widthsJob(settings, system, width)),
    ]),
  present(results, settings) {
    const rows = rowsOf(results, settings);
    const { widths, widthSeeds: seeds } = settings;
    const [least] = widths;
    const small = rows.filter(({ width }) => width === least);
    const slowest = Math.max(
      ...small.flatMap((row) => runsTo(row, "paper").map(({ trainSeconds }) => trainSeconds)),
    );
    const reached = small.map((row) => {
      const count = runsTo(row, "paper").filter(({ reachedTarget }) => reachedTarget).length;
      return `${count} of ${seeds} reach 1e-8 on the ${row.title}`;
    });
    return {
      found: [
        `${seeds} seeds a width, three systems; median (smallest to largest). Of the networks with hidden widths (${least}, ${least}) ${reached.join(", ")}, in ${formatNumber(slowest)} s at most. What Table 1 shows for (2, 2) is where the paper's optimiser stopped. How much lower a network goes that is not stopped at 1e-8 is in the second table.`,
      ],
      blocks: [
        { kind: "table", table: table(rows, "paper", "Stopped at 1e-8, as the paper does") },
        { kind: "table", table: table(rows, "deep", "As low as it goes") },
        studyPlot(plan(rows, settings)),
      ],
      data: [
        studyData(
          "table1",
          rows.flatMap((row) => row.runs.map((run) => ({ ...row, ...run }))),
          {
            system: ({ system }) => system,
            width: ({ width }) => width,
            parameters: ({ parameters }) => parameters,
            target: ({ target }) => (target === "paper" ? "1e-8" : "as low as it goes"),
            seed: ({ seed }) => seed,
            iterations: ({ iterations }) => iterations,
            "training loss": ({ trainLoss }) => trainLoss,
            "validation loss": ({ validationLoss }) => validationLoss,
            "V' error": ({ slopeError }) => slopeError,
            seconds: ({ trainSeconds }) => trainSeconds,
          },
        ),
      ],
      numbers: Object.fromEntries(
        SYSTEMS.map((system) => [
          system,
          Object.fromEntries(
            rows
              .filter((row) => row.system === system)
              .map(({ width, parameters, runs }) => [`${width},${width}`, { parameters, runs }]),
          ),
        ]),
      ),
    };
  },
};

/** A width on a system. */
interface Row extends WidthsResult {
  readonly system: SystemName;
  readonly title: string;
  readonly width: number;
}

function rowsOf(results: Results, settings: Settings): Row[] {
  return SYSTEMS.flatMap((system) => {
    const { title } = results.of(lawsJob(settings, system));
    return settings.widths.map((width) => ({
      system,
      title,
      width,
      ...results.of(widthsJob(settings, system, width)),
    }));
  });
}

const runsTo = ({ runs }: WidthsResult, target: WidthRun["target"]): WidthRun[] =>
  runs.filter((run) => run.target === target);

function table(rows: readonly Row[], target: WidthRun["target"], caption: string): DocumentTable {
  const spread =
    (pick: (run: WidthRun) => number, digits?: number) =>
    (row: Row): string =>
      spreadText(runsTo(row, target).map(pick), digits);
  return studyTable(caption, rows, [
    ["system", once(rows, ({ title }) => title)],
    ["hidden", ({ width }) => `(${width}, ${width})`],
    ["parameters", ({ parameters }) => String(parameters), "right"],
    ["iterations", spread(({ iterations }) => iterations, 3), "right"],
    ["training loss", spread(({ trainLoss }) => trainLoss), "right"],
    ["validation loss", spread(({ validationLoss }) => validationLoss), "right"],
    ["V' error", spread(({ slopeError }) => slopeError), "right"],
  ]);
}

function plan(rows: readonly Row[], { widths, deepIterations }: Settings): PlotPlan {
  const [first, last] = [widths[0] as number, widths[widths.length - 1] as number];
  const panel = (
    title: string,
    heading: string,
    pick: (run: WidthRun) => number,
    levels: readonly number[] = [],
  ): PlotPanel => {
    const own = rows.filter((row) => row.title === title);
    const all = own.flatMap(({ runs }) => runs.map(pick));
    const points = (target: WidthRun["target"], label: string) => ({
      label,
      kind: "points" as const,
      // Set side by side.
      x: own.flatMap((row) => runsTo(row, target).map((_, k) => row.width * (1 + 0.04 * (k - 2)))),
      y: own.flatMap((row) => runsTo(row, target).map(pick)),
    });
    return {
      heading,
      x: {
        label: "width of both hidden layers",
        log: true,
        at: widths,
        domain: [first / 1.4, last * 1.4],
      },
      // Room above and below, so that no point lies on a frame.
      y: { log: true, domain: [Math.min(...all) / 4, Math.max(...all) * 4] },
      levels,
      series: [points("paper", "stopped at 1e-8"), points("deep", "as low as it goes")],
    };
  };
  return {
    name: "table1",
    title: "What width gains",
    description:
      "Validation loss and error of V' against the width of the network, a point a seed, stopped at 1e-8 and as low as it goes.",
    note: `A point a seed, set side by side. Dashed: where the paper stops, 1e-8. As low as it goes: ${deepIterations} iterations at most in each stage.`,
    columns: 2,
    panels: [...new Set(rows.map(({ title }) => title))].flatMap((title) => [
      panel(
        title,
        `Validation loss, ${title} (length²)`,
        ({ validationLoss }) => validationLoss,
        [1e-8],
      ),
      panel(title, `V' error over mean |V'|, ${title}`, ({ slopeError }) => slopeError),
    ]),
  };
}
