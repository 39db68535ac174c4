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
import { formatTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseParts } from "./choose-parts.ts";
import { STUDY_CREW } from "./crew.ts";
import type { ReproduceOptions } from "./declare.ts";
import { softwareFingerprint } from "./fingerprint.ts";
import { claimReproduction } from "./folder.ts";
import { openStore, resultPath, type Store } from "./store.ts";
import { type PageFacts, type PresentedPart, pageContent, writePage } from "./write-page.ts";

/** Where `reproduce` writes unless told otherwise. */
const DEFAULT_FOLDER = "out/reproduce";

/** The whole paper, from data to page. @param parts - replaced in tests */
export async function reproduce(
  options: ReproduceOptions,
  { terminal, threads, command }: Session,
  {
    parts = PARTS,
    crew = STUDY_CREW,
  }: {
    readonly parts?: readonly Part[];
    readonly crew?: Crew<StudyJob, StudyOutcome>;
  } = {},
): Promise<ExitCode> {
  const began = performance.now();
  const settings =
    options.quick === true ? quickSettings(options.seed) : fullSettings(options.seed);
  const asked = chooseParts(parts, { only: options.only, recipe: options.paperRecipe === true });
  const folder = await claimReproduction(options.out ?? DEFAULT_FOLDER, {
    settings,
    force: options.force === true,
  });
  const store = openStore(folder.full, await softwareFingerprint());
  const done = new Map<string, unknown>();
  const failures = new Map<string, StudyError>();
  const jobs = unique(asked.flatMap((part) => part.jobs(settings)));
  for (const job of unique(parts.flatMap((part) => part.jobs(settings)))) {
    const result = await store.read(job);
    if (result !== undefined) done.set(job.name, result);
  }
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
    const task = terminal.progress.start("figures and page");
    const presented = await presentParts(shown, results, settings);
    const facts = {
      version: 1,
      seed: settings.seed,
      size: settings.size,
      software: { ...softwareVersions(), node: process.version, threads },
      command,
      seconds: (performance.now() - began) / 1000,
    };
    const ledger = ledgerOf(results, settings);
    const summary = {
      ...facts,
      settings,
      parts: Object.fromEntries(
        presented.map(({ part, shown: what }) => [
          part.name,
          "failure" in what
            ? { status: "failed", error: what.failure }
            : { status: "done", numbers: what.numbers },
        ]),
      ),
      claims: ledger,
    };
    await writePage(
      folder,
      presented,
      pageContent(presented, pageFacts(settings, { ...facts, path: options.out })),
      summary,
      (fraction) => task.update({ fraction }),
    );
    await folder.finish(
      unique(parts.flatMap((part) => part.jobs(settings)))
        .filter(({ name }) => done.has(name))
        .map(resultPath),
    );
    task.finish("written");

    const broken = presented.filter(({ shown: what }) => "failure" in what);
    terminal.print(
      [
        ...claimsTable(ledger, terminal),
        ...broken.map(({ part }) => ` ${terminal.colours.red("failed")} ${part.title}`),
        ` Page, figures, numbers: ${folder.path}/  (open ${folder.path}/index.html)`,
      ].join("\n"),
    );
    terminal.printJson(summary);
    for (const { part, shown: what } of broken)
      if ("failure" in what) terminal.warn(`${part.title}: ${what.failure}`);
    return broken.length > 0 ? FAILED : DONE;
  } finally {
    interruption.stop();
  }
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
  const ordered = [...jobs].sort((a, b) => b.seconds - a.seconds);
  const total = jobs.reduce((sum, { seconds }) => sum + seconds, 0);
  const task = terminal.progress.start("reproduction");
  const under = new Map<StudyJob, number>();
  const writes: Promise<void>[] = [];
  let finished = 0;
  let weight = 0;
  const update = (detail: string): void => {
    let current = weight;
    for (const [job, fraction] of under) current += fraction * job.seconds;
    task.update({ fraction: current / total, detail: `${finished} of ${jobs.length}; ${detail}` });
  };
  const isOpen = ({ name }: StudyJob): boolean => !done.has(name) && !failures.has(name);
  let crashed: StudyJob | undefined;
  const watch = (job: StudyJob): JobWatch<StudyOutcome> => ({
    hooks: {
      signal: interruption.signal,
      onProgress: ({ fraction = 0, detail }) => {
        // A training of several stages begins each of them at the left.
        under.set(job, Math.max(under.get(job) ?? 0, fraction));
        update(`${job.title}, ${detail}`);
      },
    },
    onEnd: (outcome) => {
      under.delete(job);
      if (outcome === undefined) crashed ??= job;
      if (outcome === undefined || outcome.kind === "stopped") return;
      finished++;
      weight += job.seconds;
      if (outcome.kind === "failed") {
        failures.set(job.name, outcome.error);
        terminal.warn(`failed ${job.title}: ${outcome.error.message}`);
      } else {
        done.set(job.name, outcome.result);
        writes.push(store.write(job, outcome.result));
      }
      update(`${job.title} done`);
    },
  });
  // A thread that ends takes its job with it; the others are done by the next ones.
  for (let open = ordered; open.length > 0 && !interruption.happened; open = open.filter(isOpen)) {
    crashed = undefined;
    try {
      await doJobs(open, threads, crew, watch);
      break;
    } catch (error) {
      const lost = crashed as StudyJob | undefined;
      if (lost === undefined) throw error;
      const message = error instanceof Error ? error.message : String(error);
      failures.set(lost.name, { message, stack: null });
      finished++;
      weight += lost.seconds;
      terminal.warn(`failed ${lost.title}: ${message}`);
    }
  }
  await Promise.all(writes);
  const outcome = `${finished} of ${jobs.length} computations`;
  if (interruption.happened) task.fail(`stopped after ${outcome}`);
  else task.finish(outcome);
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

function unique(jobs: readonly StudyJob[]): StudyJob[] {
  return [...new Map(jobs.map((job) => [job.name, job])).values()];
}

function pageFacts(
  { seed, size }: Settings,
  {
    software,
    seconds,
    command,
    path,
  }: {
    readonly software: Readonly<Record<string, unknown>>;
    readonly seconds: number;
    readonly command: string;
    readonly path: string | undefined;
  },
): PageFacts {
  const rest = [
    ...(size === "quick" ? ["--quick"] : []),
    ...(seed === 100 ? [] : [`--seed ${seed}`]),
    ...(path === undefined ? [] : [`--out ${path}`]),
  ];
  return {
    title: "Momentum Conserving Lagrangian Neural Networks, reproduced",
    introduction: [
      ...(size === "quick"
        ? [
            "This is the quick version: fewer seeds, shorter runs, smaller baselines. It shows that everything works; for numbers to quote, run mclnn reproduce without --quick.",
          ]
        : []),
      "Every figure and table of the paper (under review at ICLR 2022) beside the truth, and a verdict on every claim, computed from the numbers of this one run by rules that are shown. Reduced units throughout; one record is 0.1 units of time.",
      "Beside each figure, and in the same folder: SVG and PNG (figures/), the numbers behind it as CSV and JSON (data/), every single number (results.json).",
    ],
    footer: `Seed ${seed}, ${size} size. "${command}" took ${formatSeconds(seconds)} (less where results were there already) on ${String(software.threads)} threads of Node ${String(software.node)}, @mclnn/cli ${String(software["@mclnn/cli"])}. The same seed gives the same numbers, seconds aside.`,
    command: ({ name }) => ["mclnn reproduce --only", name, ...rest].join(" "),
  };
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
