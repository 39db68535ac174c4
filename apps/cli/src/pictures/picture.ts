import { extname } from "node:path";
import { MclnnError } from "@mclnn/physics";
import type { Figure } from "@mclnn/report";

/** Endings of pictures. */
export const PICTURES = [".svg", ".png", ".pdf"] as const;
export type PictureFormat = (typeof PICTURES)[number];

/** The format that a path's ending asks for. @throws MclnnError `unknown-format` */
export function pictureFormat(path: string, option = "--out"): PictureFormat {
  const ending = extname(path).toLowerCase();
  const format = PICTURES.find((each) => each === ending);
  if (format !== undefined) return format;
  throw new MclnnError(`${option} names no picture`, {
    code: "unknown-format",
    argument: option,
    expected: `a path that ends in ${PICTURES.join(", ")}`,
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
  const { renderPdf, renderPng } = await import("@mclnn/report/node");
  return format === ".pdf" ? renderPdf(svg) : renderPng(svg);
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
