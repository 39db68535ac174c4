import { extname } from "node:path";
import { MclnnError } from "@mclnn/physics";
import type { Figure } from "@mclnn/report";

export type PictureFormat = ".svg" | ".png";

/** The format that a path's ending asks for. @throws MclnnError `unknown-format` */
export function pictureFormat(path: string, option = "--out"): PictureFormat {
  const format = extname(path).toLowerCase();
  if (format === ".svg" || format === ".png") return format;
  throw new MclnnError(`${option} names no picture`, {
    code: "unknown-format",
    argument: option,
    expected: "a path that ends in .svg or .png",
    got: path === "" ? "nothing" : path,
  });
}

/** A figure as the contents of a file. */
export async function renderFigure(
  figure: Figure,
  format: PictureFormat,
): Promise<string | Uint8Array> {
  const { figureSvg, renderPng } = await import("@mclnn/report");
  const svg = figureSvg(figure);
  return format === ".svg" ? svg : renderPng(svg);
}
