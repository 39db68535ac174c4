import { escapeText } from "./escape.ts";

const SVG = "http://www.w3.org/2000/svg";

/**
 * A document of SVG elements that can be made and written, and nothing else: as much as Observable Plot asks for.
 *
 * The same in Node, in a page and in a worker, so that the same series give the same bytes everywhere.
 */
export class SvgDocument {
  readonly documentElement: SvgElement = new SvgElement(this, "svg", SVG);

  createElementNS(namespace: string, name: string): SvgElement {
    return new SvgElement(this, name, namespace);
  }
}

/** An element; its children are elements or text. */
export class SvgElement {
  readonly ownerDocument: SvgDocument;
  readonly tagName: string;
  readonly namespaceURI: string;
  parentNode: SvgElement | null = null;
  #children: (SvgElement | string)[] = [];
  readonly #attributes = new Map<string, string>();

  constructor(ownerDocument: SvgDocument, tagName: string, namespaceURI: string) {
    this.ownerDocument = ownerDocument;
    this.tagName = tagName;
    this.namespaceURI = namespaceURI;
  }

  get children(): readonly SvgElement[] {
    return this.#children.filter((child) => typeof child !== "string");
  }

  set textContent(text: string) {
    this.#children = text === "" ? [] : [String(text)];
  }

  appendChild(child: SvgElement): SvgElement {
    return this.insertBefore(child, null);
  }

  insertBefore(child: SvgElement, next: SvgElement | null): SvgElement {
    const parent = child.parentNode;
    if (parent !== null) parent.#children = parent.#children.filter((each) => each !== child);
    const at = next === null ? -1 : this.#children.indexOf(next);
    this.#children.splice(at < 0 ? this.#children.length : at, 0, child);
    child.parentNode = this;
    return child;
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  /** The element as text, its latest attribute first. */
  get outerHTML(): string {
    const attributes = [...this.#attributes]
      .reverse()
      .map(([name, value]) => ` ${name}="${escapeText(value)}"`)
      .join("");
    const content = this.#children
      .map((child) => (typeof child === "string" ? escapeText(child) : child.outerHTML))
      .join("");
    return content === ""
      ? `<${this.tagName}${attributes} />`
      : `<${this.tagName}${attributes}>${content}</${this.tagName}>`;
  }
}
