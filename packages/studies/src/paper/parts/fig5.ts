import type { DataTable } from "../../data/data-table.ts";
import { formatNumber } from "../../data/number-text.ts";
import type { LawSeries } from "../../data/series.ts";
import { allLaws, bySystem, lawsJobs } from "../results/laws.ts";
import { percent } from "../results/percent.ts";
import type { Part } from "./part.ts";

/** Fig. 5: the pair law, learned and true. */
export const fig5Part: Part = {
  name: "fig5",
  title: "Figure 5: the law, learned and true",
  paper:
    "V against separation as MCLNN learned it, beside the truth, for the three systems, with the separations of the training data shaded: accurate where there were data, excellent between, reasonable beyond.",
  jobs: lawsJobs,
  present(results, settings) {
    const laws = allLaws(results, settings);
    return {
      found: laws.map(
        ({ title, models: { mclnn, spline } }) =>
          `${title}: mean error of V' over the training separations ${formatNumber(mclnn.slopeError.relativeMean)} of the mean |V'| (spline: ${formatNumber(spline.slopeError.relativeMean)}). ` +
          (mclnn.gapRelative === null
            ? ""
            : `In the gap, where no data are: ${percent(mclnn.gapRelative)} (spline: ${percent(spline.gapRelative as number)}). `) +
          `Beyond the data, up to 15 % of their span: ${percent(mclnn.outsideRelative)} (spline: ${percent(spline.outsideRelative)}).`,
      ),
      blocks: laws.map(({ system, title, law }) => ({
        kind: "figure",
        figure: { draw: "potential", name: `fig5-${system}`, law, options: { system: title } },
      })),
      data: laws.map(({ system, law }) => lawData(`fig5-${system}`, law)),
      numbers: bySystem(laws, ({ models, separations }) => ({
        separations,
        ...Object.fromEntries(
          Object.entries(models).map(([kind, { runs: _, ...measures }]) => [kind, measures]),
        ),
      })),
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
