import type { FigureOptions } from "@mclnn/studies";

/** "Title: system", or the title alone. */
export function withSystem(title: string, { system }: FigureOptions): string {
  return system === undefined ? title : `${title}: ${system}`;
}
