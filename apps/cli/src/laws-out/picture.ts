import { lawFigure } from "../pictures/law-figure.ts";
import { PICTURES, type PictureFormat, renderFigure } from "../pictures/picture.ts";
import type { LawFormat, ShownLaw } from "./format.ts";

/** V and V', beside another law where one is named. */
export const picture: LawFormat = {
  name: "picture",
  option: "out",
  endings: PICTURES,
  one: true,
  reads: ["potential", "system"],
  async encode({ laws, table, options }, ending) {
    const { potential, system, from, to } = options;
    // Without --from and --to a picture also shows a little of what lies beyond the data.
    const grid = from === undefined && to === undefined ? undefined : table.r;
    const figure = await lawFigure((laws[0] as ShownLaw).model, { potential, system, grid });
    return renderFigure(figure, ending as PictureFormat);
  },
};
