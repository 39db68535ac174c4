import { formatNumber } from "../../data/number-text.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { bySystem } from "../results/laws.ts";
import { bestOf, MODEL_LOOKS, MODEL_TITLES } from "../results/long-run.ts";
import { baselineJobs, lawsJob } from "../studies/jobs.ts";
import type { Part } from "./part.ts";
import { studyPlot } from "./spec.ts";

const KINDS = ["recipe", "lnn"] as const;

/** Fig. 6: the baseline's forces. */
export const fig6Part: Part = {
  name: "fig6",
  title: "Figure 6: the baseline's forces",
  paper:
    "Size of the force on a particle, predicted by the baseline LNN against the true one, on test data (the caption) or training data (the text): close to the diagonal, up to 1.25, 2.3 and 2.8.",
  jobs: (settings) =>
    SYSTEMS.flatMap((system) => [
      lawsJob(settings, system),
      ...KINDS.flatMap((kind) => baselineJobs(settings, system, kind)),
    ]),
  present(results, settings) {
    const systems = SYSTEMS.map((system) => ({
      system,
      title: results.of(lawsJob(settings, system)).title,
      models: KINDS.map((kind) => ({
        kind,
        forces: bestOf(results, baselineJobs(settings, system, kind)).result.forces,
      })),
    }));
    const plot = studyPlot({
      name: "fig6",
      title: "Forces of the baseline on states of the test run",
      description:
        "Predicted against true size of the force on each particle, along the true run from the test start, for the baseline trained well and by the paper's recipe.",
      note: "Every fifth record of the true run from the test start, which no training saw. Of points in one pixel one is drawn.",
      columns: 3,
      panels: systems.map(({ title, models }) => {
        const most = models[0]?.forces.measured.reduce((a, b) => Math.max(a, b), 0) ?? 1;
        return {
          heading: `Predicted force, ${title} (reduced units)`,
          x: { label: "true force (reduced units)" },
          square: true,
          series: [
            { label: "predicted = true", look: "reference", x: [0, most], y: [0, most] },
            ...models.map(({ kind, forces: { measured: x, predicted: y } }) => ({
              label: MODEL_TITLES[kind],
              look: MODEL_LOOKS[kind],
              kind: "points" as const,
              x,
              y,
            })),
          ],
        };
      }),
    });
    return {
      found: systems.map(
        ({ title, models }) =>
          `${title}: R² = ${models.map(({ kind, forces }) => `${fourDigits(forces.determination)} (${MODEL_TITLES[kind]})`).join(", ")}.`,
      ),
      blocks: [plot],
      data: systems.map(({ system, models }) => ({
        name: `fig6-${system}`,
        columns: {
          measured: models[0]?.forces.measured ?? [],
          ...Object.fromEntries(
            models.map(({ kind, forces }) => [`predicted, ${kind}`, forces.predicted]),
          ),
        },
      })),
      numbers: bySystem(systems, ({ models }) =>
        Object.fromEntries(
          models.map(({ kind, forces }) => [kind, { determination: forces.determination }]),
        ),
      ),
    };
  },
};

/** R² near 1 by what it lacks. */
function fourDigits(value: number): string {
  return value > 0.999 ? `1 − ${formatNumber(1 - value)}` : value.toFixed(3);
}
