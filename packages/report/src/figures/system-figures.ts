import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, SystemSeries } from "@mclnn/studies";
import type { Figure } from "../drawing/figure.ts";
import { BODIES } from "../drawing/requirements.ts";
import { conservationFigure } from "./conservation.ts";
import { potentialFigure } from "./potential.ts";
import { tiltedFigure } from "./tilted.ts";
import { trainingFigure } from "./training.ts";
import { trajectoriesFigure } from "./trajectories.ts";

/** All figures that the series of one system allow, in the order of the page. */
export async function systemFigures(
  series: SystemSeries,
  options: FigureOptions = {},
): Promise<readonly Figure[]> {
  checkArgument("series", series, BODIES);
  const { rollout, tilted, law, training, targetLoss } = series;
  const figures = [
    law === undefined ? undefined : await potentialFigure(law, options),
    await trajectoriesFigure(rollout, series, options),
    await conservationFigure(rollout, options),
    tilted === undefined ? undefined : await tiltedFigure({ rollout, tilted }, options),
    training === undefined || Object.keys(training).length === 0
      ? undefined
      : await trainingFigure(training, {
          ...options,
          ...(targetLoss === undefined ? {} : { targetLoss }),
        }),
  ];
  return figures.filter((figure) => figure !== undefined);
}
