import { prepareCanvas, type Theme } from "./theme.ts";

/** Where things of the scene are on the canvas, in CSS pixels. */
export interface StageScale {
  x(x: number): number;
  y(y: number): number;
  /** Pixels a unit of length. */
  readonly unit: number;
}

/** The stage shows x from -4/3 reach to 4/3 reach where it is 4:3, and y from -reach to reach at least. */
export function stageScale(width: number, height: number, reach: number): StageScale {
  const unit = Math.min(width / ((8 / 3) * reach), height / (2 * reach));
  return { x: (x) => width / 2 + unit * x, y: (y) => height / 2 - unit * y, unit };
}

export interface StagePicture {
  readonly reach: number;
  /** [dots x 2] */
  readonly positions: ArrayLike<number>;
  readonly masses: readonly number[];
  /** Dots that are seen; the others are hidden. */
  readonly shown: number;
  /** Past positions, oldest first. */
  readonly trails: readonly ArrayLike<number>[];
  /** The same dots by the learned law, as rings. [dots x 2] */
  readonly rings?: ArrayLike<number>;
  /** Records as they were taken, noise and all: x, y, x, y, ... */
  readonly records?: ArrayLike<number>;
  readonly labels: boolean;
}

const RADIUS = 9;

export function drawStage(canvas: HTMLCanvasElement, theme: Theme, picture: StagePicture): void {
  const prepared = prepareCanvas(canvas);
  if (prepared === null) return;
  const { context, width, height } = prepared;
  const { reach, positions, shown, trails, rings, masses } = picture;
  const scale = stageScale(width, height, reach);
  const colour = (i: number): string => theme.dots[i % theme.dots.length] as string;
  for (let i = 0; i < shown; i++) drawTrail(context, scale, trails, i, colour(i));
  if (picture.records !== undefined) drawRecords(context, scale, picture.records, theme.ink);
  for (let i = 0; i < shown; i++) {
    const [x, y] = [scale.x(positions[2 * i] as number), scale.y(positions[2 * i + 1] as number)];
    const radius = RADIUS * ((masses[i] ?? 1) > 1 ? 1.4 : 1);
    context.fillStyle = colour(i);
    disc(context, x, y, radius);
    context.fill();
    if (picture.labels) {
      context.fillStyle = theme.faint;
      context.font = "bold 11px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(String.fromCharCode(65 + i), x, y + 0.5);
    }
    if (rings === undefined) continue;
    context.strokeStyle = theme.learned;
    context.lineWidth = 2.5;
    const [u, v] = [scale.x(rings[2 * i] as number), scale.y(rings[2 * i + 1] as number)];
    disc(context, u, v, radius + 4);
    context.stroke();
  }
}

function disc(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function drawTrail(
  context: CanvasRenderingContext2D,
  scale: StageScale,
  trails: readonly ArrayLike<number>[],
  i: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.lineCap = "round";
  // In a few pieces, each as faint as it is old.
  const pieces = 6;
  const size = Math.ceil(trails.length / pieces);
  for (let piece = 0; piece < pieces; piece++) {
    const from = piece * size;
    context.globalAlpha = (0.5 * (piece + 1)) / pieces;
    context.beginPath();
    for (let k = from; k <= Math.min(from + size, trails.length - 1); k++) {
      const at = trails[k] as ArrayLike<number>;
      const [x, y] = [scale.x(at[2 * i] as number), scale.y(at[2 * i + 1] as number)];
      if (k === from) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** Records of the throw under way. */
function drawRecords(
  context: CanvasRenderingContext2D,
  scale: StageScale,
  records: ArrayLike<number>,
  colour: string,
): void {
  context.fillStyle = colour;
  context.globalAlpha = 0.55;
  for (let k = 0; k < records.length; k += 2) {
    const [x, y] = [scale.x(records[k] as number), scale.y(records[k + 1] as number)];
    if (Number.isFinite(x)) context.fillRect(x - 1, y - 1, 2, 2);
  }
  context.globalAlpha = 1;
}
