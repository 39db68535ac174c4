import { type TrajectorySet, trajectoryOf } from "@mclnn/datasets";
import { definePairPotential, type PairPotential, pairwise, type Trajectory } from "@mclnn/physics";
import type { Figure, RunSeries } from "@mclnn/report";
import { inputsAmong } from "../../inputs/input-options.ts";
import { resolveLaw } from "../../inputs/law.ts";
import { lawOfPair, readModel, withPairLaw } from "../../inputs/model.ts";
import { readTrajectories } from "../../inputs/trajectories.ts";
import { badOption } from "../../options/errors.ts";
import { exactlyOne, required } from "../../options/required.ts";
import { refuseUnread } from "../../options/unread.ts";
import { claimFile } from "../../outputs/output-file.ts";
import { lawFigure } from "../../pictures/law-figure.ts";
import { PICTURES, pictureFormat, renderFigure } from "../../pictures/picture.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import type { PlotOptions } from "./declare.ts";

/** Draws a model or a run. */
export async function plot(options: PlotOptions, { terminal }: Session): Promise<ExitCode> {
  exactlyOne({ "--model": options.model, "--run": options.run });
  refuseUnreadOptions(options);
  const path = required(options.out, "--out", `FILE, ending in ${PICTURES.join(", ")}`);
  const format = pictureFormat(path);
  const out = await claimFile(path, { force: options.force });
  const source = options.model ?? (options.run as string);
  const figure =
    options.model === undefined
      ? await runFigure(source, options, terminal)
      : await modelFigure(source, options);
  await out.write(await renderFigure(figure, format));
  terminal.print(`${figure.title}: ${out.path}`);
  terminal.printJson({ picture: out.path, figure: figure.name, source });
  return DONE;
}

/** @throws MclnnError `conflicting-options` for what a model, or a run, or its paths have no use for */
function refuseUnreadOptions(options: PlotOptions): void {
  const { figure, trajectory, pair, potential, system } = options;
  if (options.model !== undefined) {
    const ofRuns = { "--figure": figure, "--trajectory": trajectory, ...inputsAmong(options) };
    refuseUnread(ofRuns, "--model", "It is for --run.");
    return;
  }
  refuseUnread({ "--pair": pair }, "--run", "It is for --model.");
  if (figure !== "conserved")
    refuseUnread(
      { "--potential": potential, "--system": system },
      "the paths of a run",
      "Give --figure conserved to see energies by that law.",
    );
}

/** The figure that `law --out` draws. */
async function modelFigure(path: string, options: PlotOptions): Promise<Figure> {
  const { pair } = options;
  const read = withPairLaw(path, await readModel(path));
  if (read.kind !== "species") refuseUnread({ "--pair": pair }, path, "It has one law for all.");
  return lawFigure(read.kind === "species" ? lawOfPair(read, pair, path) : read, options);
}

async function runFigure(
  path: string,
  options: PlotOptions,
  terminal: Session["terminal"],
): Promise<Figure> {
  const conserved = options.figure === "conserved";
  const { set: read } = await readTrajectories(path, "--run", {
    options,
    terminal,
    for: conserved ? "motion" : "look",
  });
  const { unwrappedPositions } = await import("@mclnn/datasets");
  const set = { ...read, positions: unwrappedPositions(read) };
  const { trajectory = 0 } = options;
  if (trajectory >= set.trajectories)
    throw badOption(
      "--trajectory",
      `a whole number from 0 to ${set.trajectories - 1}`,
      String(trajectory),
      { what: `${path} has no trajectory ${trajectory}` },
    );
  const run = trajectoryOf(set, trajectory);
  const { times, positions } = run;
  const report = await import("@mclnn/report");
  if (conserved) {
    const values = await observables(set, run, await resolveLaw(options, set));
    return report.conservationFigure({ truth: { times, values }, models: {} }, { truth: "run" });
  }
  const figure = await report.trajectoriesFigure(
    { truth: { times, values: {}, path: { times, positions } }, models: {} },
    set,
    { truth: "run" },
  );
  return figure as Figure;
}

/** Momenta along a run, and energies where the law is known. */
async function observables(
  set: TrajectorySet,
  run: Trajectory,
  law: PairPotential | undefined,
): Promise<RunSeries["values"]> {
  const { observablesOf, particlesOf } = await import("@mclnn/studies");
  // Momenta need no potential; any will do where the law is not known.
  const potential = pairwise(
    law ?? definePairPotential({ name: "none", energy: () => 0, slope: () => 0 }),
  );
  const { linearMomentum, angularMomentum, ...energies } = observablesOf(
    particlesOf(set, potential),
    run,
  );
  return { ...(law === undefined ? {} : energies), linearMomentum, angularMomentum };
}
