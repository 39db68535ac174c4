import type { FigurePlan } from "@mclnn/studies";
import type { Figure } from "../drawing/figure.ts";
import { conservationFigure } from "./conservation.ts";
import { plotFigure } from "./plot.ts";
import { potentialFigure } from "./potential.ts";
import { tiltedFigure } from "./tilted.ts";
import { trainingFigure } from "./training.ts";

/** Draws a figure of which only the plan was made: what studies hand over. */
export async function drawFigure(plan: FigurePlan): Promise<Figure> {
  switch (plan.draw) {
    case "plot":
      return plotFigure(plan.plan);
    case "conservation":
      return { ...(await conservationFigure(plan.run, plan.options)), name: plan.name };
    case "tilted":
      return { ...(await tiltedFigure(plan, plan.options)), name: plan.name };
    case "potential":
      return { ...(await potentialFigure(plan.law, plan.options)), name: plan.name };
    case "training":
      return { ...(await trainingFigure(plan.training, plan.options)), name: plan.name };
  }
}
