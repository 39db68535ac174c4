import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, Numbers, TrainingSeries } from "@mclnn/studies";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure } from "../drawing/figure.ts";
import { type ModelLook, modelLooks } from "../drawing/palette.ts";
import type { Line } from "../drawing/panel-plan.ts";
import { FIGURE_OPTIONS, TRAINING_SERIES } from "../drawing/requirements.ts";
import { tickText } from "../drawing/tick-text.ts";
import { drawSheet, entry, list, lookEntries, type SheetPanel, withSystem } from "./sheet.ts";

/** Losses are squares of errors: their roundoff is the square of one. */
const LOSS_FLOOR = 1e-32;
const LOSS_CEILING = 1e6;
/** Curves of at most this many points show the points themselves. */
const DOTS = 80;

const LOSSES = {
  rollout: "Rollout loss (mean squared position error)",
  acceleration: "Acceleration loss (mean squared error)",
} as const;

/**
 * Loss against seconds and against iterations. Losses of different kinds have rows of their own: they cannot be compared.
 *
 * @param training - by model key
 */
export async function trainingFigure(
  training: Readonly<Record<string, TrainingSeries>>,
  given: FigureOptions & { readonly targetLoss?: number } = {},
): Promise<Figure> {
  checkArgument("training", training, TRAINING_SERIES);
  checkArgument("options", given, FIGURE_OPTIONS);
  checkArgument("options", given, { targetLoss: "number?" });
  const { targetLoss, ...options } = given;
  const looks = modelLooks(Object.keys(training), options.titles);
  const panels = (["rollout", "acceleration"] as const).flatMap((kind) => {
    const chosen = looks.filter(({ key }) => (training[key]?.lossKind ?? "rollout") === kind);
    const names = list(chosen.map(({ title }) => title));
    const levels = kind === "rollout" && targetLoss !== undefined ? [targetLoss] : [];
    return (["seconds", "iterations"] as const).flatMap((against): SheetPanel[] => {
      const lines = chosen.flatMap((look) => lossLines(training, look, against));
      if (lines.length === 0) return [];
      const losses = [...lines.map(({ y }) => ends(y)), levels].map(roomy);
      return [
        {
          heading: LOSSES[kind],
          description: `loss of ${names} against ${against}, logarithmic`,
          x: {
            ...along(lines.map(({ x }) => x)),
            label: against === "seconds" ? "time (s)" : "iterations",
          },
          y: { domain: decades(losses, { floor: LOSS_FLOOR, ceiling: LOSS_CEILING }), log: true },
          levels,
          lines,
        },
      ];
    });
  });
  const validated = Object.values(training).some(
    ({ validationLoss }) => validationLoss !== undefined,
  );
  return drawSheet({
    name: "training",
    title: withSystem("Training", options),
    description: `Loss of ${list(looks.map(({ title }) => title))} against seconds and iterations.`,
    note: `${validated ? "Dashed: validation loss. " : ""}${restarted(training) ? "Jumps up: training began again from other weights, or took a step too far. " : ""}Losses of different kinds cannot be compared. Zeros are drawn on the lower edge.`,
    legend: [
      ...lookEntries(looks),
      targetLoss !== undefined &&
        entry(`where the paper stops, ${tickText(targetLoss, targetLoss)}`, {
          colour: "currentColor",
          width: 1,
          opacity: 0.7,
          dash: "5 4",
        }),
    ],
    size: { width: 430, height: 240 },
    panels,
  });
}

/** The curve of a model's loss, and that of its validation loss. */
function lossLines(
  training: Readonly<Record<string, TrainingSeries>>,
  { key, stroke }: ModelLook,
  against: "seconds" | "iterations",
): Line[] {
  const { [against]: x, loss, validationLoss } = training[key] as TrainingSeries;
  if (x === undefined) return [];
  const own = { x, y: loss, stroke, dots: x.length <= DOTS };
  if (validationLoss === undefined) return [own];
  return [own, { x, y: validationLoss, stroke: { ...stroke, dash: "5 3" } }];
}

/** A logarithmic axis where the positive values span more than a decade and a half, else a linear one from 0. */
function along(all: readonly Numbers[]): { domain: readonly [number, number]; log: boolean } {
  const high = extent(...all)?.[1] ?? 1;
  const positive = all.flatMap((values) => Array.from(values).filter((value) => value > 0));
  const low = Math.min(...positive.slice(0, 10_000), high);
  if (low > 0 && high / low > 30) return { domain: [low / 1.12, high * 1.12], log: true };
  return { domain: [0, high > 0 ? 1.02 * high : 1], log: false };
}

/** Lowest and highest positive loss of a curve: curves of few points count as much as those of many. */
function ends(losses: Numbers): readonly number[] {
  return extent(Array.from(losses).filter((loss) => loss > 0)) ?? [];
}

/** Losses with room above and below, so that no point lies on the frame. */
function roomy(losses: Numbers): number[] {
  return Array.from(losses).flatMap((loss) => [loss / 2, loss * 2]);
}

/** Whether a loss rose by a factor of ten from one point to the next. */
function restarted(training: Readonly<Record<string, TrainingSeries>>): boolean {
  return Object.values(training).some(({ loss }) =>
    Array.from(loss).some((value, i) => i > 0 && value > 10 * (loss[i - 1] as number)),
  );
}
