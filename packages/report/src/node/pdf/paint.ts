import type { SvgElement } from "./svg-elements.ts";

/** What an element is painted with: its own attributes, and those of what it lies in. */
export interface Paint {
  readonly fill: string;
  readonly stroke: string;
  readonly fillOpacity: number;
  readonly strokeOpacity: number;
  readonly width: number;
  readonly dash: string;
  readonly cap: string;
  readonly join: string;
  readonly fontSize: number;
  readonly bold: boolean;
  readonly anchor: string;
}

export const PLAIN: Paint = {
  fill: "currentColor",
  stroke: "none",
  fillOpacity: 1,
  strokeOpacity: 1,
  width: 1,
  dash: "none",
  cap: "butt",
  join: "miter",
  fontSize: 16,
  bold: false,
  anchor: "start",
};

/** Weights from here on are the bold face. */
const BOLD = 600;

/** The paint of an element. Opacity of a group is that of each of its parts: groups that are pale here do not overlap themselves. */
export function paintOf({ attributes }: SvgElement, outer: Paint): Paint {
  const own = (name: string, otherwise: string): string => attributes.get(name) ?? otherwise;
  const number = (name: string, otherwise: number): number => {
    const value = Number(own(name, String(otherwise)));
    if (!Number.isFinite(value)) throw new Error(`${name}="${attributes.get(name)}" is no number`);
    return value;
  };
  const opacity = number("opacity", 1);
  const weight = own("font-weight", outer.bold ? "bold" : "normal");
  return {
    fill: own("fill", outer.fill),
    stroke: own("stroke", outer.stroke),
    fillOpacity: opacity * number("fill-opacity", outer.fillOpacity),
    strokeOpacity: opacity * number("stroke-opacity", outer.strokeOpacity),
    width: number("stroke-width", outer.width),
    dash: own("stroke-dasharray", outer.dash),
    cap: own("stroke-linecap", outer.cap),
    join: own("stroke-linejoin", outer.join),
    fontSize: number("font-size", outer.fontSize),
    bold: weight === "bold" || Number(weight) >= BOLD,
    anchor: own("text-anchor", outer.anchor),
  };
}

const NAMED: Readonly<Record<string, string>> = {
  black: "#000000",
  currentColor: "#000000",
  white: "#ffffff",
};

/** Red, green and blue from 0 to 1; null for none. @throws Error for what figures here are not painted with */
export function colourOf(text: string): readonly number[] | null {
  if (text === "none") return null;
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(NAMED[text] ?? text);
  if (hex === null) throw new Error(`the colour ${JSON.stringify(text)} is not known`);
  return hex.slice(1).map((each) => Number.parseInt(each, 16) / 255);
}
