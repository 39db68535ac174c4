import { encodeTrajectorySet, trajectorySet } from "@mclnn/datasets";
import type { Trajectory } from "@mclnn/physics";
import { type CompareResults, comparePage, overviewFigure, systemFigures } from "@mclnn/report";
import { modelPath, runPath, type SystemComparison, seriesOf, unseenStarts } from "@mclnn/studies";
import type { OutputFolder } from "../../outputs/output-folder.ts";
import { writePictures } from "../../pictures/picture.ts";
import { jsonText } from "../../terminal/json.ts";

export interface FolderOptions {
  readonly targetLoss: number;
  /** Whether figures and page are drawn. */
  readonly pictures: boolean;
  /** Whether to stop drawing: what is not drawn yet is left out, and the page with it. */
  readonly isStopped: () => boolean;
  readonly onProgress: (fraction: number) => void;
}

/** Writes everything that a comparison leaves behind, and puts it in its place. @returns whether all pictures are there */
export async function writeFolder(
  folder: OutputFolder,
  comparisons: readonly SystemComparison[],
  results: CompareResults,
  { targetLoss, pictures, isStopped, onProgress }: FolderOptions,
): Promise<boolean> {
  for (const comparison of comparisons) {
    const { plan, laws, models } = comparison;
    const { masses = [] } = laws.system;
    for (const model of models) await folder.write(modelPath(plan, model), model.file);
    for (const start of unseenStarts) {
      await folder.write(runPath(plan, start, "true"), runFile(laws.truth.runs[start], masses));
      for (const { kind, runs } of models)
        await folder.write(runPath(plan, start, kind), runFile(runs[start], masses));
    }
  }
  const drawn =
    pictures &&
    (await writePage(folder, comparisons, results, { targetLoss, isStopped, onProgress }));
  await folder.write("results.json", jsonText(results));
  await folder.publish();
  return drawn;
}

async function writePage(
  folder: OutputFolder,
  comparisons: readonly SystemComparison[],
  results: CompareResults,
  { targetLoss, isStopped, onProgress }: Omit<FolderOptions, "pictures">,
): Promise<boolean> {
  const shown = shownFirst(comparisons);
  const overview =
    shown === undefined
      ? undefined
      : await overviewFigure(seriesOf(shown, targetLoss), { system: shown.plan.title });
  if (overview !== undefined && !(await writePictures(folder, [overview.figure], { isStopped })))
    return false;
  const figures = await Promise.all(
    comparisons.map(async (comparison) => ({
      name: comparison.plan.name,
      figures: await systemFigures(seriesOf(comparison, targetLoss), {
        system: comparison.plan.title,
      }),
    })),
  );
  const total = figures.reduce((sum, each) => sum + each.figures.length, 0);
  let done = 0;
  for (const { name, figures: drawn } of figures)
    if (
      !(await writePictures(folder, drawn, {
        prefix: `${name}-`,
        isStopped,
        onWritten: () => onProgress(++done / total),
      }))
    )
      return false;
  await folder.write(
    "index.html",
    comparePage({
      results,
      figures: Object.fromEntries(figures.map((each) => [each.name, each.figures])),
      ...(overview === undefined ? {} : { overview }),
    }),
  );
  return true;
}

/** The comparison whose laws led furthest apart: there is most to see. */
function shownFirst(comparisons: readonly SystemComparison[]): SystemComparison | undefined {
  const apart = ({ models }: SystemComparison): number => {
    const errors = models.map(({ results }) => results.rollout.position.max ?? Number.MAX_VALUE);
    return Math.max(...errors) - Math.min(...errors);
  };
  const [first, ...others] = comparisons;
  return others.reduce((best, each) => (best && apart(best) >= apart(each) ? best : each), first);
}

/** A run as a trajectory file of one trajectory. */
function runFile(run: Trajectory, masses: readonly number[]): Uint8Array {
  return encodeTrajectorySet(trajectorySet([{ ...run, masses: Float64Array.from(masses) }]));
}
