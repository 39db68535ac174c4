import type { MclnnModel, SplineModel } from "@mclnn/models";
import type { Figure } from "@mclnn/report";
import { resolveLaw } from "../inputs/law.ts";

/** Which law is drawn, and what beside it. */
interface LawFigureOptions {
  /** Another law, to be drawn beside it. */
  readonly potential?: string | undefined;
  readonly system?: string | undefined;
  /** Separations that are shown. Default: those seen, and a little of what lies beyond. */
  readonly grid?: Float64Array | undefined;
}

/** V and V' of a learned law, with the separations it was trained on: what `law --out` and `plot --model` draw. */
export async function lawFigure(
  model: MclnnModel | SplineModel,
  { potential, system, grid }: LawFigureOptions,
): Promise<Figure> {
  const { potentialFigure } = await import("@mclnn/report");
  const { lawOf } = await import("@mclnn/studies");
  const truth = await resolveLaw({ potential, system });
  return potentialFigure(lawOf(model, { truth, ...(grid === undefined ? {} : { grid }) }));
}
