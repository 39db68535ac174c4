import { flag, number, type OptionsOf, spec, text, whole } from "../../options/options.ts";

const OPTIONS = {
  out: text("<dir>", "folder for everything (default: out/reproduce)"),
  only: text(
    "<parts>",
    "parts, commas between: claims, fig2 ... fig7, table1, baselines, efficiency, theory, recipe, starts",
  ),
  quick: flag("the quick version, in about a minute; the page says so"),
  paperRecipe: flag(
    "also train MCLNN and LNN by the paper's literal recipe (Adam, 100,000 epochs, full batch); says how long before it starts",
  ),
  seed: number("<n>", "seed of all that is random", whole(0), 100),
  force: flag("write to --out even if it holds other results"),
};
export type ReproduceOptions = OptionsOf<typeof OPTIONS>;

export const REPRODUCE = spec({
  name: "reproduce",
  summary: "the whole paper: every figure, table and claim, on one page",
  description:
    "Computes every figure and table of the paper beside the truth, baselines that had every chance, how much data each model needs, " +
    "the lemmas on random networks, and a verdict on every claim, and writes one page, figures and numbers. " +
    "Interrupted and started again it goes on from what is done.",
  options: OPTIONS,
  examples: [
    "mclnn reproduce --out paper",
    "mclnn reproduce --only fig5,table1 --out paper",
    "mclnn reproduce --quick --out quick",
  ],
});
