import type { SeedResult, Threads, TrainOptions, TrainResult } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import type { KeptTraining } from "../checkpoint/kept-training.ts";
import { DONE, type ExitCode, FAILED } from "../exit-code.ts";
import { choice } from "../options/choice.ts";
import { examples } from "../options/example.ts";
import { given } from "../options/given.ts";
import { count, number } from "../options/number.ts";
import { required } from "../options/required.ts";
import { seeds } from "../options/seeds.ts";
import { widths } from "../options/widths.ts";
import type { Runner, Session } from "../session.ts";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "../terminal/numbers.ts";
import { formatTable } from "../terminal/table.ts";
import { refuseBesideSeeds, refuseUnreadByModel, separatesSpecies } from "../train/checks.ts";
import { choices, explained, retreats, START_STATES, targetText } from "../train/words.ts";

interface TrainCommandOptions {
  readonly data?: string;
  readonly validation?: string;
  readonly model: "mclnn" | "spline" | "lnn";
  readonly hidden?: readonly number[];
  readonly seed: number;
  readonly seeds?: readonly number[];
  readonly until?: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly dt?: number;
  readonly coupling?: "none" | "mass-product";
  readonly velocities: "auto" | "given" | "unknown";
  readonly integrator?: string;
  readonly substeps?: number;
  readonly missingAsNan?: boolean;
  readonly fitMasses?: boolean;
  readonly species: "auto" | "separate" | "together";
  readonly effort?: "preview" | "usual" | "thorough";
  readonly timeLimit?: number;
  readonly checkpoint?: string;
  readonly every: number;
  readonly resume?: string;
  readonly out: string;
  readonly force?: boolean;
}

/** Those that training rolls out with; the models refuse the others too. */
const INTEGRATORS = [
  "velocity-verlet",
  "position-verlet",
  "forest-ruth",
  "pefrl",
  "blanes-moan-4",
  "yoshida-6",
];

export function registerTrain(program: Command, run: Runner): void {
  program
    .command("train")
    .summary("learn a law from trajectories")
    .description(
      "Learns from trajectories (NPZ) and writes the model as safetensors. A model that misses the target is written " +
        "all the same, and the exit code is 1. Ctrl-C keeps the best model so far. With --checkpoint a training that was stopped, " +
        "or killed, goes on with --resume and ends with the same bits as if it never had been. " +
        "Time grows in proportion to trajectories, records and pairs of particles; memory is about 100 MB and 6 times the size " +
        "of the data file, 40 times where start states are fitted (noise, no velocities), and up to 250 MB more for 2,000 records or pairs, 500 MB for 20,000 records.",
    )
    .option("--data <file>", "trajectories to learn from, NPZ")
    .option("--validation <file>", "trajectories to judge by, NPZ")
    .option(
      "--model <kind>",
      "mclnn (pair network), spline (pair law), lnn (baseline)",
      choice("--model", ["mclnn", "spline", "lnn"]),
      "mclnn",
    )
    .option(
      "--hidden <widths>",
      "hidden widths of the network (default: 10,10)",
      widths("--hidden"),
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option(
      "--seeds <list>",
      "train once with each of several seeds, several at a time, and keep the best: 100-119, or 1,5,9",
      seeds("--seeds"),
    )
    .option(
      "--until <loss>",
      "loss to stop at, in length^2 (default: 1e-8 in typical separations; lnn: as low as it gets)",
      number("--until", { above: 0 }),
    )
    .option(
      "--optimizer <name>",
      "auto, adam (the paper's), lbfgs",
      choice("--optimizer", ["auto", "adam", "lbfgs"]),
      "auto",
    )
    .option("--epochs <n>", "most iterations", count("--epochs"))
    .option(
      "--learning-rate <rate>",
      "of adam (default: 0.001)",
      number("--learning-rate", { above: 0 }),
    )
    .option(
      "--dt <t>",
      "time step of the rollout (default: the file's provenance, else found from the integrator's own error on the data)",
      number("--dt", { above: 0 }),
    )
    .option(
      "--integrator <name>",
      `method of the rollout: ${INTEGRATORS.join(", ")}`,
      choice("--integrator", INTEGRATORS),
    )
    .option("--substeps <n>", "steps of the rollout between two records", count("--substeps"))
    .option(
      "--coupling <kind>",
      "pair energy as it is, or times m_i m_j: none, mass-product (default: none)",
      choice("--coupling", ["none", "mass-product"]),
    )
    .option(
      "--velocities <how>",
      "start velocities: auto, given (as exact), unknown (positions alone, or noisy: also gives error bars)",
      choice("--velocities", ["auto", "given", "unknown"]),
      "auto",
    )
    .option(
      "--fit-masses",
      "find all masses but the first together with the law (whose scale the first one fixes)",
    )
    .option("--missing-as-nan", "take positions that are NaN for not observed")
    .option(
      "--species <how>",
      "of data with species: separate (one law a pair of species), together (one law), auto (separate)",
      choice("--species", ["auto", "separate", "together"]),
      "auto",
    )
    .option(
      "--effort <much>",
      "how much work it may be: preview (a look, at some of the records), usual, thorough (default: usual)",
      choice("--effort", ["preview", "usual", "thorough"]),
    )
    .option(
      "--time-limit <seconds>",
      "stop then, with the best model so far",
      number("--time-limit", { above: 0 }),
    )
    .option("--checkpoint <folder>", "keep the state of the training there, to go on from")
    .option("--every <n>", "iterations between two checkpoints", count("--every"), 100)
    .option(
      "--resume <folder>",
      "go on with the training whose checkpoints are there; its options need not be given again",
    )
    .option("--out <file>", "where to write the model", "model.safetensors")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn train --data gravity.npz --out gravity.safetensors",
        "mclnn train --data gravity.npz --model spline --until 1e-12 --out spline.safetensors",
        "mclnn train --data gravity.npz --seeds 100-119 --out best.safetensors",
        "mclnn train --data gravity.npz --optimizer adam --checkpoint out/gravity --every 1000",
        "mclnn train --resume out/gravity",
      ),
    )
    .action((options: TrainCommandOptions, command: Command) =>
      run(async (session) => {
        const isGiven = (name: string): boolean => command.getOptionValueSource(name) === "cli";
        if (options.seeds !== undefined) refuseBesideSeeds(isGiven);
        const keeps = ["checkpoint", "resume", "every"].some(isGiven);
        const kept = keeps
          ? await (await import("../checkpoint/kept-training.ts")).keepTraining(
              options,
              isGiven,
              session.terminal,
            )
          : null;
        try {
          return await trainModel(kept?.options ?? options, session, kept);
        } finally {
          await kept?.close();
        }
      }),
    );
}

