import { basename, extname } from "node:path";
import type { TrajectorySet } from "@mclnn/datasets";
import { encodeModel } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "@mclnn/studies/text";
import type { TfjsNetworkResult } from "@mclnn/tfjs";
import { loadNetwork } from "../../inputs/network-module.ts";
import { loadTfjs, tfjsNodeFolder } from "../../inputs/tfjs.ts";
import { given } from "../../options/given.ts";
import { required } from "../../options/required.ts";
import { refuseUnread } from "../../options/unread.ts";
import { claimFile, type OutputFile } from "../../outputs/output-file.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { type Interruption, listenForInterrupt } from "../../terminal/interruption.ts";
import { formatTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { refuseUnreadByModel } from "./checks.ts";
import { readTrainingInput } from "./data.ts";
import type { TrainCommandOptions } from "./run.ts";

const ENDING = ".safetensors";

/** Trains a network of the user's own in TensorFlow.js. @param isGiven - whether an option was given, by its name */
export async function trainNetwork(
  options: TrainCommandOptions,
  isGiven: (name: string) => boolean,
  { terminal }: Session,
): Promise<ExitCode> {
  const file = required(options.network, "--network", "FILE, which --backend is for");
  required(options.data, "--data", "FILE, trajectories");
  refuseBesideNetwork(options, isGiven);
  const { force } = options;
  const out = await claimFile(options.out, { force, ending: ENDING });
  const weightsPath = `${out.path.slice(0, out.path.length - (extname(out.path) === ENDING ? ENDING.length : 0))}.weights${ENDING}`;
  const weights = await claimFile(weightsPath, { force });
  const { data, validation, dt } = await readTrainingInput(options, terminal);
  refuseSeveralSpecies(data, options.species);
  const interruption = listenForInterrupt(() =>
    terminal.warn("Stopping; the best weights so far are kept. Ctrl-C again leaves at once."),
  );
  try {
    const result = await learn(
      { ...options, dt },
      file,
      { data, validation },
      { terminal, interruption },
    );
    await out.write(encodeModel(result.model));
    await weights.write(result.weights);
    return report(result, options, { terminal, out, weights, interruption });
  } finally {
    interruption.stop();
  }
}

function refuseBesideNetwork(
  { optimizer, velocities, species, learningRate }: TrainCommandOptions,
  isGiven: (name: string) => boolean,
): void {
  const named = (name: string): true | undefined => (isGiven(name) ? true : undefined);
  refuseUnread(
    {
      "--model": named("model"),
      "--hidden": named("hidden"),
      "--seeds": named("seeds"),
      "--substeps": named("substeps"),
      "--velocities": velocities === "unknown" ? velocities : undefined,
      "--fit-masses": named("fitMasses"),
      "--fit-charges": named("fitCharges"),
      "--species": species === "separate" ? species : undefined,
      "--checkpoint": named("checkpoint"),
      "--every": named("every"),
      "--resume": named("resume"),
    },
    "--network",
    "The models mclnn and spline can.",
  );
  refuseUnreadByModel({ model: "mclnn", optimizer, ...given({ learningRate }) });
}

/** A network is one law; that all pairs obey it is only for the user to say. */
function refuseSeveralSpecies({ species }: TrajectorySet, how: string): void {
  const several = new Set(species ?? []).size;
  if (several > 1 && how !== "together")
    throw new MclnnError("the data have several species, and a network is one law", {
      code: "conflicting-options",
      argument: "--species",
      expected: "--species together with --network",
      got: `${several} species`,
      mend: "The models mclnn and spline have a law for each pair of species.",
    });
}

async function learn(
  options: TrainCommandOptions,
  file: string,
  { data, validation }: { data: TrajectorySet; validation: TrajectorySet | undefined },
  { terminal, interruption }: { terminal: Terminal; interruption: Interruption },
): Promise<TfjsNetworkResult> {
  const { seed, until, optimizer, epochs, backend = "wasm" } = options;
  const { learningRate, dt, coupling, integrator, timeLimit } = options;
  const { path, network } = await loadNetwork(file);
  const { tfjs, node } = await loadTfjs(path);
  await node.loadTfjsBackend(
    backend,
    backend === "node" ? given({ folder: tfjsNodeFolder(path) }) : {},
  );
  // A network may use tanh and the like, whose higher derivatives tfjs lacks.
  tfjs.installHigherOrderGradients();
  const task = terminal.progress.start(`training ${basename(file)} on ${backend}`);
  try {
    const result = await tfjs.trainTfjsNetwork(data, network, {
      backend,
      seed,
      name: basename(file),
      signal: interruption.signal,
      onProgress: ({ phase, iteration, iterations, loss }) =>
        task.update({
          fraction: iterations === undefined ? undefined : iteration / iterations,
          detail: `${phase}, loss ${formatNumber(loss)}`,
        }),
      ...given({
        until,
        optimizer: optimizer === "auto" ? undefined : optimizer,
        epochs,
        learningRate,
        dt,
        coupling,
        integrator,
        timeLimit,
        validation,
      }),
    });
    task.finish(`loss ${formatNumber(result.trainLoss)}`);
    return result;
  } catch (error) {
    task.fail("no model");
    throw error;
  }
}

function report(
  result: TfjsNetworkResult,
  { backend = "wasm" }: TrainCommandOptions,
  {
    terminal,
    out,
    weights,
    interruption,
  }: {
    terminal: Terminal;
    out: OutputFile;
    weights: OutputFile;
    interruption: Interruption;
  },
): ExitCode {
  const { trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, stopped } = result;
  const { pair, model, milestones } = result;
  const { dt, stride, integrator } = model.record;
  const until = model.record.until as number;
  terminal.print(
    formatTable(
      [
        { title: "network" },
        { title: `${pair.name}, ${formatCount(pair.parameterCount)} parameters, on ${backend}` },
      ],
      [
        [
          "training loss",
          `${formatNumber(trainLoss)} after ${formatSeconds(trainSeconds)}, ${formatCount(iterations)} iterations`,
        ],
        [
          "rolled out with",
          `${integrator}, ${formatCount(stride)} ${stride === 1 ? "step" : "steps"} a record`,
        ],
        ...(validationLoss === null ? [] : [["validation loss", formatNumber(validationLoss)]]),
        [`target ${formatTarget(until)}`, reachedTarget ? "reached" : "not reached"],
        ["law written to", out.path],
        ["weights written to", weights.path],
      ],
    ),
  );
  terminal.printJson({
    model: out.path,
    weights: weights.path,
    modelKind: "network",
    network: pair.name,
    backend,
    parameters: pair.parameterCount,
    trainLoss,
    validationLoss,
    trainSeconds,
    iterations,
    reachedTarget,
    until,
    interrupted: interruption.happened,
    stopped,
    integrator,
    dt,
    substeps: stride,
    milestones,
  });
  if (interruption.happened) {
    terminal.warn(`Interrupted; the best model so far is in ${out.path}.`);
    return interruption.exitCode;
  }
  if (reachedTarget) return DONE;
  terminal.warn(
    `The loss ${formatNumber(trainLoss)} did not reach ${formatTarget(until)}; the best model is in ${out.path}.`,
  );
  return FAILED;
}
