import { createRequire } from "node:module";

/** The family that PNGs are set in; SVGs name it after the reader's own. */
export const FONT_FAMILY = "DejaVu Sans";

/** npm package that ships it (free licence; see its LICENSE), and the files in it. */
const FONT_PACKAGE = "dejavu-fonts-ttf";
const FONT_FILES = ["ttf/DejaVuSans.ttf", "ttf/DejaVuSans-Bold.ttf"] as const;

/** The font's files. PNGs are set in these alone, so that they look the same on every machine, and hold text on hosts without fonts. */
export function fontFiles(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  return FONT_FILES.map((file) => resolve(`${FONT_PACKAGE}/${file}`));
}
