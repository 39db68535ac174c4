import { createRequire } from "node:module";

/** The family that PNGs are set in; SVGs name it after the reader's own. */
export const FONT_FAMILY = "DejaVu Sans";

/** npm package that ships it (free licence; see its LICENSE), and the files in it. */
const FONT_PACKAGE = "dejavu-fonts-ttf";
const FONT_FILES = ["ttf/DejaVuSans.ttf", "ttf/DejaVuSans-Bold.ttf"] as const;

/** Where fonts for PNGs come from: the package's files, or those of the operating system where the package is not installed. */
export interface FontSource {
  readonly files: readonly string[];
  readonly system: boolean;
}

/** Finds the font. A picture drawn on a host without the package and without system fonts would hold no text. */
export function fontSource(): FontSource {
  const { resolve } = createRequire(import.meta.url);
  try {
    return { files: FONT_FILES.map((file) => resolve(`${FONT_PACKAGE}/${file}`)), system: false };
  } catch {
    return { files: [], system: true };
  }
}
