/** Colours that canvases draw with, as the style sheet has them. */
export interface Theme {
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly learned: string;
  readonly guess: string;
  readonly record: string;
  readonly dots: readonly string[];
}

const dark = matchMedia("(prefers-color-scheme: dark)");
let now: Theme | null = null;
dark.addEventListener("change", () => {
  now = null;
});

/** The theme as it is now: the same object until the colours change. */
export function themeOf(element: Element): Theme {
  now ??= read(element);
  return now;
}

function read(element: Element): Theme {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    faint: colour("faint"),
    line: colour("line"),
    learned: colour("learned"),
    guess: colour("guess"),
    record: colour("record"),
    dots: Array.from({ length: 7 }, (_, k) => colour(`dot-${k}`)),
  };
}

/** A canvas that is as sharp as the screen. @returns its context, and its size in CSS pixels */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (context === null || width === 0) return null;
  const scale = devicePixelRatio;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}
