import { parseHTML } from "linkedom";

/** Elements that show things and do nothing. */
const ELEMENTS = new Set(
  (
    "html head meta title style body header nav main section article footer figure figcaption div p span h1 h2 h3 h4 ul ol li dl dt dd " +
    "table caption colgroup col thead tbody tfoot tr th td a em strong code pre blockquote details summary br hr sup sub small " +
    "svg g path line polyline polygon circle rect ellipse text tspan defs clipPath desc title linearGradient stop"
  )
    .split(" ")
    .map((name) => name.toLowerCase()),
);
/** Attributes that point somewhere; within the page is allowed. */
const REFERENCES = new Set([
  "href",
  "xlink:href",
  "src",
  "srcset",
  "action",
  "formaction",
  "data",
  "poster",
  "background",
]);

/** What in a page could run or be fetched, in words; a browser is not needed to see it. */
export function dangersIn(html: string): readonly string[] {
  const { document } = parseHTML(html);
  const dangers: string[] = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.tagName.toLowerCase();
    if (!ELEMENTS.has(name)) dangers.push(`<${name}>`);
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/i.test(attribute)) dangers.push(`${name} ${attribute}`);
      if (REFERENCES.has(attribute.toLowerCase()) && !/^#[\w-]*$/.test(value))
        dangers.push(`${name} ${attribute}=${value}`);
      if (
        /url\((?!['"]?#)|javascript:/i.test(value) &&
        attribute !== "content" &&
        attribute !== "aria-label"
      )
        dangers.push(`${name} ${attribute}=${value}`);
      if (
        name === "meta" &&
        attribute.toLowerCase() === "http-equiv" &&
        !/^content-security-policy$/i.test(value)
      )
        dangers.push(`meta ${value}`);
    }
    if (name === "style" && /@import|url\((?!['"]?#)/i.test(element.textContent ?? ""))
      dangers.push("a style that loads");
  }
  return dangers;
}
