import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import { FONT_FAMILY, fontFiles } from "./font.ts";

/** How an SVG becomes a picture. */
export interface PngOptions {
  /** Pixels a unit of the SVG. Default 2: sharp on dense screens and in print. */
  readonly scale?: number;
  /** A colour, or `transparent`. Default `white`. */
  readonly background?: string;
}

/**
 * Renders an SVG document as PNG bytes, by resvg.
 *
 * `currentColor` is black unless the document says otherwise. Drawings of others: resvg 2.6 ends the process on a clipped group that lies wholly outside the
 * picture; figures of this package hold none.
 *
 * @throws MclnnError `bad-option` for a scale that is not in (0, 20]; `bad-svg` for a document that cannot be read
 */
export async function renderPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  checkArgument("svg", svg, "text");
  checkArgument("options", options, { scale: "number?", background: "text?" });
  const { scale = 2, background = "white" } = options;
  if (!(scale > 0 && scale <= 20))
    throw new MclnnError("The picture has no usable size", {
      code: "bad-option",
      argument: "scale",
      expected: "a number above 0, at most 20",
      got: String(scale),
    });
  const { Resvg } = await import("@resvg/resvg-js");
  try {
    const image = new Resvg(svg, {
      ...(background === "transparent" ? {} : { background }),
      fitTo: { mode: "zoom", value: scale },
      font: {
        loadSystemFonts: false,
        fontFiles: [...fontFiles()],
        defaultFontFamily: FONT_FAMILY,
        sansSerifFamily: FONT_FAMILY,
      },
    });
    return image.render().asPng();
  } catch (cause) {
    throw new MclnnError("The drawing cannot be rendered", {
      code: "bad-svg",
      argument: "svg",
      expected: "a well-formed SVG document",
      got: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
