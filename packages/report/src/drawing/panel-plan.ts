import type { Numbers } from "@mclnn/studies";
import type { Stroke } from "./palette.ts";

/** An axis of a panel. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  readonly label?: string;
  /** About how many ticks. Default: by the room there is. */
  readonly ticks?: number;
  /** Neither ticks nor texts: the panel beside it has the same axis. */
  readonly bare?: boolean;
  /** Where ticks are, instead of round numbers. */
  readonly at?: readonly number[];
}

/** A curve in a panel, drawn in the order given. */
export interface Line {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly stroke: Stroke;
  /**
   * `curve` (default): one value at each x, reduced to its extremes in each pixel column. `envelope`: the highest value in each pixel column, with a tint down to
   * the lowest. `path`: a way in the plane, smoothed. `points`: no line, and of those in one pixel one.
   */
  readonly kind?: "curve" | "envelope" | "path" | "points";
  /** Marks the points themselves. */
  readonly dots?: boolean;
  /** Marks first (ring) and last point (disc) of a path, above all lines. */
  readonly ends?: boolean;
  /** A path that is pale where it begins. */
  readonly fades?: boolean;
  /** Stands at its end: to the right of the frame, or beside the last point of a path. */
  readonly label?: string;
}

/** A band between two curves. */
export interface Area {
  readonly x: Numbers;
  readonly low: Numbers;
  readonly high: Numbers;
  readonly colour: string;
}

/** What a panel shows. */
export interface PanelPlan {
  /** Quantity and unit, above the frame. */
  readonly heading: string;
  /** What else must be known, above the frame on the right. */
  readonly remark?: string;
  /** For readers who do not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Room around the frame, in pixels, where it is not {@link MARGIN}. */
  readonly margin?: Partial<Margin>;
  /** Where the data are: bars along the lower edge, the more the higher. `edges` [bins + 1], `counts` [bins]. */
  readonly rug?: { readonly edges: Numbers; readonly counts: Numbers };
  /** Ranges of x with a shade behind. */
  readonly shades?: readonly (readonly [number, number])[];
  readonly areas?: readonly Area[];
  /** Dashed lines across the panel. */
  readonly levels?: readonly number[];
}

/** A drawn panel: SVG elements in a box of `width` x `height`, to be put under any `<svg>` or `<g>`. */
export interface Panel {
  readonly heading: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** Ids in it are `clip-1`, `clip-2`, ...: give them a prefix where several panels share a document. */
  readonly content: string;
}

interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Room around the frame, in pixels. */
export const MARGIN: Margin = { top: 26, right: 14, bottom: 40, left: 62 };

/** Room around the frame of a panel, in pixels. */
export function marginsOf({ margin }: Pick<PanelPlan, "margin">): Margin {
  return { ...MARGIN, ...margin };
}

export const TICK_FONT = 11.5;
