import type { LawSeries, Numbers, RunComparison, TrainingSeries } from "./series.ts";

/** Names that figures print. */
export interface FigureOptions {
  /** The system, in the figure's title. */
  readonly system?: string;
  /** By model key; `MCLNN`, `spline` and `LNN` for the known ones, else the key. */
  readonly titles?: Readonly<Record<string, string>>;
  /** What the reference run is called. Default `truth`. */
  readonly truth?: string;
}

/** A curve of a plot. */
export interface PlotSeries {
  /** Curves of one label share a colour and an entry of the legend. */
  readonly label: string;
  /** `truth` (wide and pale), `reference` (thin), `floor` (dotted), `closer` (a floor nearer by, dash and dot); else a colour of its own, that of a model where it is one's key (mclnn, spline, lnn). */
  readonly look?: string;
  readonly dashed?: boolean;
  readonly x: Numbers;
  readonly y: Numbers;
  /** `envelope`: the highest value in every two pixels. `path`: a way in the plane. `points`: no line. Default `curve`. */
  readonly kind?: "curve" | "envelope" | "path" | "points";
  /** Two curves to shade between, on the grid of x. */
  readonly band?: readonly [Numbers, Numbers];
}

export interface PlotAxis {
  readonly label: string;
  readonly log?: boolean;
  /** Default: what holds all curves. */
  readonly domain?: readonly [number, number];
  /** Where ticks are. Default: at round numbers. */
  readonly at?: readonly number[];
}

export interface PlotPanel {
  /** The quantity on the vertical axis and its unit. */
  readonly heading: string;
  readonly x: PlotAxis;
  readonly y?: Omit<PlotAxis, "label">;
  readonly series: readonly PlotSeries[];
  readonly shades?: readonly (readonly [number, number])[];
  /** Dashed lines across. */
  readonly levels?: readonly number[];
  /** Equal units on both axes. */
  readonly square?: boolean;
}

/** A figure of curves. */
export interface PlotPlan {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly note?: string;
  readonly columns?: number;
  readonly panels: readonly PlotPanel[];
  /** What shades stand for. */
  readonly shade?: string;
}

/** A figure that is still to be drawn: what is in it, as plain data. */
export type FigurePlan =
  | { readonly draw: "plot"; readonly plan: PlotPlan }
  | {
      readonly draw: "conservation";
      readonly name: string;
      readonly run: RunComparison;
      readonly options?: FigureOptions;
    }
  | {
      readonly draw: "tilted";
      readonly name: string;
      readonly rollout: RunComparison;
      readonly tilted: RunComparison;
      readonly options?: FigureOptions;
    }
  | {
      readonly draw: "potential";
      readonly name: string;
      readonly law: LawSeries;
      readonly options?: FigureOptions;
    }
  | {
      readonly draw: "training";
      readonly name: string;
      readonly training: Readonly<Record<string, TrainingSeries>>;
      readonly options?: FigureOptions & { readonly targetLoss?: number };
    };
