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
  const { figureSvg } = await import("@mclnn/report");
  const svg = figureSvg(figure);
  if (format === ".svg") return svg;
  const { renderPng } = await import("@mclnn/report/node");
  return renderPng(svg);
}

/**
 * Writes figures into a folder, as SVG and PNG.
 *
 * @param options - `prefix`: before the figures' names; `isStopped`: whether to leave out what is not written yet; `onWritten`: after each
 * @returns whether all are there
 */
export async function writePictures(
  folder: { write(name: string, contents: Uint8Array | string): Promise<void> },
  figures: readonly Figure[],
  {
    prefix = "",
    isStopped = () => false,
    onWritten = () => undefined,
  }: {
    readonly prefix?: string;
    readonly isStopped?: () => boolean;
    readonly onWritten?: () => void;
  } = {},
): Promise<boolean> {
  for (const figure of figures) {
    if (isStopped()) return false;
    for (const format of [".svg", ".png"] as const)
      await folder.write(
        `figures/${prefix}${figure.name}${format}`,
        await renderFigure(figure, format),
      );
    onWritten();
  }
  return true;
}
