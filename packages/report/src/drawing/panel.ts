import type { PlotOptions } from "@observablehq/plot";
import { escapeText } from "./escape.ts";
import { endLabels } from "./labels.ts";
import { bandMark, clipRange, endMarks, lineMarks, meets, rugMarks } from "./marks.ts";
import { marginsOf, type Panel, type PanelPlan, TICK_FONT } from "./panel-plan.ts";
import { compactPathData } from "./path-data.ts";
import { SvgDocument } from "./svg-document.ts";
import { axisTicks, type Ticks } from "./ticks.ts";

const LEVEL_STYLE = { stroke: "currentColor", strokeOpacity: 0.7, strokeDasharray: "5 4" } as const;

/** Draws one panel with Observable Plot. Curves are clipped to the frame. */
export async function drawPanel(plan: PanelPlan): Promise<Panel> {
  const Plot = await import("@observablehq/plot");
  const { width, height, heading, description, x, y, lines } = plan;
  const margin = marginsOf(plan);
  const across = width - margin.left - margin.right;
  const up = height - margin.top - margin.bottom;
  const xTicks = axisTicks(x, { length: across, apart: 62, font: TICK_FONT });
  const yTicks = axisTicks(y, { length: up, apart: 32 });
  const plot = Plot.plot({
    document: new SvgDocument() as unknown as NonNullable<PlotOptions["document"]>,
    width,
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: { type: x.log === true ? "log" : "linear", domain: [...x.domain], axis: null, label: null },
    y: { type: y.log === true ? "log" : "linear", domain: [...y.domain], axis: null, label: null },
    opacity: { type: "identity" },
    marks: [
      ...(plan.shades ?? []).flatMap((range) => {
        const inside = clipRange(range, x.domain);
        if (inside === undefined) return [];
        const [x1, x2] = inside;
        return [Plot.rect([0], { x1, x2, fill: "currentColor", fillOpacity: 0.07, clip: true })];
      }),
      Plot.gridX(xTicks.ticks, { strokeOpacity: 0.1 }),
      Plot.gridY(yTicks.ticks, { strokeOpacity: 0.1 }),
      ...(x.bare === true
        ? []
        : [Plot.axisX(xTicks.ticks, { text: xTicks.text, label: null, tickSize: 4 })]),
      ...(y.bare === true
        ? []
        : [Plot.axisY(yTicks.ticks, { text: yTicks.text, label: null, tickSize: 4 })]),
      Plot.frame({ strokeOpacity: 0.35 }),
      ...(plan.areas ?? [])
        .filter(({ x: xs, low, high }) => meets([xs], [low, high], plan))
        .map((area) => bandMark(Plot, area, 0.25)),
      Plot.ruleY([...(plan.levels ?? [])], { ...LEVEL_STYLE }),
      ...rugMarks(Plot, plan, up),
      ...lines.flatMap((line) => lineMarks(Plot, line, plan)),
      // Above all lines: a start is not hidden by what came after it.
      ...lines.flatMap((line) => endMarks(Plot, line, plan)),
    ],
  });
  const content = [...plot.children]
    .filter((child) => child.tagName.toLowerCase() !== "style")
    .map((child) => child.outerHTML)
    .join("");
  return {
    heading,
    description,
    width,
    height,
    content: `<g fill="currentColor" font-size="${TICK_FONT}" text-anchor="middle">${tidy(content)}${labels(plan, xTicks, yTicks)}${endLabels(plan)}</g>`,
  };
}

/** Shortens Plot's markup and gives clip paths ids that do not depend on what was drawn before. */
function tidy(markup: string): string {
  const ids = new Map<string, string>();
  return markup
    .replace(/plot-clip-\d+/g, (id) => {
      const known = ids.get(id) ?? `clip-${ids.size + 1}`;
      ids.set(id, known);
      return known;
    })
    .replace(/ d="([^"]*)"/g, (_, data: string) => ` d="${compactPathData(data)}"`)
    .replace(/ (?:aria-hidden|class)="[^"]*"/g, "")
    .replace(/<[^>]*>/g, (tag) =>
      tag.replace(/-?\d*\.\d+(?:e[+-]?\d+)?/g, (number) =>
        String(Math.round(Number(number) * 100) / 100),
      ),
    );
}

function labels(plan: PanelPlan, xTicks: Ticks, yTicks: Ticks): string {
  const { heading, remark, width, height, x, y } = plan;
  const margin = marginsOf(plan);
  const middle = margin.left + (width - margin.left - margin.right) / 2;
  const centre = margin.top + (height - margin.top - margin.bottom) / 2;
  const text = (at: string, words: string): string => `<text ${at}>${escapeText(words)}</text>`;
  return [
    heading !== "" &&
      text(
        'x="0" y="14" text-anchor="start" font-size="12.5" font-weight="600"',
        `${heading}${yTicks.power === undefined ? "" : `, times ${yTicks.power}`}`,
      ),
    remark !== undefined && text(`x="${width - margin.right}" y="14" text-anchor="end"`, remark),
    x.label !== undefined &&
      text(
        `x="${middle}" y="${height - 6}" font-size="12"`,
        `${x.label}${xTicks.power === undefined ? "" : `, times ${xTicks.power}`}`,
      ),
    y.label !== undefined &&
      text(`transform="translate(14 ${centre}) rotate(-90)" font-size="12"`, y.label),
  ]
    .filter((each) => each !== false)
    .join("");
}
