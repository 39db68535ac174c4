import { MclnnError } from "@mclnn/physics";
import type { Command } from "commander";
import { DONE, type ExitCode, FAILED, INTERRUPTED } from "../exit-code.ts";
import { choice } from "../options/choice.ts";
import { examples } from "../options/example.ts";
import { given } from "../options/given.ts";
import { count, number } from "../options/number.ts";
import { required } from "../options/required.ts";
import { widths } from "../options/widths.ts";
import type { Runner, Session } from "../session.ts";
import { formatCount, formatNumber, formatSeconds, formatTarget } from "../terminal/numbers.ts";
import { formatTable } from "../terminal/table.ts";

interface TrainCommandOptions {
  readonly data?: string;
  readonly validation?: string;
  readonly model: "mclnn" | "spline" | "lnn";
  readonly hidden?: readonly number[];
  readonly seed: number;
  readonly until?: number;
  readonly optimizer: "auto" | "adam" | "lbfgs";
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly dt?: number;
  readonly coupling?: "none" | "mass-product";
  readonly velocities: "auto" | "given" | "unknown";
  readonly timeLimit?: number;
  readonly out: string;
  readonly force?: boolean;
}

export function registerTrain(program: Command, run: Runner): void {
  program
    .command("train")
    .summary("learn a law from trajectories")
    .description(
      "Learns from trajectories (NPZ) and writes the model as safetensors. A model that misses the target is written " +
        "all the same, and the exit code is 1. Ctrl-C keeps the best model so far.",
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
      "--until <loss>",
      "loss to stop at (default: 1e-8; lnn: as low as it gets)",
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
      "time step of the rollout (default: the file's provenance, else a tenth of the record spacing)",
      number("--dt", { above: 0 }),
    )
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
      "--time-limit <seconds>",
      "stop then, with the best model so far",
      number("--time-limit", { above: 0 }),
    )
    .option("--out <file>", "where to write the model", "model.safetensors")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn train --data gravity.npz --out gravity.safetensors",
        "mclnn train --data gravity.npz --model spline --until 1e-12 --out spline.safetensors",
      ),
    )
    .action((options: TrainCommandOptions) => run((session) => trainModel(options, session)));
}

async function trainModel(options: TrainCommandOptions, { terminal }: Session): Promise<ExitCode> {
  const dataPath = required(options.data, "--data", "FILE, trajectories in NPZ");
  const { claimFile } = await import("../outputs/output-file.ts");
  const out = await claimFile(options.out, { force: options.force });
  const { readTrajectories } = await import("../inputs/trajectories.ts");
  const data = await readTrajectories(dataPath, "--data");
  const { validation: validationPath } = options;
  const validation =
    validationPath === undefined
      ? undefined
      : await readTrajectories(validationPath, "--validation");
  const { encodeModel, PAPER_LOSS, train } = await import("@mclnn/models");
  const { listenForInterrupt } = await import("../terminal/interruption.ts");

  const { model: kind, hidden, seed, until, optimizer, epochs } = options;
  // A baseline hardly ever gets to 1e-8; only a target that was asked for can be missed.
  const target = until ?? (kind === "lnn" ? undefined : PAPER_LOSS);
  const { learningRate, dt, coupling, velocities, timeLimit } = options;
  const task = terminal.progress.start(`training ${kind}`);
  const interruption = listenForInterrupt(() =>
    terminal.warn("Stopping; the best model so far is kept. Ctrl-C again leaves at once."),
  );
  let result: Awaited<ReturnType<typeof train>>;
  try {
    result = await train(data, {
      model: kind,
      seed,
      optimizer,
      velocities,
      signal: interruption.signal,
      onProgress: ({ phase, iteration, iterations, loss }) =>
        task.update({
          fraction: iterations === undefined ? undefined : iteration / iterations,
          detail: `${phase}, loss ${formatNumber(loss)}`,
        }),
      ...given({
        until: target,
        hidden,
        epochs,
        learningRate,
        dt,
        coupling,
        timeLimit,
        validation,
      }),
    });
  } catch (error) {
    task.fail("no model");
    interruption.stop();
    if (!interruption.happened || (error as { code?: unknown }).code !== "aborted") throw error;
    throw new MclnnError("training was interrupted before there was a model to keep", {
      code: "interrupted",
      expected: "time for a first model",
      got: "Ctrl-C",
      kind: "failure",
      cause: error,
    });
  }
  task.finish(`loss ${formatNumber(result.trainLoss)}`);
  if (result.dtSource !== "option")
    terminal.remark(
      result.dtSource === "provenance"
        ? `Time step ${result.dt}, as the data's provenance says.`
        : `Time step ${result.dt}, a tenth of the record spacing: the data do not say what they were made with (--dt does).`,
    );
  await out.write(encodeModel(result.model));
  interruption.stop();

  const { trainLoss, validationLoss, trainSeconds, iterations, reachedTarget, milestones } = result;
  const { parameterCount } = result.model;
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
        ...(validationLoss === null ? [] : [["validation loss", formatNumber(validationLoss)]]),
        ...(target === undefined
          ? []
          : [[`target ${formatTarget(target)}`, reachedTarget ? "reached" : "not reached"]]),
        ["written to", out.path],
      ],
    ),
  );
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
    dt: result.dt,
    dtSource: result.dtSource,
    milestones,
  });
  if (interruption.happened) {
    terminal.warn(`Interrupted; the best model so far is in ${out.path}.`);
    return INTERRUPTED;
  }
  if (target !== undefined && !reachedTarget) {
    terminal.warn(
      `The loss ${formatNumber(trainLoss)} did not reach ${formatTarget(target)}; the best model is in ${out.path}.`,
    );
    return FAILED;
  }
  return DONE;
}
