import type { Law } from "../learner/protocol.ts";
import { prepareCanvas, type Theme } from "./theme.ts";

export const MARGIN = { left: 44, right: 12, top: 28, bottom: 42 } as const;
/** A band that is wider than this share of the panel says nothing yet: no curve is drawn in it. */
const TOO_WIDE = 0.5;
/** Bars of 95 %. */
const BARS = 2;
const HISTOGRAM = 8;

export interface PlotPicture {
  /** Separations and values that are shown: from and to. */
  readonly r: readonly [number, number];
  readonly y: readonly [number, number];
  readonly law: Law | null;
  readonly energy: boolean;
  /** Whether the law is being looked at while records come in. */
  readonly tentative: boolean;
  readonly truth: ((r: number) => number) | null;
  readonly guess: ((r: number) => number) | null;
  /** Shares of the separations seen, in bins over the range. */
  readonly seen: ArrayLike<number>;
}

export interface PlotScale {
  x(r: number): number;
  y(value: number): number;
}

function plotScale(
  width: number,
  height: number,
  { r, y }: Pick<PlotPicture, "r" | "y">,
): PlotScale {
  const w = width - MARGIN.left - MARGIN.right;
  const h = height - MARGIN.top - MARGIN.bottom;
  return {
    x: (at) => MARGIN.left + (w * (at - r[0])) / (r[1] - r[0]),
    y: (value) => MARGIN.top + h - (h * (value - y[0])) / (y[1] - y[0]),
  };
}

export function drawPlot(canvas: HTMLCanvasElement, theme: Theme, picture: PlotPicture): void {
  const prepared = prepareCanvas(canvas);
  if (prepared === null) return;
  const { context, width, height } = prepared;
  const scale = plotScale(width, height, picture);
  drawAxes(context, scale, theme, picture, { width, height });
  drawSeen(context, scale, theme, picture, height);
  context.save();
  context.beginPath();
  context.rect(
    MARGIN.left,
    MARGIN.top,
    width - MARGIN.left - MARGIN.right,
    height - MARGIN.top - MARGIN.bottom,
  );
  context.clip();
  if (picture.law !== null) drawLaw(context, scale, theme, picture, picture.law);
  const curve = (f: (r: number) => number, colour: string, dash: number[]): void => {
    context.setLineDash(dash);
    context.strokeStyle = colour;
    context.lineWidth = 2.5;
    const [from, to] = picture.r;
    context.beginPath();
    for (let k = 0; k <= 240; k++) {
      const r = from + ((to - from) * (k + 0.5)) / 241;
      context.lineTo(scale.x(r), clamp(scale.y(f(r)), height));
    }
    context.stroke();
    context.setLineDash([]);
  };
  if (picture.truth !== null) curve(picture.truth, theme.ink, [8, 5]);
  if (picture.guess !== null) curve(picture.guess, theme.guess, [2, 4]);
  context.restore();
}

/** Far outside it is all the same, and canvases do not like very large numbers. */
const clamp = (y: number, height: number): number => Math.min(Math.max(y, -height), 2 * height);

function drawLaw(
  context: CanvasRenderingContext2D,
  scale: PlotScale,
  theme: Theme,
  { energy, y, tentative }: PlotPicture,
  law: Law,
): void {
  const values = energy ? law.energy : law.slope;
  const deviations = energy ? law.energySd : law.slopeSd;
  const sd = (k: number): number => deviations[k] ?? Number.NaN;
  const range = y[1] - y[0];
  const inside = (k: number): boolean => {
    const r = law.r[k] as number;
    return law.seen.some(([from, to]) => r >= from && r <= to);
  };
  const meant = (k: number): boolean =>
    Number.isFinite(sd(k)) ? 2 * BARS * sd(k) < TOO_WIDE * range : inside(k);
  const height = context.canvas.clientHeight;
  const at = (k: number, side: number): [number, number] => [
    scale.x(law.r[k] as number),
    clamp(scale.y((values[k] as number) + side * BARS * sd(k)), height),
  ];
  const n = values.length;
  context.fillStyle = tentative ? theme.ink : theme.learned;
  context.globalAlpha = tentative ? 0.12 : 0.22;
  context.beginPath();
  for (let k = 0; k < n; k++) if (Number.isFinite(sd(k))) context.lineTo(...at(k, 1));
  for (let k = n - 1; k >= 0; k--) if (Number.isFinite(sd(k))) context.lineTo(...at(k, -1));
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = theme.learned;
  context.lineWidth = 3;
  context.lineJoin = "round";
  context.beginPath();
  let drawing = false;
  for (let k = 0; k < n; k++) {
    const point: [number, number] = [
      scale.x(law.r[k] as number),
      clamp(scale.y(values[k] as number), height),
    ];
    if (!meant(k)) drawing = false;
    else if (drawing) context.lineTo(...point);
    else {
      context.moveTo(...point);
      drawing = true;
    }
  }
  context.stroke();
}

function drawSeen(
  context: CanvasRenderingContext2D,
  scale: PlotScale,
  theme: Theme,
  { seen, r }: PlotPicture,
  height: number,
): void {
  const most = Math.max(...Array.from(seen), 1e-9);
  const y = height - MARGIN.bottom + 3;
  const width = (r[1] - r[0]) / seen.length;
  context.fillStyle = theme.learned;
  for (let k = 0; k < seen.length; k++) {
    const share = (seen[k] as number) / most;
    if (share === 0) continue;
    context.globalAlpha = 0.25 + 0.75 * Math.sqrt(share);
    const x = scale.x(r[0] + k * width);
    context.fillRect(x, y, scale.x(r[0] + (k + 1) * width) - x, HISTOGRAM);
  }
  context.globalAlpha = 1;
}

function drawAxes(
  context: CanvasRenderingContext2D,
  scale: PlotScale,
  theme: Theme,
  { r, y, energy }: PlotPicture,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  context.font = "12px system-ui, sans-serif";
  context.lineWidth = 1;
  const bottom = height - MARGIN.bottom;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticks(y)) {
    const at = Math.round(scale.y(value)) + 0.5;
    context.strokeStyle = value === 0 ? theme.ink : theme.line;
    context.beginPath();
    context.moveTo(MARGIN.left, at);
    context.lineTo(width - MARGIN.right, at);
    context.stroke();
    context.fillStyle = theme.ink;
    context.fillText(String(value).replace("-", "\u2212"), MARGIN.left - 6, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const value of ticks(r))
    context.fillText(String(value), scale.x(value), bottom + HISTOGRAM + 7);
  context.textAlign = "right";
  context.fillText("separation r", width - MARGIN.right, bottom + HISTOGRAM + 21);
  context.textAlign = "left";
  context.fillText(energy ? "potential V(r)" : "V'(r): pull above 0, push below", MARGIN.left, 6);
}

/** Round numbers in a range, about five. */
function ticks([from, to]: readonly [number, number]): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(6)),
  );
}
