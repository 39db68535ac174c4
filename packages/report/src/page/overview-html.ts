import { escapeText } from "../drawing/escape.ts";
import { panelSvg } from "../drawing/figure.ts";
import type { Overview } from "../figures/overview.ts";
import { paragraph } from "./html.ts";

/** The first figure of a page: three squares beside each other on every screen, errors beside or below each other. */
export function overviewHtml({ figure, paths, strips, narrowStrips }: Overview): string {
  const id = "overview";
  return [
    `<figure id="${id}" class="overview" aria-labelledby="${id}-title">`,
    `<figcaption id="${id}-title">${escapeText(figure.title)}</figcaption>`,
    `<div class="squares">${paths
      .map(
        ({ title, panel }, k) =>
          `<div><p>${escapeText(title)}</p>${panelSvg({ ...panel, heading: title }, `${id}-s${k + 1}`)}</div>`,
      )
      .join("\n")}</div>`,
    `<div class="strips wide">${strips.map((panel, k) => panelSvg(panel, `${id}-w${k + 1}`)).join("\n")}</div>`,
    `<div class="strips narrow">${narrowStrips.map((panel, k) => panelSvg(panel, `${id}-n${k + 1}`)).join("\n")}</div>`,
    `<details class="note"><summary>How to read it</summary>${paragraph(figure.note ?? "")}</details>`,
    "</figure>",
  ].join("\n");
}
