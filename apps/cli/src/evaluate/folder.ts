import { encodeTrajectorySet, type TrajectorySet } from "@mclnn/datasets";
import type { Model } from "@mclnn/models";
import type { PairPotential } from "@mclnn/physics";
import {
  type CompareResults,
  type Figure,
  figureSvg,
  renderPng,
  systemFigures,
} from "@mclnn/report";
import { lastStretch } from "../compare/measure.ts";
import { MODEL_TITLES } from "../compare/trained-model.ts";
import type { OutputFolder } from "../outputs/output-folder.ts";
import { lawOf } from "../pictures/law-picture.ts";
import { plainJson } from "../terminal/json.ts";
import type { EvaluatedRun } from "./rollouts.ts";

/** All that an evaluation leaves behind. */
export interface Evaluation {
  readonly name: string;
  readonly model: Model;
  readonly file: Uint8Array;
  readonly truth: PairPotential | undefined;
  readonly data: TrajectorySet;
  readonly runs: readonly EvaluatedRun[];
  readonly results: CompareResults;
}

/** Writes results, model, runs and figures (of the first trajectory), and puts them in their place. */
export async function writeEvaluation(folder: OutputFolder, evaluation: Evaluation): Promise<void> {
  const { model, file, data, runs, results } = evaluation;
  await folder.write(`models/${model.kind}.safetensors`, file);
  for (const [name, set] of runFiles(model, data, runs)) await folder.write(name, set);
  for (const figure of await figures(evaluation)) {
    const svg = figureSvg(figure);
    await folder.write(`figures/${figure.name}.svg`, svg);
    await folder.write(`figures/${figure.name}.png`, await renderPng(svg));
  }
  await folder.write("results.json", `${JSON.stringify(plainJson(results), null, 2)}\n`);
  await folder.publish();
}

/** The model's runs: one file where they are of one length, one each where some diverged. */
function runFiles(
  { kind, potential }: Model,
  data: TrajectorySet,
  runs: readonly EvaluatedRun[],
): [string, Uint8Array][] {
  const encode = (some: readonly EvaluatedRun[]): Uint8Array => {
    // Runs that are put into one file are of one length.
    const { times, positions: q, provenance = {} } = (some[0] as EvaluatedRun).run.trajectory;
    const size = q.length;
    const positions = new Float64Array(some.length * size);
    const velocities = new Float64Array(some.length * size);
    some.forEach(({ run: { trajectory } }, t) => {
      positions.set(trajectory.positions, t * size);
      velocities.set(trajectory.velocities as Float64Array, t * size);
    });
    // The model's runs have no gaps.
    const { observed: _, ...whole } = data;
    return encodeTrajectorySet({
      ...whole,
      trajectories: some.length,
      records: times.length,
      times,
      positions,
      velocities,
      provenance: { command: "evaluate", law: potential.name, ...provenance },
    });
  };
  if (runs.every(({ run }) => run.divergedAt === null)) return [[`runs/${kind}.npz`, encode(runs)]];
  return runs.map((run, t) => [`runs/${kind}-${t}.npz`, encode([run])]);
}

async function figures({ name, model, truth, data, runs }: Evaluation): Promise<readonly Figure[]> {
  const [first] = runs;
  if (first === undefined) return [];
  const { kind } = model;
  const { lagrangian, hamiltonian, ...momenta } = first.truthValues;
  return systemFigures(
    {
      particles: data.particles,
      dimension: data.dimension,
      rollout: {
        truth: {
          times: first.truth.times,
          // Without a true law the energy of the data is not known.
          values: truth === undefined ? momenta : { lagrangian, hamiltonian, ...momenta },
          path: lastStretch(first.truth),
        },
        models: { [kind]: first.series },
      },
      ...("pair" in model ? { law: lawOf(model, { truth }) } : {}),
    },
    { system: name, titles: { [kind]: MODEL_TITLES[kind] }, truth: "data" },
  );
}
