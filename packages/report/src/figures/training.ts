import { checkArgument } from "@mclnn/physics/arguments";
import type { FigureOptions, Numbers, TrainingSeries } from "@mclnn/studies";
import { decades, extent } from "../drawing/domain.ts";
import type { Figure, LegendEntry } from "../drawing/figure.ts";
import { modelLooks } from "../drawing/palette.ts";
import { drawPanel, type Line, type Panel } from "../drawing/panel.ts";
import { FIGURE_OPTIONS, TRAINING_SERIES } from "../drawing/requirements.ts";
import { tickText } from "../drawing/tick-text.ts";
import { list, lookEntry } from "./conservation.ts";
import { withSystem } from "./title.ts";

const SIZE = { width: 430, height: 240 } as const;
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
  const panels: Panel[] = [];
  for (const kind of ["rollout", "acceleration"] as const) {
    const chosen = looks.filter(({ key }) => (training[key]?.lossKind ?? "rollout") === kind);
    if (chosen.length === 0) continue;
    const names = list(chosen.map(({ title }) => title));
    for (const against of ["seconds", "iterations"] as const) {
      const lines = chosen.flatMap(({ key, stroke }): Line[] => {
        const series = training[key] as TrainingSeries;
        const x = series[against];
        if (x === undefined) return [];
        const base = { x, dots: x.length <= DOTS };
        return [
          { ...base, y: series.loss, stroke },
          ...(series.validationLoss === undefined
            ? []
            : [
                {
                  ...base,
                  dots: false,
                  y: series.validationLoss,
                  stroke: { ...stroke, dash: "5 3" },
                },
              ]),
        ];
      });
      if (lines.length === 0) continue;
      const level = kind === "rollout" ? targetLoss : undefined;
      const { domain, log } = along(lines.map(({ x }) => x));
      panels.push(
        await drawPanel({
          ...SIZE,
          heading: LOSSES[kind],
          description: `loss of ${names} against ${against}, logarithmic`,
          x: { domain, log, label: against === "seconds" ? "time (s)" : "iterations" },
          y: {
            domain: decades(
              [...lines.map(({ y }) => roomy(ends(y))), level === undefined ? [] : roomy([level])],
              {
                floor: LOSS_FLOOR,
                ceiling: LOSS_CEILING,
              },
            ),
            log: true,
          },
          levels: level === undefined ? [] : [level],
          lines,
        }),
      );
    }
  }
  const validated = Object.values(training).some(
    ({ validationLoss }) => validationLoss !== undefined,
  );
  return {
    name: "training",
    title: withSystem("Training", options),
    description: `Loss of ${list(looks.map(({ title }) => title))} against seconds and iterations.`,
    note: `${validated ? "Dashed: validation loss. " : ""}${restarted(training) ? "Jumps up: training began again from other weights, or took a step too far. " : ""}Losses of different kinds cannot be compared. Zeros are drawn on the lower edge.`,
    legend: [
      ...looks.map(lookEntry),
      ...(targetLoss === undefined
        ? []
        : [
            {
              label: `where the paper stops, ${tickText(targetLoss, targetLoss)}`,
              kind: "line",
              stroke: { colour: "currentColor", width: 1, opacity: 0.7, dash: "5 4" },
            } satisfies LegendEntry,
          ]),
    ],
    columns: 2,
    panels,
  };
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
