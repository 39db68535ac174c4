import type { FigureOptions } from "@mclnn/studies";
import type { Figure, LegendEntry } from "../drawing/figure.ts";
import type { ModelLook, Stroke } from "../drawing/palette.ts";
import { drawPanel } from "../drawing/panel.ts";
import type { Panel, PanelPlan } from "../drawing/panel-plan.ts";

/** A figure whose panels are still to be drawn. What is false is left out. */
export interface Sheet extends Omit<Figure, "note" | "legend" | "columns" | "panels"> {
  readonly note?: string | undefined;
  readonly legend: readonly (LegendEntry | false)[];
  /** Default 2. */
  readonly columns?: number;
  /** Of each panel. */
  readonly size: Pick<PanelPlan, "width" | "height">;
  readonly panels: readonly (SheetPanel | false)[];
}

/** A panel of a sheet; its size where it differs from the others'. */
export type SheetPanel = Omit<PanelPlan, "width" | "height"> & Partial<Sheet["size"]>;

/** Draws the panels of a sheet, one after the other. */
export async function drawSheet(sheet: Sheet): Promise<Figure> {
  const { name, title, description, note, legend, columns = 2, lead, size, panels } = sheet;
  const drawn: Panel[] = [];
  for (const panel of panels)
    if (panel !== false) drawn.push(await drawPanel({ ...size, ...panel }));
  return {
    name,
    title,
    description,
    ...(note === undefined ? {} : { note }),
    legend: legend.filter((entry) => entry !== false),
    columns,
    ...(lead === undefined ? {} : { lead }),
    panels: drawn,
  };
}

/** An entry of a legend. */
export function entry(
  label: string,
  stroke: Stroke,
  kind: LegendEntry["kind"] = "line",
): LegendEntry {
  return { label, kind, stroke };
}

/** Legend entries of models. */
export function lookEntries(looks: readonly ModelLook[]): LegendEntry[] {
  return looks.map(({ title, stroke }) => entry(title, stroke));
}

/** Wide strokes first, so that narrow ones lie on top of them where they coincide; MCLNN last. */
export function inDrawingOrder(looks: readonly ModelLook[]): readonly ModelLook[] {
  const last = ({ key }: ModelLook): number => (key === "mclnn" ? 1 : 0);
  return [...looks].sort((a, b) => last(a) - last(b) || b.stroke.width - a.stroke.width);
}

/** "Title: system", or the title alone. */
export function withSystem(title: string, { system }: FigureOptions): string {
  return system === undefined ? title : `${title}: ${system}`;
}

/** "a", "a and b", "a, b and c". */
export function list(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? "";
  return `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}
