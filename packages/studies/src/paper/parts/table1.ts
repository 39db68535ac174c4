import { medianRange } from "@mclnn/metrics";
import type { DocumentTable } from "../../data/document.ts";
import type { PlotPanel, PlotPlan, PlotSeries } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { lawsJob, widthsJob } from "../studies/jobs.ts";
import type { WidthRun, WidthsResult } from "../studies/widths.ts";
import type { Part } from "./part.ts";
import { once, studyData, studyTable } from "./spec.ts";

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
    const spread =
      (target: WidthRun["target"], pick: (run: WidthRun) => number, digits = 2) =>
      ({ runs }: WidthsResult): string => {
        const own = runs.filter((run) => run.target === target).map(pick);
        const { median, min, max } = medianRange(own);
        const [a, b, c] = [median, min, max].map((value) => formatNumber(value, digits));
        return `${a} (${b} to ${c})`;
      };
    const table = (target: WidthRun["target"], caption: string): DocumentTable =>
      studyTable(caption, rows, [
        ["system", once(rows, ({ title }) => title)],
        ["hidden", ({ width }) => `(${width}, ${width})`],
        ["parameters", ({ parameters }) => String(parameters), "right"],
        ["iterations", spread(target, ({ iterations }) => iterations, 3), "right"],
        ["training loss", spread(target, ({ trainLoss }) => trainLoss), "right"],
        ["validation loss", spread(target, ({ validationLoss }) => validationLoss), "right"],
        ["V' error", spread(target, ({ slopeError }) => slopeError), "right"],
      ]);
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
    const panel = (
      title: string,
      before: string,
      after: string,
      pick: (run: WidthRun) => number,
      levels?: readonly number[],
    ): PlotPanel => ({
      heading: `${before}${title}${after}`,
      x,
      y: { log: true, domain: around(title, pick) },
      ...(levels === undefined ? {} : { levels }),
      series: [
        points(title, "paper", pick, "stopped at 1e-8"),
        points(title, "deep", pick, "as low as it goes"),
      ],
    });
    const plan: PlotPlan = {
      name: "table1",
      title: "What width gains",
      description:
        "Validation loss and error of V' against the width of the network, a point a seed, stopped at 1e-8 and as low as it goes.",
      note: `A point a seed, set side by side. Dashed: where the paper stops, 1e-8. As low as it goes: ${deepIterations} iterations at most in each stage.`,
      columns: 2,
      panels: titles.flatMap((title) => [
        panel(
          title,
          "Validation loss, ",
          " (length²)",
          ({ validationLoss }) => validationLoss,
          [1e-8],
        ),
        panel(title, "V' error over mean |V'|, ", "", ({ slopeError }) => slopeError),
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