async function trainModel(
  options: TrainCommandOptions,
  { terminal, threads: count }: Session,
  kept: KeptTraining<TrainCommandOptions> | null,
): Promise<ExitCode> {
  const dataPath = required(options.data, "--data", "FILE, trajectories in NPZ");
  refuseUnreadByModel(options);
  const { claimFile } = await import("../outputs/output-file.ts");
  const out = await (kept?.claimOutput() ??
    claimFile(options.out, { force: options.force, ending: ".safetensors" }));
  const { readTrajectories } = await import("../inputs/trajectories.ts");
  const { missingAsNan = false } = options;
  const data = await readTrajectories(dataPath, "--data", { missingAsNan });
  const { validation: validationPath } = options;
  const validation =
    validationPath === undefined
      ? undefined
      : await readTrajectories(validationPath, "--validation", { missingAsNan });
  const { encodeModel } = await import("@mclnn/models");
  const { train, trainSeeds, trainSpecies } = await import("@mclnn/learning");
  const sweeps = options.seeds === undefined ? null : await import("../train/sweep.ts");
  const { listenForInterrupt } = await import("../terminal/interruption.ts");

  const { model: kind, hidden, seed, until, optimizer, epochs } = options;
  const { learningRate, dt, coupling, velocities, timeLimit, integrator, substeps } = options;
  const bySpecies = separatesSpecies(options, data.species);
  await kept?.begin();
  const again = kept === null ? "" : ` Go on with: mclnn train --resume ${kept.folder}`;
  const task = terminal.progress.start(`training ${kind}`);
  const interruption = listenForInterrupt(
    () => terminal.warn("Stopping; the best model so far is kept. Ctrl-C again leaves at once."),
    // Without checkpoints the model is all there is, and worth waiting for.
    kept === null
      ? undefined
      : () => {
          terminal.warn(`Left in the middle of an iteration.${again}`);
          return true;
        },
  );
  let result: TrainResult;
  let sweep: readonly SeedResult[] = [];
  try {
    const common = {
      optimizer,
      velocities,
      signal: interruption.signal,
      ...given({
        until,
        hidden,
        epochs,
        learningRate,
        dt,
        coupling,
        integrator,
        substeps,
        fitMasses: options.fitMasses,
        effort: options.effort,
        timeLimit,
        validation,
        threads: count === 1 ? undefined : await threadsOf(count),
      }),
    } satisfies TrainOptions;
    const one: TrainOptions = {
      ...common,
      seed,
      onProgress: ({ phase, iteration, iterations, loss }) =>
        task.update({
          fraction: iterations === undefined ? undefined : iteration / iterations,
          detail: `${phase}, loss ${formatNumber(loss)}`,
        }),
      ...given({ checkpoints: kept?.checkpoints }),
    };
    if (options.seeds !== undefined && sweeps !== null) {
      const { seeds: all } = options;
      let done = 0;
      sweep = await trainSeeds(data, all, {
        ...common,
        model: kind,
        separateSpecies: bySpecies,
        onSeed: ({ seed: own, result: { trainLoss: loss } }) =>
          task.update({
            fraction: ++done / all.length,
            detail: `seed ${own}, loss ${formatNumber(loss)}`,
          }),
      });
      result = sweeps.bestSeed(sweep).result;
    } else if (bySpecies && kind !== "lnn")
      result = await trainSpecies(data, { ...one, model: kind });
    else result = await train(data, { ...one, model: kind });
  } catch (error) {
    task.fail("no model");
    interruption.stop();
    if (!interruption.happened || (error as { code?: unknown }).code !== "aborted") throw error;
    if (kept !== null) {
      terminal.warn(`Interrupted before there was a model.${again}`);
      return interruption.exitCode;
    }
    throw new MclnnError("training was interrupted before there was a model to keep", {
      code: "interrupted",
      expected: "time for a first model",
      got: "a signal to stop",
      kind: "failure",
      cause: error,
    });
  }
  task.finish(`loss ${formatNumber(result.trainLoss)}`);
  for (const line of choices(result)) terminal.remark(line);
  for (const line of retreats(result)) terminal.warn(line);
  const file = encodeModel(result.model);
  await kept?.note(result, file);
  await out.write(file);
  interruption.stop();

  const { trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, milestones } = result;
  const { parameterCount } = result.model;
  if (sweeps !== null) terminal.print(`${sweeps.sweepTable(sweep, terminal.colours.bold)}\n`);
  // A baseline hardly ever gets to 1e-8; only a target that was asked for can be missed.
  const target = until ?? (kind === "lnn" ? undefined : targetOf(result));
  terminal.print(
    formatTable(
      [{ title: "model" }, { title: `${kind}, ${formatCount(parameterCount)} parameters` }],
      [
        [
          "training loss",
          `${formatNumber(trainLoss)} after ${formatSeconds(trainSeconds)}, ${formatCount(iterations)} iterations`,
        ],
        ...milestones.map(({ loss, seconds }) => [
          `passed ${formatTarget(loss)}`,
          `after ${formatSeconds(seconds)}`,
        ]),
        [
          "rolled out with",
          `${result.integrator}, ${formatCount(result.substeps)} ${result.substeps === 1 ? "step" : "steps"} a record`,
        ],
        ["start states", START_STATES[result.startStates]],
        ...(result.noise === null
          ? []
          : [
              [
                "noise of positions",
                `${formatNumber(result.noise)} (standard deviation, estimated)`,
              ],
            ]),
        ...(result.bodyNoise === undefined
          ? []
          : [
              [
                "  of each body",
                `${result.bodyNoise.map((sigma) => formatNumber(sigma)).join(", ")} (weighed by it)`,
              ],
            ]),
        ...(result.masses ?? []).map(({ particle, mass, deviation, determined }) => [
          `mass of particle ${particle}`,
          particle === 0
            ? `${formatNumber(mass, 4)} (given: the reference)`
            : determined
              ? `${formatNumber(mass, 6)} +- ${formatNumber(deviation * mass, 2)}`
              : "not determined by the data",
        ]),
        ...(validationLoss === null ? [] : [["validation loss", formatNumber(validationLoss)]]),
        ...(target === undefined
          ? []
          : [[`target ${formatTarget(target)}`, targetText(result, target)]]),
        ["written to", out.path],
      ],
    ),
  );
  for (const { text } of result.findings) terminal.print(`finding: ${text}`);
  for (const mend of new Set(result.findings.map((finding) => finding.try)))
    terminal.print(`  try: ${mend}`);
  if (explained(result.findings) && result.noise !== null)
    terminal.print("A pair law explains the data: nothing but noise is left.");
  terminal.printJson({
    model: out.path,
    modelKind: kind,
    parameters: parameterCount,
    trainLoss,
    validationLoss,
    trainSeconds,
    iterations,
    reachedTarget,
    until: target ?? null,
    interrupted: interruption.happened,
    stopped: result.stopped,
    retreats: result.retreats,
    checkpoints: kept === null ? null : { folder: kept.folder, resumedFrom: kept.resumedFrom },
    integrator: result.integrator,
    substeps: result.substeps,
    dt: result.dt,
    dtSource: result.dtSource,
    startStates: result.startStates,
    noise: result.noise,
    bodyNoise: result.bodyNoise ?? null,
    findings: result.findings,
    masses: result.masses,
    milestones,
    ...sweeps?.sweepJson(sweep),
  });
  if (interruption.happened) {
    terminal.warn(`Interrupted; the best model so far is in ${out.path}.${again}`);
    return interruption.exitCode;
  }
  if (result.stopped === "diverged") {
    terminal.warn(
      `The loss did not stay finite, with smaller steps either; the best model before is in ${out.path}.`,
    );
    return FAILED;
  }
  if (target !== undefined && !reachedTarget) {
    terminal.warn(
      `The loss ${formatNumber(trainLoss)} did not reach ${formatTarget(target)}; the best model is in ${out.path}.`,
    );
    return FAILED;
  }
  return DONE;
}

/** The target as the model's record has it, in the data's units. */
function targetOf({ model: { record } }: TrainResult): number | undefined {
  return typeof record.until === "number" ? record.until : undefined;
}

async function threadsOf(count: number): Promise<Threads> {
  const { trainingThreads } = await import("../train/threads.ts");
  return trainingThreads(count);
}
