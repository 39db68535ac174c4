import { inflateSync } from "node:zlib";
import { isMclnnError } from "@mclnn/physics";
import { expect, test } from "vitest";
import { figureSvg, plotFigure } from "../src/index.ts";
import { renderPdf } from "../src/node/index.ts";

const x = Array.from({ length: 40 }, (_, k) => k / 4);
const drawing = figureSvg(
  await plotFigure({
    name: "waves",
    title: "\u2112 = T \u2212 V, \u0394 < 10\u207b\u2078 & more",
    description: "a wave",
    panels: [
      {
        heading: "Slope",
        x: { label: "time" },
        series: [{ label: "learned", x, y: x.map(Math.sin) }],
      },
    ],
  }),
);

/** Objects of a file by their numbers, found where its table says that they begin. */
function objectsOf(pdf: Uint8Array): Map<number, string> {
  const text = Buffer.from(pdf).toString("latin1");
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  const [, count = "0"] = /^xref\n0 (\d+)\n/.exec(text.slice(start)) ?? [];
  const rows = text.slice(text.indexOf("\n", start + 5) + 1).split("\n");
  return new Map(
    rows.slice(1, Number(count)).map((row, k) => {
      const at = Number(row.slice(0, 10));
      expect(text.slice(at, at + 12)).toMatch(new RegExp(`^${k + 1} 0 obj\n`));
      return [k + 1, text.slice(at, text.indexOf("\nendobj", at))];
    }),
  );
}

const streamOf = (object: string): string => {
  const from = object.indexOf("stream\n") + 7;
  const length = Number(/\/Length (\d+)/.exec(object)?.[1]);
  return inflateSync(Buffer.from(object.slice(from, from + length), "latin1")).toString("latin1");
};

/** What a reader that selects all gets: texts by their fonts' own maps of characters. */
function textsOf(objects: Map<number, string>): string[] {
  const page = [...objects.values()].find((each) => each.includes("/Type /Page ")) as string;
  const follow = (object: string, key: string): string =>
    objects.get(Number(new RegExp(`/${key} (\\d+) 0 R`).exec(object)?.[1])) as string;
  const characters = (face: string): Map<string, string> =>
    new Map(
      [
        ...streamOf(follow(follow(page, face), "ToUnicode")).matchAll(/<(....)> <((?:....)+)>/g),
      ].map(([, glyph = "", code = ""]) => [glyph, String.fromCharCode(Number.parseInt(code, 16))]),
    );
  const faces = new Map(["Regular", "Bold"].map((face) => [face, characters(face)]));
  return [...streamOf(follow(page, "Contents")).matchAll(/\/(\w+) [\d.]+ Tf .*<(\w+)> Tj/g)].map(
    ([, face = "", glyphs = ""]) =>
      (glyphs.match(/..../g) ?? []).map((glyph) => faces.get(face)?.get(glyph)).join(""),
  );
}

test("holds every text of the drawing in its order, as characters; lines as lines; the fonts' used outlines", async () => {
  const pdf = await renderPdf(drawing);
  const objects = objectsOf(pdf);
  const written = [...drawing.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = ""]) =>
    text.replaceAll("&lt;", "<").replaceAll("&amp;", "&").replaceAll("&#39;", "'"),
  );
  expect(written.length).toBeGreaterThan(8);
  expect(textsOf(objects)).toEqual(written);
  const content = [...objects.values()].map((each) =>
    each.includes("stream") ? streamOf(each) : "",
  );
  const drawn = content.find((each) => each.includes(" Tj")) as string;
  expect(drawn.match(/ [lm]$/gm)?.length).toBeGreaterThan(39);
  expect(drawn).toMatch(/^0 0\.4471 0\.698 RG$/m);
  expect(drawn.match(/^q$/gm)?.length).toBe(drawn.match(/^Q$/gm)?.length);
  expect(pdf.length).toBeLessThan(60_000);
  expect(await renderPdf(drawing)).toEqual(pdf);
});

test("is as large as the drawing, three quarters of a point a pixel", async () => {
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(drawing) ?? [];
  expect(Buffer.from(await renderPdf(drawing)).toString("latin1")).toContain(
    `/MediaBox [0 0 ${0.75 * Number(width)} ${0.75 * Number(height)}]`,
  );
});

test.each([
  ["no drawing", "<svg"],
  ["an element of others", '<svg width="4" height="4"><ellipse rx="1"/></svg>'],
  ["a curve of others", '<svg width="4" height="4"><path d="M0 0a1 1 0 0 1 1 1"/></svg>'],
  ["a colour of others", '<svg width="4" height="4"><rect fill="hotpink"/></svg>'],
  ["a turn of others", '<svg width="4" height="4"><g transform="skewX(3)"></g></svg>'],
  ["no size", "<svg></svg>"],
])("%s is refused with a reason", async (_, strange) => {
  const error: unknown = await renderPdf(strange).catch((caught: unknown) => caught);
  expect(isMclnnError(error) && error.code).toBe("bad-svg");
});
