import { performance } from "node:perf_hooks";
import process from "node:process";
import { drawBlocks } from "@mclnn/report";
import {
  forecastRecipe,
  fullSettings,
  ledgerOf,
  PARTS,
  type Part,
  quickSettings,
  type Results,
  resultsFrom,
  type Settings,
  type StudyError,
  type StudyJob,
  type StudyOutcome,
} from "@mclnn/studies/paper";
import { formatSeconds } from "@mclnn/studies/text";
import { type Crew, doJobs, type JobWatch } from "../../jobs/job-pool.ts";
import { DONE, type ExitCode, FAILED } from "../../process/exit-code.ts";
import { softwareVersions } from "../../process/software.ts";
import type { Session } from "../../session/session.ts";
import { type Interruption, listenForInterrupt } from "../../terminal/interruption.ts";
import type { Task } from "../../terminal/progress.ts";
import { formatTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseParts } from "./choose-parts.ts";
import { STUDY_CREW } from "./crew.ts";
import type { ReproduceOptions } from "./declare.ts";
import { softwareFingerprint } from "./fingerprint.ts";
import { claimReproduction, type ReproductionFolder } from "./folder.ts";
import { openStore, resultPath, type Store } from "./store.ts";
import { type PresentedPart, pageContent, pageFacts, writePage } from "./write-page.ts";

/** Where `reproduce` writes unless told otherwise. */
const DEFAULT_FOLDER = "out/reproduce";

/** The whole paper, from data to page. @param parts - replaced in tests */
export async function reproduce(
  options: ReproduceOptions,
  session: Session,
  {
    parts = PARTS,
    crew = STUDY_CREW,
  }: {
    readonly parts?: readonly Part[];
    readonly crew?: Crew<StudyJob, StudyOutcome>;
  } = {},
): Promise<ExitCode> {
  const { terminal, threads } = session;
  const began = performance.now();
  const { seed, quick = false, force = false, paperRecipe: recipe = false, only } = options;
  const settings = quick ? quickSettings(seed) : fullSettings(seed);
  const asked = chooseParts(parts, { only, recipe });
  const folder = await claimReproduction(options.out ?? DEFAULT_FOLDER, { settings, force });
  const store = openStore(folder.full, await softwareFingerprint());
  const done = new Map<string, unknown>();
  const failures = new Map<string, StudyError>();
  for (const job of jobsOf(parts, settings)) {
    const result = await store.read(job);
    if (result !== undefined) done.set(job.name, result);
  }
  const jobs = jobsOf(asked, settings);
  const open = jobs.filter(({ name }) => !done.has(name));
  if (folder.resumed && done.size > 0)
    terminal.remark(
      `${folder.path} has ${jobs.length - open.length} of ${jobs.length} results already; ${open.length === 0 ? "nothing is left to compute" : "the rest is computed now"}.`,
    );
  await sayHowLong(open, threads, terminal);

  const sayInterrupted = (): void =>
    terminal.warn(
      `Interrupted with ${jobs.filter(({ name }) => done.has(name)).length} of ${jobs.length} results; the same command goes on from there.`,
    );
  const interruption = listenForInterrupt(
    () =>
      terminal.warn("Stopping; results that are finished are kept. Ctrl-C again leaves at once."),
    () => {
      sayInterrupted();
      // What is finished is on the disk already.
      return true;
    },
  );
  try {
    await runJobs(open, { threads, crew, store, terminal, interruption, done, failures });
    if (interruption.happened) {
      sayInterrupted();
      return interruption.exitCode;
    }
    const results = resultsFrom(done, failures);
    // Parts of earlier runs in this folder stay on the page.
    const shown = parts.filter(
      (part) => asked.includes(part) || part.jobs(settings).every((job) => results.has(job)),
    );
    const kept = jobsOf(parts, settings).filter(({ name }) => done.has(name));
    return await writeReproduction(folder, shown, results, settings, session, {
      began,
      path: options.out,
      kept: kept.map(resultPath),
    });
  } finally {
    interruption.stop();
  }
}

