import { describe, expect, it } from "vitest";
import {
  type DocumentContent,
  documentMarkdown,
  documentPage,
  figureSvg,
  plotFigure,
} from "../src/index.ts";

const x = Float64Array.from({ length: 200 }, (_, k) => k / 20);

async function content(): Promise<DocumentContent> {
  const figure = await plotFigure({
    name: "waves",
    title: "Two waves & a cloud",
    description: "A sine, its error and a cloud of points.",
    panels: [
      {
        heading: "Height (m)",
        x: { label: "time (s)" },
        series: [
          { label: "truth", look: "truth", x, y: x.map(Math.sin) },
          { label: "MCLNN", look: "mclnn", x, y: x.map((t) => 1.01 * Math.sin(t)) },
          { label: "own H", look: "mclnn", dashed: true, x, y: x.map(Math.cos) },
        ],
        shades: [[2, 3]],
        levels: [0.5],
      },
      {
        heading: "Error (m)",
        x: { label: "time (s)" },
        y: { log: true },
        series: [
          { label: "MCLNN", look: "mclnn", x, y: x.map((t) => 1e-3 * (1 + t)), kind: "envelope" },
          {
            label: "seeds",
            x,
            y: x.map((t) => 1e-2 * (1 + t)),
            band: [x.map((t) => 5e-3 * (1 + t)), x.map((t) => 2e-2 * (1 + t))],
          },
        ],
      },
      {
        heading: "Predicted (1)",
        x: { label: "measured (1)" },
        square: true,
        series: [{ label: "states", x: x.map(Math.cos), y: x.map(Math.cos), kind: "points" }],
      },
    ],
    shade: "seen",
  });
  return {
    title: "A <page>",
    introduction: ["One & only."],
    sections: [
      {
        title: "Same",
        blocks: [
          { kind: "text", text: "<b>not bold</b>" },
          { kind: "heading", text: "Inside" },
          { kind: "quote", text: "as they say" },
          { kind: "code", text: "pnpm cli compare" },
          { kind: "facts", rows: [["Seed", "100"]] },
          { kind: "failure", text: "part a | b failed" },
          {
            kind: "table",
            table: {
              caption: "Losses",
              columns: [{ title: "width" }, { title: "loss", align: "right" }],
              rows: [
                ["(2, 2)", "1e-6"],
                ["a | b", "1"],
              ],
            },
          },
          { kind: "figure", figure },
        ],
      },
      { title: "Same", blocks: [] },
    ],
    footer: "The end.",
  };
}

describe("a document", () => {
  it("is one page whose texts are escaped and whose ids are unique", async () => {
    const page = documentPage(await content());
    expect(page).not.toContain("<b>");
    expect(page).toContain("&lt;b&gt;not bold");
    expect(page).not.toMatch(/<script|src=|href="http/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it("is Markdown with padded tables and linked figures", async () => {
    const text = documentMarkdown(await content(), ({ name }) => `figures/${name}.svg`);
    expect(text).toContain("| a \\| b |    1 |");
    expect(text).toContain("| ------ | ---: |");
    expect(text).toContain("![Two waves & a cloud](figures/waves.svg)");
    expect(text).toContain("```sh\npnpm cli compare\n```");
    expect(text).toContain("**Failed.** part a | b failed");
  });
});

describe("a plot", () => {
  it("gives every label one stroke and one entry, the known models their own", async () => {
    const block = (await content()).sections[0]?.blocks.at(-1);
    if (block?.kind !== "figure") throw new Error("no figure");
    const { figure } = block;
    expect(figure.legend.map(({ label }) => label)).toEqual([
      "truth",
      "MCLNN",
      "own H",
      "seeds",
      "states",
      "seen",
    ]);
    const [, mclnn, own] = figure.legend;
    expect(own?.stroke.colour).toBe(mclnn?.stroke.colour);
    expect(own?.stroke.dash).toBeDefined();
    expect(figure.legend.find(({ label }) => label === "states")?.kind).toBe("disc");
    const svg = figureSvg(figure);
    expect(svg.includes(">0.001<")).toBe(true);
    expect(svg.match(/<circle/g)?.length).toBeGreaterThan(50);
  });

  it("draws one point of those in one pixel", async () => {
    const figure = await plotFigure({
      name: "cloud",
      title: "Cloud",
      description: "10,000 points in two places.",
      panels: [
        {
          heading: "y",
          x: { label: "x" },
          series: [
            {
              label: "a",
              kind: "points",
              x: Float64Array.from({ length: 10_000 }, (_, k) => k % 2),
              y: new Float64Array(10_000).fill(0.5),
            },
          ],
        },
      ],
    });
    // Two points, and none for the legend: that is on the sheet.
    expect(figure.panels[0]?.content.match(/<circle/g)).toHaveLength(2);
  });
});
