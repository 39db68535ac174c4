import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { FONT_FAMILY, fontFiles } from "./font.ts";
import { drawPage, type Face, hex, type Page } from "./pdf/page.ts";
import { parseSvg, type SvgElement } from "./pdf/svg-elements.ts";
import { joined, readTrueType } from "./pdf/true-type.ts";

/**
 * A figure as PDF: one page of its size, lines as lines, text as text that can be selected and searched.
 *
 * The font's outlines of what is written are inside, so that it looks the same everywhere. The same figure gives the same bytes.
 *
 * @param svg - as `figureSvg` writes it; drawings of other programs hold what is not known here
 * @throws MclnnError `bad-svg`
 */
export async function renderPdf(svg: string): Promise<Uint8Array> {
  checkArgument("svg", svg, "text");
  const faces = fontFiles().map((file): Face => {
    return { font: readTrueType(readFileSync(file)), used: new Map() };
  }) as [Face, Face];
  try {
    const drawing = parseSvg(svg);
    return pdfFile(
      drawPage(drawing, faces),
      { Regular: faces[0], Bold: faces[1] },
      titleOf(drawing),
    );
  } catch (cause) {
    throw new MclnnError("The drawing cannot be written as PDF", {
      code: "bad-svg",
      argument: "svg",
      expected: "a drawing as figureSvg writes it",
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

function titleOf({ children }: SvgElement): string {
  const title = children.find((child) => typeof child === "object" && child.name === "title");
  return typeof title === "object" ? title.children.join("") : "";
}

/** Objects of a file, numbered from 1 in the order in which they are added. */
class Objects {
  readonly bodies: Uint8Array[] = [];

  add(body: string): number {
    return this.bodies.push(latin(body));
  }

  stream(bytes: Uint8Array, more = ""): number {
    const packed = deflateSync(bytes);
    const head = `<< /Length ${packed.length} /Filter /FlateDecode ${more}>>\nstream\n`;
    return this.bodies.push(joined([latin(head), packed, latin("\nendstream")]));
  }
}

function pdfFile(page: Page, faces: Readonly<Record<string, Face>>, title: string): Uint8Array {
  const objects = new Objects();
  const fonts = Object.entries(faces)
    .filter(([, { used }]) => used.size > 0)
    .map(([name, face]) => `/${name} ${addFont(objects, name, face)} 0 R`);
  const opacities = [...page.opacities].map(
    ([name, [fill, stroke]]) => `/${name} << /ca ${fill} /CA ${stroke} >>`,
  );
  const content = objects.stream(latin(page.operators));
  const tree = objects.bodies.length + 2;
  const sheet = objects.add(
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${page.width} ${page.height}] /Contents ${content} 0 R ` +
      `/Resources << /Font << ${fonts.join(" ")} >> /ExtGState << ${opacities.join(" ")} >> >> >>`,
  );
  objects.add(`<< /Type /Pages /Kids [${sheet} 0 R] /Count 1 >>`);
  const catalog = objects.add(`<< /Type /Catalog /Pages ${tree} 0 R >>`);
  const info = objects.add(`<< /Title <feff${utf16(title)}> /Producer (mclnn) >>`);
  return assembled(objects.bodies, `/Root ${catalog} 0 R /Info ${info} 0 R`);
}

/** A font with the glyphs that were used, and which characters they stand for. @returns its number */
function addFont(objects: Objects, face: string, { font, used }: Face): number {
  const name = `/${FONT_FAMILY.replaceAll(" ", "")}-${face}`;
  const glyphs = [...used.keys()].sort((a, b) => a - b);
  const em = (units: number): number => Math.round((1000 * units) / font.unitsPerEm);
  const subset = font.subset(glyphs);
  const file = objects.stream(subset, `/Length1 ${subset.length} `);
  const descriptor = objects.add(
    `<< /Type /FontDescriptor /FontName ${name} /Flags 4 /FontBBox [${font.box.map(em).join(" ")}] /ItalicAngle 0 ` +
      `/Ascent ${em(font.ascent)} /Descent ${em(font.descent)} /CapHeight ${em(font.ascent)} /StemV 80 /FontFile2 ${file} 0 R >>`,
  );
  const widths = glyphs.map((glyph) => `${glyph} [${em(font.widthOf(glyph))}]`);
  const own = objects.add(
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ` +
      `/FontDescriptor ${descriptor} 0 R /W [${widths.join(" ")}] /CIDToGIDMap /Identity >>`,
  );
  const characters = objects.stream(latin(characterMap(used)));
  return objects.add(
    `<< /Type /Font /Subtype /Type0 /BaseFont ${name} /Encoding /Identity-H /DescendantFonts [${own} 0 R] /ToUnicode ${characters} 0 R >>`,
  );
}

/** Characters by glyphs, for readers that select and search; a hundred a block at most. */
function characterMap(used: ReadonlyMap<number, number>): string {
  const rows = [...used].map(
    ([glyph, code]) => `<${hex(glyph)}> <${utf16(String.fromCodePoint(code))}>`,
  );
  const blocks: string[] = [];
  for (let at = 0; at < rows.length; at += 100) {
    const block = rows.slice(at, at + 100);
    blocks.push(`${block.length} beginbfchar`, ...block, "endbfchar");
  }
  return [
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
    "1 begincodespacerange <0000> <ffff> endcodespacerange",
    ...blocks,
    "endcmap CMapName currentdict /CMap defineresource pop end end",
  ].join("\n");
}

/** The file: objects, where each of them begins, and where to begin reading. */
function assembled(bodies: readonly Uint8Array[], trailer: string): Uint8Array {
  const pieces = [latin("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")];
  let at = pieces[0]?.length as number;
  const places = bodies.map((body, k) => {
    const place = at;
    const piece = joined([latin(`${k + 1} 0 obj\n`), body, latin("\nendobj\n")]);
    pieces.push(piece);
    at += piece.length;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  pieces.push(
    latin(
      `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${places.join("")}` +
        `trailer\n<< /Size ${bodies.length + 1} ${trailer} >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return joined(pieces);
}

const latin = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const utf16 = (text: string): string =>
  Array.from({ length: text.length }, (_, k) => hex(text.charCodeAt(k))).join("");