/** Figures, page and numbers, and in a few lines what they come to. @returns 1 where a part failed */
async function writeReproduction(
  folder: ReproductionFolder,
  parts: readonly Part[],
  results: Results,
  settings: Settings,
  { terminal, threads, command }: Session,
  {
    began,
    path,
    kept,
  }: {
    readonly began: number;
    readonly path: string | undefined;
    readonly kept: readonly string[];
  },
): Promise<ExitCode> {
  const task = terminal.progress.start("figures and page");
  const presented = await presentParts(parts, results, settings);
  const facts = {
    version: 1,
    seed: settings.seed,
    size: settings.size,
    software: { ...softwareVersions(), node: process.version, threads },
    command,
    seconds: (performance.now() - began) / 1000,
  };
  const claims = ledgerOf(results, settings);
  const numbers = presented.map(({ part, shown }) => [
    part.name,
    "failure" in shown
      ? { status: "failed", error: shown.failure }
      : { status: "done", numbers: shown.numbers },
  ]);
  const summary = { ...facts, settings, parts: Object.fromEntries(numbers), claims };
  const content = pageContent(presented, pageFacts(settings, { ...facts, path }));
  await writePage(folder, presented, content, summary, (fraction) => task.update({ fraction }));
  await folder.finish(kept);
  task.finish("written");

  const failed = presented.flatMap(({ part: { title }, shown }) =>
    "failure" in shown ? [{ title, failure: shown.failure }] : [],
  );
  terminal.print(
    [
      ...claimsTable(claims, terminal),
      ...failed.map(({ title }) => ` ${terminal.colours.red("failed")} ${title}`),
      ` Page, figures, numbers: ${folder.path}/  (open ${folder.path}/index.html)`,
    ].join("\n"),
  );
  terminal.printJson(summary);
  for (const { title, failure } of failed) terminal.warn(`${title}: ${failure}`);
  return failed.length > 0 ? FAILED : DONE;
}

async function presentParts(
  parts: readonly Part[],
  results: Results,
  settings: Settings,
): Promise<PresentedPart[]> {
  const presented: PresentedPart[] = [];
  for (const part of parts) {
    try {
      const shown = part.present(results, settings);
      presented.push({ part, shown: { ...shown, blocks: await drawBlocks(shown.blocks) } });
    } catch (error) {
      presented.push({
        part,
        shown: { failure: error instanceof Error ? error.message : String(error) },
      });
    }
  }
  return presented;
}

/** Does the jobs, longest first, and keeps each result as soon as it is there. */
async function runJobs(
  jobs: readonly StudyJob[],
  {
    threads,
    crew,
    store,
    terminal,
    interruption,
    done,
    failures,
  }: {
    readonly threads: number;
    readonly crew: Crew<StudyJob, StudyOutcome>;
    readonly store: Store;
    readonly terminal: Terminal;
    readonly interruption: Interruption;
    readonly done: Map<string, unknown>;
    readonly failures: Map<string, StudyError>;
  },
): Promise<void> {
  if (jobs.length === 0) return;
  const task = terminal.progress.start("reproduction");
  const progress = jobProgress(jobs, task);
  const writes: Promise<void>[] = [];
  const fail = (job: StudyJob, error: StudyError): void => {
    failures.set(job.name, error);
    terminal.warn(`failed ${job.title}: ${error.message}`);
    progress.end(job);
  };
  let crashed: StudyJob | undefined;
  const watch = (job: StudyJob): JobWatch<StudyOutcome> => ({
    hooks: {
      signal: interruption.signal,
      onProgress: ({ fraction = 0, detail }) => progress.at(job, fraction, detail),
    },
    onEnd: (outcome) => {
      if (outcome === undefined) crashed ??= job;
      else if (outcome.kind === "failed") fail(job, outcome.error);
      else if (outcome.kind === "done") {
        done.set(job.name, outcome.result);
        writes.push(store.write(job, outcome.result));
        progress.end(job);
      }
    },
  });
  const isOpen = ({ name }: StudyJob): boolean => !done.has(name) && !failures.has(name);
  const ordered = [...jobs].sort((a, b) => b.seconds - a.seconds);
  // A thread that ends takes its job with it; the others are done by the next ones.
  for (let open = ordered; open.length > 0 && !interruption.happened; open = open.filter(isOpen)) {
    crashed = undefined;
    try {
      await doJobs(open, threads, crew, watch);
      break;
    } catch (error) {
      const lost = crashed as StudyJob | undefined;
      if (lost === undefined) throw error;
      fail(lost, { message: error instanceof Error ? error.message : String(error), stack: null });
    }
  }
  await Promise.all(writes);
  const outcome = `${progress.finished} of ${jobs.length} computations`;
  if (interruption.happened) task.fail(`stopped after ${outcome}`);
  else task.finish(outcome);
}

