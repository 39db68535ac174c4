/** An element of a drawing, or the text in one. */
export type SvgNode = SvgElement | string;

export interface SvgElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: SvgNode[];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Reads a drawing, well formed and without comments, as figures here are. @throws Error */
export function parseSvg(svg: string): SvgElement {
  const root: SvgElement = { name: "", attributes: new Map(), children: [] };
  const open = [root];
  const token = /<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let found = token.exec(svg); found !== null; found = token.exec(svg)) {
    end = token.lastIndex;
    const [, closed, name, attributes = "", alone, text] = found;
    const parent = open[open.length - 1] as SvgElement;
    if (text !== undefined) parent.children.push(unescaped(text));
    else if (name !== undefined) {
      const element: SvgElement = { name, attributes: attributesOf(attributes), children: [] };
      parent.children.push(element);
      if (alone === "") open.push(element);
    } else if (open.pop()?.name !== closed || open.length === 0)
      throw new Error(`</${closed}> closes nothing that is open`);
  }
  if (end < svg.length)
    throw new Error(`${JSON.stringify(svg.slice(end, end + 40))} is no element`);
  const [first] = root.children;
  if (open.length > 1 || typeof first !== "object" || first.name !== "svg")
    throw new Error("no drawing that is closed");
  return first;
}

const attributesOf = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      unescaped(value),
    ]),
  );

const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
