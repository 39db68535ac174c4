import process from "node:process";
import type { TrajectorySet } from "@mclnn/datasets";
import { encodeModel, type Model } from "@mclnn/models";
import type { CompareResults, ModelResults } from "@mclnn/report";
import type { EvaluateOptions } from "../commands/evaluate.ts";
import { DONE, type ExitCode } from "../exit-code.ts";
import { resolveTruth } from "../inputs/law.ts";
import { checkFitsModel, readModel } from "../inputs/model.ts";
import { readTrajectories } from "../inputs/trajectories.ts";
import { required } from "../options/required.ts";
import { claimFolder, type OutputFolder } from "../outputs/output-folder.ts";
import type { Session } from "../session.ts";
import { softwareVersions } from "../software.ts";
import { formatCount, formatNumber } from "../terminal/numbers.ts";
import { formatTable } from "../terminal/table.ts";
import type { Colours } from "../terminal/terminal.ts";
import {
  type EvaluatedRun,
  particlesOf,
  rolloutsAlong,
  stepsAlong,
  withWholeStarts,
} from "./rollouts.ts";
import { summariseModel } from "./summary.ts";

/** Errors and conservation of a model against trajectories. */
export async function evaluate(options: EvaluateOptions, session: Session): Promise<ExitCode> {
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const dataPath = required(options.data, "--data", "FILE, trajectories in NPZ");
  if (options.out === undefined)
    return evaluateModel(options, session, { modelPath, dataPath, folder: undefined });
  const folder = await claimFolder(options.out, { command: "evaluate", force: options.force });
  try {
    return await evaluateModel(options, session, { modelPath, dataPath, folder });
  } finally {
    await folder.discard();
  }
}

async function evaluateModel(
  options: EvaluateOptions,
  { terminal, command, threads }: Session,
  {
    modelPath,
    dataPath,
    folder,
  }: { modelPath: string; dataPath: string; folder: OutputFolder | undefined },
): Promise<ExitCode> {
  const model = await readModel(modelPath);
  const all = await readTrajectories(dataPath, "--data");
  checkFitsModel(modelPath, model, all);
  const data = withWholeStarts(all);
  if (data.trajectories < all.trajectories)
    terminal.warn(
      `${all.trajectories - data.trajectories} of ${all.trajectories} trajectories are left out: not every particle of their first record was observed.`,
    );
  const truth = await resolveTruth(options, data);

  const steps = stepsAlong(data, model, options.dt);
  terminal.remark(`Time step ${steps.dt}, ${steps.source}.`);
  const own = particlesOf(data, model.potential);
  const system = truth === undefined ? own : particlesOf(data, truth);
  const task = terminal.progress.start(`rolling out ${model.kind}`);
  const runs = rolloutsAlong(data, system, own, steps);
  task.finish(`${formatCount(runs.length)} runs of ${formatCount(data.records)} records`);

  const results = summariseModel(model, runs, truth);
  if (folder !== undefined) {
    // Figures take longer to load than a short evaluation.
    const { writeEvaluation } = await import("./folder.ts");
    await writeEvaluation(folder, {
      name: systemName(options, data),
      model,
      file: encodeModel(model),
      truth: truth?.pair,
      data,
      runs,
      results: resultsFile(model, results, runs, {
        name: systemName(options, data),
        truthIsKnown: truth !== undefined,
        command,
        threads,
      }),
    });
  }
  terminal.print(table(results, runs, terminal.colours));
  if (folder !== undefined) terminal.print(` Results and figures: ${folder.path}/`);
  terminal.printJson(folder === undefined ? results : { ...results, out: folder.path });
  return DONE;
}

function systemName({ system }: EvaluateOptions, { provenance }: TrajectorySet): string {
  if (system !== undefined) return system;
  return typeof provenance.system === "string" ? provenance.system : "data";
}

function resultsFile(
  model: Model,
  results: ModelResults,
  runs: readonly EvaluatedRun[],
  {
    name,
    truthIsKnown,
    command,
    threads,
  }: { name: string; truthIsKnown: boolean; command: string; threads: number },
): CompareResults {
  const start = runs[0]?.truthValues.hamiltonian[0] ?? null;
  return {
    version: 1,
    seed: model.record.seed,
    software: { ...softwareVersions(), node: process.version, threads },
    command,
    systems: {
      [name]: {
        truth: { hamiltonian: truthIsKnown ? start : null },
        models: { [model.kind]: { ...results, file: `models/${model.kind}.safetensors` } },
      },
    },
  };
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
