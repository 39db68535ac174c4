import { trajectoryOf } from "@mclnn/datasets";
import { MclnnError } from "@mclnn/physics";
import type { Figure } from "@mclnn/report";
import type { PlotOptions } from "../commands/plot.ts";
import { DONE, type ExitCode } from "../exit-code.ts";
import { readModel } from "../inputs/model.ts";
import { readTrajectories } from "../inputs/trajectories.ts";
import { exactlyOne, required } from "../options/required.ts";
import { claimFile } from "../outputs/output-file.ts";
import type { Session } from "../session.ts";
import { pictureFormat, renderFigure } from "./picture.ts";

/** Draws a model or a run. */
export async function plot(options: PlotOptions, { terminal }: Session): Promise<ExitCode> {
  exactlyOne({ "--model": options.model, "--run": options.run });
  const path = required(options.out, "--out", "FILE, ending in .svg or .png");
  const format = pictureFormat(path);
  const out = await claimFile(path, { force: options.force });
  const source = options.model ?? (options.run as string);
  const figure = options.model === undefined ? await runFigure(source) : await modelFigure(source);
  await out.write(await renderFigure(figure, format));
  terminal.print(`${figure.title}: ${out.path}`);
  terminal.printJson({ picture: out.path, figure: figure.name, source });
  return DONE;
}

async function modelFigure(path: string): Promise<Figure> {
  const model = await readModel(path);
  if (model.kind === "lnn")
    throw new MclnnError(`${path} has no pair law to draw`, {
      code: "wrong-model",
      argument: "--model",
      expected: "an mclnn or spline model",
      got: "an lnn model, one network of all positions",
      mend: "Simulate it, and draw the run.",
    });
  const { lawPicture } = await import("./law-picture.ts");
  return lawPicture(model);
}

async function runFigure(path: string): Promise<Figure> {
  const set = await readTrajectories(path, "--run");
  const { trajectoriesFigure } = await import("@mclnn/report");
  const { times, positions } = trajectoryOf(set, 0);
  const figure = await trajectoriesFigure(
    { truth: { times, values: {}, path: { times, positions } }, models: {} },
    set,
    { truth: "run" },
  );
  return figure as Figure;
}
