import process from "node:process";
import type { TrajectorySet } from "@mclnn/datasets";
import type { Model } from "@mclnn/models";
import type { Potential } from "@mclnn/physics";
import {
  type EvaluatedRun,
  evaluateModel,
  evaluationResults,
  type ModelResults,
  withWholeStarts,
} from "@mclnn/studies";
import { formatCount, formatNumber } from "@mclnn/studies/text";
import { endedAt } from "../../inputs/ended.ts";
import { resolveTruth } from "../../inputs/law.ts";
import { checkFitsModel, readModel } from "../../inputs/model.ts";
import { readTrajectories, stepOf } from "../../inputs/trajectories.ts";
import { required } from "../../options/required.ts";
import { claimFolder, type OutputFolder } from "../../outputs/output-folder.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import { softwareVersions } from "../../process/software.ts";
import type { Session } from "../../session/session.ts";
import type { Colours } from "../../terminal/colours.ts";
import type { Task } from "../../terminal/progress.ts";
import { formatTable } from "../../terminal/table.ts";
import type { EvaluateOptions } from "./declare.ts";

/** Errors and conservation of a model against trajectories. */
export async function evaluate(options: EvaluateOptions, session: Session): Promise<ExitCode> {
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const dataPath = required(options.data, "--data", "FILE, trajectories");
  if (options.out === undefined)
    return evaluated(options, session, { modelPath, dataPath, folder: undefined });
  const folder = await claimFolder(options.out, { command: "evaluate", force: options.force });
  try {
    return await evaluated(options, session, { modelPath, dataPath, folder });
  } finally {
    await folder.discard();
  }
}

async function evaluated(
  options: EvaluateOptions,
  { terminal, command, threads }: Session,
  {
    modelPath,
    dataPath,
    folder,
  }: { modelPath: string; dataPath: string; folder: OutputFolder | undefined },
): Promise<ExitCode> {
  const model = await readModel(modelPath);
  const read = await readTrajectories(dataPath, "--data", {
    options,
    terminal,
    for: "motion",
  });
  const all = read.set;
  checkFitsModel(modelPath, model, all);
  const data = withWholeStarts(all);
  if (data.trajectories < all.trajectories)
    terminal.warn(
      `${all.trajectories - data.trajectories} of ${all.trajectories} trajectories are left out: not every particle of their first record was observed.`,
    );
  let task: Task | undefined;
  const evaluation = evaluateModel(model, data, {
    truth: await truthFor(model, options, data),
    dt: stepOf(options.dt, read),
    onSteps({ dt, source }) {
      terminal.remark(`Time step ${dt}, ${source}.`);
      task = terminal.progress.start(`rolling out ${model.kind}`);
    },
  });
  const { runs, results } = evaluation;
  task?.finish(`${formatCount(runs.length)} runs of ${formatCount(data.records)} records`);
  if (folder !== undefined) {
    // Figures take longer to load than a short evaluation.
    const { writeEvaluation } = await import("./folder.ts");
    const name = systemName(options, data);
    const software = { ...softwareVersions(), node: process.version, threads };
    await writeEvaluation(folder, evaluation, {
      name,
      results: evaluationResults(evaluation, { name, software, command }),
    });
  }
  terminal.print(table(results, runs, terminal.colours));
  if (folder !== undefined) terminal.print(` Results and figures: ${folder.path}/`);
  terminal.printJson(folder === undefined ? results : { ...results, out: folder.path });
  return DONE;
}

/** The true law, ended where the learned one is: in a box laws have to end. */
async function truthFor(
  model: Model,
  options: EvaluateOptions,
  data: TrajectorySet,
): Promise<Potential | undefined> {
  const truth = await resolveTruth(options, data);
  if (truth === undefined || model.kind === "lnn") return truth;
  const laws = model.kind === "species" ? model.laws.map((law) => law.model) : [model];
  const cutoffs = laws.flatMap(({ cutoff }) => (cutoff === undefined ? [] : [cutoff]));
  return cutoffs.length === 0 ? truth : endedAt(truth, Math.max(...cutoffs));
}

function systemName({ system }: EvaluateOptions, { provenance }: TrajectorySet): string {
  if (system !== undefined) return system;
  return typeof provenance.system === "string" ? provenance.system : "data";
}

function table(
  { title, parameters, slopeError, rollout }: ModelResults,
  runs: readonly EvaluatedRun[],
  colours: Colours,
): string {
  const cells = ({ mae, max }: { mae: number | null; max: number | null }): string[] => [
    formatNumber(mae),
    formatNumber(max),
  ];
  const rows = [
    ["position", ...cells(rollout.position)],
    ["energy (true law)", ...cells(rollout.hamiltonian)],
    ["Lagrangian (true law)", ...cells(rollout.lagrangian)],
    ["momentum", ...cells(rollout.linearMomentum)],
    ["angular momentum", ...cells(rollout.angularMomentum)],
    ["own energy, drift", "", formatNumber(rollout.ownHamiltonian?.maxDrift)],
  ];
  if (slopeError !== null)
    rows.push(["V' where trained", formatNumber(slopeError.mean), formatNumber(slopeError.max)]);
  const lost = runs.filter(({ run }) => run.divergedAt !== null).length;
  return [
    formatTable(
      [
        { title: `${title}, ${formatCount(parameters)} parameters` },
        { title: "mean error", align: "right" },
        { title: "largest", align: "right" },
      ],
      rows,
      colours.bold,
    ),
    ...(lost > 0 ? [colours.red(` ${lost} of ${runs.length} runs diverged`)] : []),
  ].join("\n");
}
