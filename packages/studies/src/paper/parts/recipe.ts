import type { FigurePlan } from "../../data/figure-plan.ts";
import { formatNumber } from "../../data/number-text.ts";
import { SYSTEMS } from "../experiment/settings.ts";
import { recipeJobs } from "../studies/jobs.ts";
import type { RecipeResult } from "../studies/recipe.ts";
import type { Part } from "./part.ts";
import { studyTable } from "./spec.ts";

/** The paper's literal training beside ours. */
export const recipePart: Part = {
  name: "recipe",
  title: "The paper's recipe, literally",
  paper:
    "A.6: Adam, learning rate 1e-3, 100,000 epochs, full batch: 100 trajectories of 20 records for MCLNN, 10,000 accelerations for the baseline.",
  onRequest: "--paper-recipe",
  jobs: recipeJobs,
  present(results, settings) {
    const all = recipeJobs(settings).map((job) => ({ ...job.input, ...results.of(job) }));
    const keys = {
      "mclnn ours": "mclnn",
      "mclnn paper": "adam",
      "lnn ours": "lnn",
      "lnn paper": "lnn-adam",
    };
    const figures = SYSTEMS.map(
      (system): FigurePlan => ({
        draw: "training",
        name: `recipe-${system}`,
        training: Object.fromEntries(
          all
            .filter((each) => each.system === system)
            .map(({ model, how, history }) => [keys[`${model} ${how}`], history]),
        ),
        options: {
          system,
          targetLoss: 1e-8,
          titles: {
            mclnn: "MCLNN, our trainer",
            adam: "MCLNN, paper's recipe",
            lnn: "LNN, our trainer",
            "lnn-adam": "LNN, paper's recipe",
          },
        },
      }),
    );
    const table = studyTable("The same data, two ways of training", all, [
      ["system", ({ system }) => system],
      ["model", ({ model }) => (model === "mclnn" ? "MCLNN" : "LNN")],
      ["training", ({ how }) => (how === "paper" ? "the paper's recipe" : "ours")],
      ["iterations", ({ iterations }) => String(iterations), "right"],
      ["seconds", ({ trainSeconds }) => formatNumber(trainSeconds), "right"],
      ["training loss", ({ trainLoss }) => formatNumber(trainLoss), "right"],
      ["validation loss", ({ validationLoss }) => formatNumber(validationLoss), "right"],
    ]);
    const pick = (system: string, model: string, how: string): RecipeResult =>
      all.find(
        (each) => each.system === system && each.model === model && each.how === how,
      ) as RecipeResult;
    return {
      found: SYSTEMS.map((system) => {
        const [paper, ours] = [pick(system, "mclnn", "paper"), pick(system, "mclnn", "ours")];
        const [lnnPaper, lnnOurs] = [pick(system, "lnn", "paper"), pick(system, "lnn", "ours")];
        return `${system}: MCLNN ${formatNumber(paper.trainLoss)} after ${paper.iterations} epochs and ${formatNumber(paper.trainSeconds)} s by the recipe, ${formatNumber(ours.trainLoss)} after ${formatNumber(ours.trainSeconds)} s by ours; LNN ${formatNumber(lnnPaper.trainLoss)} after ${formatNumber(lnnPaper.trainSeconds)} s, ${formatNumber(lnnOurs.trainLoss)} after ${formatNumber(lnnOurs.trainSeconds)} s.`;
      }),
      blocks: [
        { kind: "table", table },
        ...figures.map((figure) => ({ kind: "figure" as const, figure })),
      ],
      data: all.map(({ system, model, how, history }) => ({
        name: `recipe-${system}-${model}-${how}`,
        columns: {
          iteration: history.iterations ?? [],
          seconds: history.seconds,
          loss: history.loss,
        },
      })),
      numbers: all.map(({ history: _, ...numbers }) => numbers),
    };
  },
};
