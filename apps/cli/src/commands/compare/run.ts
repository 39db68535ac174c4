import { performance } from "node:perf_hooks";
import process from "node:process";
import { PAPER_LOSS } from "@mclnn/learning";
import { MclnnError } from "@mclnn/physics";
import type { CompareJob, CompareOutcome, SystemPlan } from "@mclnn/studies";
import { collect, resultsOf, type SystemComparison } from "@mclnn/studies";
import { formatNumber, formatTarget } from "@mclnn/studies/text";
import { doJobs } from "../../jobs/job-pool.ts";
import { claimFolder } from "../../outputs/output-folder.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import { softwareVersions } from "../../process/software.ts";
import type { Session } from "../../session/session.ts";
import { type Interruption, listenForInterrupt } from "../../terminal/interruption.ts";
import type { Task } from "../../terminal/progress.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { CompareOptions } from "./declare.ts";
import { writeFolder } from "./folder.ts";
import { COMPARE_CREW } from "./job.ts";
import { makePlans, subjectOf } from "./plans.ts";
import { errorTable, trainingTable } from "./tables.ts";

/** The whole comparison, from data to page. */
export async function compare(
  options: CompareOptions,
  { terminal, threads, command }: Session,
): Promise<ExitCode> {
  const began = performance.now();
  const plans = await makePlans(options, (text) => terminal.remark(text));
  const folder = await claimFolder(options.out ?? `out/compare/${subjectOf(plans)}`, {
    command: "compare",
    force: options.force,
    replace: true,
    beside: options.out === undefined,
    certain: ["results.json", "index.html"],
  });
  const interruption = listenForInterrupt(() =>
    terminal.warn("Stopping; what is done is kept. Ctrl-C again leaves at once."),
  );
  try {
    const outcomes = await runJobs(plans, threads, terminal, interruption);
    const comparisons = collect(plans, outcomes);
    if (comparisons.length === 0)
      throw new MclnnError("compare was interrupted before anything was done", {
        code: "interrupted",
        expected: "time for a first model",
        got: "a signal to stop",
        kind: "failure",
      });
    const results = resultsOf(comparisons, {
      seed: options.seed,
      software: { ...softwareVersions(), node: process.version, threads },
      command,
      seconds: (performance.now() - began) / 1000,
    });
    const target = options.until ?? PAPER_LOSS;
    // Who wants to leave does not wait for pictures.
    const pictures = !interruption.happened;
    const task = terminal.progress.start(pictures ? "figures and page" : "models and runs");
    const drawn = await writeFolder(folder, comparisons, results, {
      targetLoss: target,
      pictures,
      isStopped: () => interruption.happened,
      onProgress: (fraction) => task.update({ fraction }),
    });
    task.finish("written");

    const { colours } = terminal;
    const time = longestRun(comparisons);
    terminal.print(
      [
        trainingTable(results, colours),
        "",
        ` Largest errors over ${formatNumber(time, 4)} time units, from an unseen start`,
        errorTable(results, "rollout", colours),
        "",
        " The same start, tilted out of its plane, shifted and boosted",
        errorTable(results, "tilted", colours),
        "",
        !drawn
          ? ` Results and models: ${folder.path}/`
          : ` Results, figures, models: ${folder.path}/  (open ${folder.path}/index.html)`,
      ].join("\n"),
    );
    terminal.printJson(results);
    return verdict(comparisons, target, terminal, { interruption, drawn });
  } finally {
    interruption.stop();
    await folder.discard();
  }
}

/** Does every system's two jobs: pair laws first, so that there is something early to keep. */
async function runJobs(
  plans: readonly SystemPlan[],
  threads: number,
  { progress }: Terminal,
  { signal }: Interruption,
): Promise<{ plan: SystemPlan; outcome: CompareOutcome }[]> {
  const jobs: CompareJob[] = [
    ...plans.map((plan) => ({ work: "pair-laws", plan }) as const),
    ...plans.map((plan) => ({ work: "baseline", plan }) as const),
  ];
  const outcomes = await doJobs(jobs, threads, COMPARE_CREW, (job) => {
    const label = COMPARE_CREW.title(job);
    // A job waits for its thread first; its bar begins with its work.
    let task: Task | undefined;
    return {
      hooks: {
        signal,
        onProgress: (state) => {
          task ??= progress.start(label);
          task.update(state);
        },
      },
      onEnd: (outcome) => {
        if (outcome === undefined) task?.fail("failed");
        else if (outcome.work !== "skipped") task?.finish(lossesOf(outcome));
      },
    };
  });
  return jobs.map(({ plan }, k) => ({ plan, outcome: outcomes[k] as CompareOutcome }));
}

function lossesOf(outcome: Exclude<CompareOutcome, { work: "skipped" }>): string {
  const losses = outcome.models.map(
    ({ results }) => `${results.title} loss ${formatNumber(results.trainLoss)}`,
  );
  return losses.length === 0 ? "no model" : losses.join(", ");
}

/** The exit code, and why it is not 0. */
function verdict(
  comparisons: readonly SystemComparison[],
  target: number,
  terminal: Terminal,
  { interruption, drawn }: { interruption: Interruption; drawn: boolean },
): ExitCode {
  if (interruption.happened) {
    terminal.warn(
      `Interrupted; what was done so far is kept${drawn ? "" : ", without figures and page"}.`,
    );
    return interruption.exitCode;
  }
  const missed = comparisons.flatMap(({ plan, models }) =>
    models
      .filter(
        ({ kind, results }) => kind === "mclnn" && !((results.trainLoss ?? Infinity) <= target),
      )
      .map(({ results }) => `${plan.title} (${formatNumber(results.trainLoss)})`),
  );
  if (missed.length === 0) return DONE;
  terminal.warn(
    `MCLNN did not reach ${formatTarget(target)} on ${missed.join(", ")}; the best models are kept.`,
  );
  return FAILED;
}

function longestRun(comparisons: readonly SystemComparison[]): number {
  return Math.max(
    ...comparisons.map(({ laws }) => {
      const { times } = laws.truth.runs.rollout;
      return (times[times.length - 1] as number) - (times[0] as number);
    }),
  );
}
