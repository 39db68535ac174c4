import { colourOf, type Paint, PLAIN, paintOf } from "./paint.ts";
import { circleOperators, decimal, pathOperators } from "./path-operators.ts";
import type { SvgElement } from "./svg-elements.ts";
import type { TrueType } from "./true-type.ts";

/** A face of the text, and which of its glyphs stand for what. */
export interface Face {
  readonly font: TrueType;
  /** Code points by the glyphs that were used. */
  readonly used: Map<number, number>;
}

/** A drawing as the content of a page of PDF. */
export interface Page {
  /** In points. */
  readonly width: number;
  readonly height: number;
  readonly operators: string;
  /** Opacities [fill, stroke] by the names that operators call them. */
  readonly opacities: ReadonlyMap<string, readonly [number, number]>;
}

/** Points a pixel. */
const POINT = 0.75;
const CAPS = ["butt", "round", "square"];
const JOINS = ["miter", "round", "bevel"];
/** Of these nothing is drawn. */
const SILENT = ["title", "desc"];

/** Draws an SVG document. @param faces - regular and bold: what they are used for is noted in them @throws Error for what figures here do not hold */
export function drawPage(svg: SvgElement, faces: readonly [Face, Face]): Page {
  const width = length(svg, "width");
  const height = length(svg, "height");
  const pen = new Pen(faces);
  pen.children(svg, paintOf(svg, PLAIN));
  return {
    width: POINT * width,
    height: POINT * height,
    // Down is down in drawings, and up in PDF.
    operators: `${POINT} 0 0 ${-POINT} 0 ${decimal(POINT * height)} cm\n${pen.operators.join("\n")}`,
    opacities: pen.opacities,
  };
}

class Pen {
  readonly operators: string[] = [];
  readonly opacities = new Map<string, readonly [number, number]>();
  private readonly faces: readonly [Face, Face];
  private readonly clips = new Map<string, string>();

  constructor(faces: readonly [Face, Face]) {
    this.faces = faces;
  }

  children({ children }: SvgElement, paint: Paint): void {
    for (const child of children) if (typeof child !== "string") this.element(child, paint);
  }

  private element(element: SvgElement, outer: Paint): void {
    const { name, attributes } = element;
    if (SILENT.includes(name)) return;
    if (name === "clipPath") {
      const [area] = element.children;
      if (typeof area !== "object") throw new Error("a clipPath holds nothing");
      this.clips.set(`url(#${attributes.get("id")})`, outlineOf(area));
      return;
    }
    const paint = paintOf(element, outer);
    this.operators.push("q", ...transformOf(attributes.get("transform")));
    const clip = attributes.get("clip-path");
    if (clip !== undefined) {
      const area = this.clips.get(clip);
      if (area === undefined) throw new Error(`clip-path="${clip}" names nothing`);
      this.operators.push(area, "W n");
    }
    if (name === "g") this.children(element, paint);
    else if (name === "text") this.text(element, paint);
    else this.shape(element, paint);
    this.operators.push("Q");
  }

  private shape(element: SvgElement, paint: Paint): void {
    const outline = outlineOf(element);
    const fill = element.name === "line" ? null : colourOf(paint.fill);
    const stroke = colourOf(paint.stroke);
    if (fill === null && stroke === null) return;
    this.opacity(paint);
    if (fill !== null) this.operators.push(`${fill.map(decimal).join(" ")} rg`);
    if (stroke !== null) this.operators.push(...strokeOf(stroke, paint));
    this.operators.push(outline, fill === null ? "S" : stroke === null ? "f" : "B");
  }

  private opacity({ fillOpacity, strokeOpacity }: Paint): void {
    if (fillOpacity === 1 && strokeOpacity === 1) return;
    const name = `O${decimal(fillOpacity)}-${decimal(strokeOpacity)}`;
    this.opacities.set(name, [fillOpacity, strokeOpacity]);
    this.operators.push(`/${name} gs`);
  }

  private text({ attributes, children }: SvgElement, paint: Paint): void {
    const { font, used } = this.faces[paint.bold ? 1 : 0];
    const { fontSize, anchor } = paint;
    const place = (key: string): number => {
      const [, value = "0", em = ""] = /^(-?[\d.]+)(em)?$/.exec(attributes.get(key) ?? "0") ?? [];
      return Number(value) * (em === "" ? 1 : fontSize);
    };
    const glyphs = Array.from(children.join(""), (character) => {
      const code = character.codePointAt(0) as number;
      const glyph = font.glyphOf(code);
      used.set(glyph, code);
      return glyph;
    });
    const em = glyphs.reduce((sum, glyph) => sum + font.widthOf(glyph), 0) / font.unitsPerEm;
    const before = anchor === "middle" ? 0.5 : anchor === "end" ? 1 : 0;
    const x = place("x") + place("dx") - before * em * fontSize;
    const y = place("y") + place("dy");
    const fill = colourOf(paint.fill);
    if (fill === null) return;
    this.opacity(paint);
    this.operators.push(
      `${fill.map(decimal).join(" ")} rg`,
      `BT /${paint.bold ? "Bold" : "Regular"} ${decimal(fontSize)} Tf 1 0 0 -1 ${decimal(x)} ${decimal(y)} Tm <${glyphs.map(hex).join("")}> Tj ET`,
    );
  }
}

/** A glyph as two bytes. */
export const hex = (value: number): string => value.toString(16).padStart(4, "0");

function strokeOf(colour: readonly number[], { width, dash, cap, join }: Paint): string[] {
  const dashes = dash === "none" ? [] : dash.split(/[ ,]+/).map(Number);
  return [
    `${colour.map(decimal).join(" ")} RG`,
    `${decimal(width)} w ${CAPS.indexOf(cap)} J ${JOINS.indexOf(join)} j [${dashes.map(decimal).join(" ")}] 0 d`,
  ];
}

function outlineOf(element: SvgElement): string {
  const at = (name: string): number => length(element, name, 0);
  switch (element.name) {
    case "path":
      return pathOperators(element.attributes.get("d") ?? "");
    case "rect":
      return `${[at("x"), at("y"), at("width"), at("height")].map(decimal).join(" ")} re`;
    case "circle":
      return circleOperators(at("cx"), at("cy"), at("r"));
    case "line":
      return `${decimal(at("x1"))} ${decimal(at("y1"))} m ${decimal(at("x2"))} ${decimal(at("y2"))} l`;
    default:
      throw new Error(`the element ${element.name} is not known`);
  }
}

function length({ attributes }: SvgElement, name: string, otherwise?: number): number {
  const value = Number(attributes.get(name) ?? otherwise);
  if (!Number.isFinite(value)) throw new Error(`${name}="${attributes.get(name)}" is no number`);
  return value;
}

/** Translations and turns. @throws Error for others */
function transformOf(transform = ""): string[] {
  const steps = transform.match(/\w+\([^)]*\)/g) ?? [];
  return steps.map((step) => {
    const [name, ...numbers] = step.split(/[(), ]+/).filter((word) => word !== "");
    const [a = 0, b = 0] = numbers.map(Number);
    if (name === "translate") return `1 0 0 1 ${decimal(a)} ${decimal(b)} cm`;
    if (name !== "rotate" || numbers.length > 1)
      throw new Error(`the transform ${step} is not known`);
    const turn = (a * Math.PI) / 180;
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return `${[c, s, -s, c].map(decimal).join(" ")} 0 0 cm`;
  });
}
