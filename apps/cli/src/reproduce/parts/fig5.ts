import { formatNumber, type LawSeries, potentialFigure } from "@mclnn/report";
import { lawsJob } from "../jobs.ts";
import type { DataTable, Part } from "../part.ts";
import { SYSTEMS } from "../settings.ts";
import { percent } from "./larger.ts";

/** Fig. 5: the pair law, learned and true. */
export const fig5Part: Part = {
  name: "fig5",
  title: "Figure 5: the law, learned and true",
  paper:
    "V against separation as MCLNN learned it, beside the truth, for the three systems, with the separations of the training data shaded: accurate where there were data, excellent between, reasonable beyond.",
  jobs: (settings) => SYSTEMS.map((system) => lawsJob(settings, system)),
  async present(results, settings) {
    const laws = SYSTEMS.map((system) => ({ system, ...results.of(lawsJob(settings, system)) }));
    const figures = await Promise.all(
      laws.map(async ({ system, title, law }) => ({
        ...(await potentialFigure(law, { system: title })),
        name: `fig5-${system}`,
      })),
    );
    return {
      found: laws.map(
        ({ title, models: { mclnn, spline } }) =>
          `${title}: mean error of V' over the training separations ${formatNumber(mclnn.slopeError.relativeMean)} of the mean |V'| (spline: ${formatNumber(spline.slopeError.relativeMean)}). ` +
          (mclnn.gapRelative === null
            ? ""
            : `In the gap, where no data are: ${percent(mclnn.gapRelative)} (spline: ${percent(spline.gapRelative as number)}). `) +
          `Beyond the data, up to 15 % of their span: ${percent(mclnn.outsideRelative)} (spline: ${percent(spline.outsideRelative)}).`,
      ),
      blocks: figures.map((figure) => ({ kind: "figure", figure })),
      data: laws.map(({ system, law }) => lawData(`fig5-${system}`, law)),
      numbers: Object.fromEntries(
        laws.map(({ system, models, separations }) => [
          system,
          {
            separations,
            ...Object.fromEntries(
              Object.entries(models).map(([kind, { runs: _, ...measures }]) => [kind, measures]),
            ),
          },
        ]),
      ),
    };
  },
};

function lawData(name: string, { separations, truth, models }: LawSeries): DataTable {
  return {
    name,
    columns: {
      r: separations,
      ...(truth === undefined ? {} : { "V, truth": truth.energy, "V', truth": truth.slope }),
      ...Object.fromEntries(
        Object.entries(models).flatMap(([kind, { energy, slope }]) => [
          [`V, ${kind}`, energy],
          [`V', ${kind}`, slope],
        ]),
      ),
    },
  };
}
