import { medianRange } from "@mclnn/metrics";
import type { DocumentTable } from "../../data/document.ts";
import type { PlotPlan, PlotSeries } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { lawsJob, widthsJob } from "../studies/jobs.ts";
import type { WidthRun } from "../studies/widths.ts";
import type { Part } from "./part.ts";

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
    const rows = SYSTEMS.flatMap((system) => {
      const { title } = results.of(lawsJob(settings, system));
      return settings.widths.map((width) => ({
        system,
        title,
        width,
        ...results.of(widthsJob(settings, system, width)),
      }));
    });
    const table = (target: WidthRun["target"], caption: string): DocumentTable => ({
      caption,
      columns: [
        { title: "system" },
        { title: "hidden" },
        { title: "parameters", align: "right" },
        ...["iterations", "training loss", "validation loss", "V' error"].map((title) => ({
          title,
          align: "right" as const,
        })),
      ],
      rows: rows.map(({ title, width, parameters, runs }, k) => {
        const own = runs.filter((run) => run.target === target);
        const spread = (pick: (run: WidthRun) => number, digits = 2): string => {
          const { median, min, max } = medianRange(own.map(pick));
          return `${formatNumber(median, digits)} (${formatNumber(min, digits)} to ${formatNumber(max, digits)})`;
        };
        return [
          rows[k - 1]?.title === title ? "" : title,
          `(${width}, ${width})`,
          String(parameters),
          spread(({ iterations }) => iterations, 3),
          spread(({ trainLoss }) => trainLoss),
          spread(({ validationLoss }) => validationLoss),
          spread(({ slopeError }) => slopeError),
        ];
      }),
    });
    const { widths, widthSeeds, deepIterations } = settings;
    const points = (
      title: string,
      target: WidthRun["target"],
      pick: (run: WidthRun) => number,
      label: string,
    ): PlotSeries => {
      const own = rows.filter((row) => row.title === title);
      return {
        label,
        kind: "points",
        x: own.flatMap(({ width, runs }) =>
          runs.filter((run) => run.target === target).map((_, k) => width * (1 + 0.04 * (k - 2))),
        ),
        y: own.flatMap(({ runs }) => runs.filter((run) => run.target === target).map(pick)),
      };
    };
    /** Room above and below, so that no point lies on a frame. */
    const around = (title: string, pick: (run: WidthRun) => number): readonly [number, number] => {
      const all = rows.filter((row) => row.title === title).flatMap(({ runs }) => runs.map(pick));
      return [Math.min(...all) / 4, Math.max(...all) * 4];
    };
    const titles = [...new Set(rows.map(({ title }) => title))];
    const x = {
      label: "width of both hidden layers",
      log: true,
      at: widths,
      domain: [(widths[0] as number) / 1.4, (widths[widths.length - 1] as number) * 1.4] as const,
    };
    const plan: PlotPlan = {
      name: "table1",
      title: "What width gains",
      description:
        "Validation loss and error of V' against the width of the network, a point a seed, stopped at 1e-8 and as low as it goes.",
      note: `A point a seed, set side by side. Dashed: where the paper stops, 1e-8. As low as it goes: ${deepIterations} iterations at most in each stage.`,
      columns: 2,
      panels: titles.flatMap((title) => [
        {
          heading: `Validation loss, ${title} (length²)`,
          x,
          y: { log: true, domain: around(title, ({ validationLoss }) => validationLoss) },
          levels: [1e-8],
          series: [
            points(title, "paper", ({ validationLoss }) => validationLoss, "stopped at 1e-8"),
            points(title, "deep", ({ validationLoss }) => validationLoss, "as low as it goes"),
          ],
        },
        {
          heading: `V' error over mean |V'|, ${title}`,
          x,
          y: { log: true, domain: around(title, ({ slopeError }) => slopeError) },
          series: [
            points(title, "paper", ({ slopeError }) => slopeError, "stopped at 1e-8"),
            points(title, "deep", ({ slopeError }) => slopeError, "as low as it goes"),
          ],
        },
      ]),
    };
    const reached = rows.map(({ title, width, runs }) => ({
      title,
      width,
      share: runs.filter(({ target, reachedTarget }) => target === "paper" && reachedTarget).length,
    }));
    const slowest = Math.max(
      ...rows
        .filter(({ width }) => width === widths[0])
        .flatMap(({ runs }) =>
          runs.filter(({ target }) => target === "paper").map(({ trainSeconds }) => trainSeconds),
        ),
    );
    const small = reached.filter(({ width }) => width === widths[0]);
    return {
      found: [
        `${widthSeeds} seeds a width, three systems; median (smallest to largest). Of the networks with hidden widths (${widths[0]}, ${widths[0]}) ${small.map(({ title, share }) => `${share} of ${widthSeeds} reach 1e-8 on the ${title}`).join(", ")}, in ${formatNumber(slowest)} s at most. What Table 1 shows for (2, 2) is where the paper's optimiser stopped. How much lower a network goes that is not stopped at 1e-8 is in the second table.`,
      ],
      blocks: [
        { kind: "table", table: table("paper", "Stopped at 1e-8, as the paper does") },
        { kind: "table", table: table("deep", "As low as it goes") },
        { kind: "figure", figure: { draw: "plot", plan } },
      ],
      data: [
        {
          name: "table1",
          columns: Object.fromEntries(
            (
              [
                ["system", (row) => row.system],
                ["width", (row) => row.width],
                ["parameters", (row) => row.parameters],
                ["target", (_, run) => (run.target === "paper" ? "1e-8" : "as low as it goes")],
                ["seed", (_, run) => run.seed],
                ["iterations", (_, run) => run.iterations],
                ["training loss", (_, run) => run.trainLoss],
                ["validation loss", (_, run) => run.validationLoss],
                ["V' error", (_, run) => run.slopeError],
                ["seconds", (_, run) => run.trainSeconds],
              ] as [string, (row: (typeof rows)[number], run: WidthRun) => string | number][]
            ).map(([column, pick]) => [
              column,
              rows.flatMap((row) => row.runs.map((run) => pick(row, run))),
            ]),
          ),
        },
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
