const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe inside elements and quoted attributes of HTML and SVG; characters that XML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return text
    .replace(FORBIDDEN, "\uFFFD")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

// Everything but what XML 1.0 calls a character; unpaired surrogates included.
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** A name reduced to what file names and ids may hold; never empty. */
export function slug(name: string): string {
  const kept = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return kept === "" ? "unnamed" : kept.slice(0, 60);
}
