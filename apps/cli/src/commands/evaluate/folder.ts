import { encodeTrajectorySet } from "@mclnn/datasets";
import { encodeModel } from "@mclnn/models";
import { systemFigures } from "@mclnn/report";
import {
  type CompareResults,
  type Evaluation,
  evaluatedRuns,
  evaluationSeries,
  MODEL_TITLES,
} from "@mclnn/studies";
import type { OutputFolder } from "../../outputs/output-folder.ts";
import { writePictures } from "../../pictures/picture.ts";
import { jsonText } from "../../terminal/json.ts";

/** Writes results, model, runs and figures (of the first trajectory), and puts them in their place. @param name - of the system */
export async function writeEvaluation(
  folder: OutputFolder,
  evaluation: Evaluation,
  { name, results }: { readonly name: string; readonly results: CompareResults },
): Promise<void> {
  const { kind } = evaluation.model;
  await folder.write(`models/${kind}.safetensors`, encodeModel(evaluation.model));
  for (const [run, set] of Object.entries(evaluatedRuns(evaluation)))
    await folder.write(`runs/${run}.npz`, encodeTrajectorySet(set));
  const series = evaluationSeries(evaluation);
  if (series !== undefined)
    await writePictures(
      folder,
      await systemFigures(series, {
        system: name,
        titles: { [kind]: MODEL_TITLES[kind] },
        truth: "data",
      }),
    );
  await folder.write("results.json", jsonText(results));
  await folder.publish();
}
