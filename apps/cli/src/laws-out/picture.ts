import type { LawFormat, ShownLaw } from "./format.ts";

/** V and V', beside another law where one is named. */
export const picture: LawFormat = {
  name: "picture",
  option: "out",
  endings: [".svg", ".png"],
  one: true,
  reads: ["potential", "system"],
  async encode({ laws, table, options }, ending) {
    const { potentialFigure } = await import("@mclnn/report");
    const { lawOf } = await import("@mclnn/studies");
    const { renderFigure } = await import("../pictures/picture.ts");
    const { resolveLaw } = await import("../inputs/law.ts");
    const truth = await resolveLaw(options);
    // Without --from and --to a picture also shows a little of what lies beyond the data.
    const asked = options.from !== undefined || options.to !== undefined;
    const drawn = (laws[0] as ShownLaw).model;
    const figure = await potentialFigure(
      lawOf(drawn, { truth, ...(asked ? { grid: table.r } : {}) }),
    );
    return renderFigure(figure, ending as ".svg" | ".png");
  },
};
