import { flag, type OptionsOf, spec, text } from "../../options/options.ts";

const OPTIONS = {
  model: text("<file>", "model, safetensors"),
  out: text("<file>", "where to write the card, Markdown", "card.md"),
  force: flag("overwrite what is there"),
};
export type CardOptions = OptionsOf<typeof OPTIONS>;

export const CARD = spec({
  name: "card",
  summary: "write a model card",
  description:
    "Writes what a reader has to know of a model before using it, as Markdown: the data and the method it came from, the separations " +
    "it knows, how far its error bars and losses go, what the data showed beside it, and its limits. All of it is from the model's file.",
  options: OPTIONS,
  examples: ["mclnn card --model gravity.safetensors --out card.md"],
});
