import { escapeText } from "./escape.ts";
import { type Axis, type Line, marginsOf, type PanelPlan, TICK_FONT } from "./panel-plan.ts";

/** Least distance of two labels that stand one above the other, in pixels. */
const APART = 13;

/** Labels of lines at their ends: of curves to the right of the frame, kept apart; of paths beside the last point. */
export function endLabels(plan: PanelPlan): string {
  const named = plan.lines.flatMap((line) =>
    line.label === undefined ? [] : [{ ...line, label: line.label, ...lastPlace(line, plan) }],
  );
  const margin = marginsOf(plan);
  const bottom = plan.height - margin.bottom;
  const curves = named.filter(({ kind, y }) => kind !== "path" && !Number.isNaN(y));
  // From the top down, each at least a line below the one above; then back up from the lower edge.
  curves.sort((a, b) => a.y - b.y);
  const places = curves.map(({ y }) => Math.min(Math.max(y, margin.top), bottom));
  for (let k = 1; k < places.length; k++)
    places[k] = Math.max(places[k] as number, (places[k - 1] as number) + APART);
  for (let k = places.length - 1; k >= 0; k--)
    places[k] = Math.min(places[k] as number, bottom - APART * (places.length - 1 - k));
  const text = (x: number, y: number, colour: string, label: string): string =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="start" font-size="${TICK_FONT}" font-weight="600" fill="${escapeText(colour)}">${escapeText(label)}</text>`;
  return [
    ...curves.map(({ stroke, label }, k) =>
      text(plan.width - margin.right + 5, (places[k] as number) + 4, stroke.colour, label),
    ),
    ...named
      .filter(({ kind, x, y }) => kind === "path" && inside(x, y, plan))
      .map(({ x, y, stroke, label }) => text(x + 6, y - 5, stroke.colour, label)),
  ].join("");
}

/** Where a line ends, in pixels; NaN where it has no finite point. */
function lastPlace(line: Line, plan: PanelPlan): { readonly x: number; readonly y: number } {
  const margin = marginsOf(plan);
  for (let k = line.x.length - 1; k >= 0; k--) {
    const [x, y] = [line.x[k] as number, line.y[k] as number];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    return {
      x: margin.left + share(x, plan.x) * (plan.width - margin.left - margin.right),
      y:
        plan.height - margin.bottom - share(y, plan.y) * (plan.height - margin.top - margin.bottom),
    };
  }
  return { x: Number.NaN, y: Number.NaN };
}

function inside(x: number, y: number, plan: PanelPlan): boolean {
  const margin = marginsOf(plan);
  return (
    x >= margin.left &&
    x <= plan.width - margin.right &&
    y >= margin.top &&
    y <= plan.height - margin.bottom
  );
}

/** How far along an axis a value lies. */
export function share(value: number, { domain: [from, to], log }: Axis): number {
  if (log !== true) return (value - from) / (to - from);
  return Math.log(Math.max(value, from) / from) / Math.log(to / from);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