/** Progress of jobs of different lengths. */
function jobProgress(jobs: readonly StudyJob[], task: Task) {
  const shares = new Map<StudyJob, number>();
  const total = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  let finished = 0;
  const show = (detail: string): void => {
    let seconds = 0;
    for (const [job, share] of shares) seconds += share * job.seconds;
    task.update({
      fraction: seconds / total,
      detail: `${finished} of ${jobs.length}; ${detail}`,
    });
  };
  return {
    get finished() {
      return finished;
    },
    at(job: StudyJob, share: number, detail: string): void {
      // A training of several stages begins each of them at the left.
      shares.set(job, Math.max(shares.get(job) ?? 0, share));
      show(`${job.title}, ${detail}`);
    },
    end(job: StudyJob): void {
      finished++;
      shares.set(job, 1);
      show(`${job.title} done`);
    },
  };
}

/** Before anything long begins, what it will take. */
async function sayHowLong(
  jobs: readonly StudyJob[],
  threads: number,
  terminal: Terminal,
): Promise<void> {
  const recipes = jobs.filter(
    (job): job is StudyJob<"recipe"> =>
      job.study === "recipe" && (job as StudyJob<"recipe">).input.how === "paper",
  );
  if (recipes.length === 0) return;
  terminal.remark("Timing a few epochs of the paper's recipe ...");
  const forecasts: number[] = [];
  for (const { input } of recipes) forecasts.push(await forecastRecipe(input));
  const sum = forecasts.reduce((a, b) => a + b, 0);
  const seconds = Math.max(sum / Math.min(threads, recipes.length), ...forecasts);
  terminal.remark(
    `The paper's recipe, ${recipes[0]?.input.epochs} epochs of Adam for ${recipes.length} trainings, will take about ${formatSeconds(seconds)} on ${threads} thread${threads === 1 ? "" : "s"}, beside the rest.`,
  );
}

/** The jobs of some parts, each once. */
function jobsOf(parts: readonly Part[], settings: Settings): StudyJob[] {
  const jobs = parts.flatMap((part) => part.jobs(settings));
  return [...new Map(jobs.map((job) => [job.name, job])).values()];
}

/** The verdicts that there are; nothing where there are none. */
function claimsTable(ledger: ReturnType<typeof ledgerOf>, { colours }: Terminal): string[] {
  const measured = ledger.filter(({ verdict }) => verdict !== "not measured");
  if (measured.length === 0) return [];
  const paint = {
    holds: colours.green,
    "holds within limits": colours.yellow,
    "does not hold": colours.red,
    "not measured": colours.dim,
  };
  return [
    formatTable(
      [{ title: "claim" }, { title: "verdict" }, { title: "our number" }],
      measured.map(({ short, verdict, number }) => [short, paint[verdict](verdict), number]),
      colours.dim,
    ),
    "",
  ];
}
