import {
  type DocumentBlock,
  type DocumentSection,
  documentMarkdown,
  formatNumber,
  formatSeconds,
} from "@mclnn/report";
import { groupBy, mean, median } from "../numbers.ts";
import { tableBlock } from "../table.ts";
import {
  type AveragedResult,
  averaged,
  type Cell,
  type CellResult,
  isLearned,
  type Learned,
  METHODS,
  type Method,
  type Outcome,
  succeeded,
} from "./cell.ts";
import type { CoverageResult, Shares } from "./coverage.ts";
import { MASS_TRAJECTORIES, MASSES, type MassOutcome, type MassResult } from "./masses.ts";
import { lawSystemByName } from "./systems/catalogue.ts";

/** All that is measured. */
export interface Kept {
  readonly results: readonly CellResult[];
  readonly coverage: readonly CoverageResult[];
  readonly masses: readonly MassResult[];
}

/** What the document says about its making. */
export interface Making {
  /** The command that makes it. */
  readonly command: string;
  /** Where it was made: "AMD EPYC 7B13, Node 20.20.2". */
  readonly machine: string;
  /** Path of the figure from the document. */
  readonly figure?: string;
}

const TITLES: Readonly<Record<Method, string>> = {
  ...{ spline: "spline", mclnn: "MCLNN", kernel: "kernel LS" },
};
const TRAINED = ["spline", "mclnn"] as const;
const text = (words: string): DocumentBlock => ({ kind: "text", text: words });

/** All results as one Markdown document: a summary, noise-free laws, laws from noise, failures. */
export function lawsDocument({ results, coverage, masses }: Kept, making: Making): string {
  const rows = averaged(results);
  const sections = [
    ...(rows.length === 0 ? [] : [summary(rows)]),
    ...(coverage.length === 0 ? [] : [coverageSection(coverage)]),
    ...(masses.length === 0 ? [] : [massesSection(masses)]),
    ...groupBy(rows, ({ cell }) => [cell.noise, cell.velocities]).map(section),
    ...failures(results),
  ];
  const title = "Laws learned, and how well";
  return documentMarkdown(
    { title, introduction: introduction(making), sections, footer: "" },
    () => "",
  )
    .trimEnd()
    .concat("\n");
}

function introduction({ command, machine, figure }: Making): string[] {
  return [
    `Made by \`${command}\` (${machine}; one thread a cell). Trajectories of 20 records come from random starts by an adaptive Dormand-Prince
integrator at a tolerance of 1e-13, which none of the methods uses; they are told neither integrator nor time step nor noise.`,
    `- **spline**, **MCLNN**: \`train()\` with its defaults. **kernel LS**: V' as a sum of B-splines by least squares on finite-difference accelerations,
  basis and penalty by generalised cross-validation: the statisticians' method (Lu, Zhong, Tang, Maggioni, PNAS 116 (2019) 14424).
- **V' error**: mean (and largest) |V' learned - V' true| over the separations of the training data, by the mean |V' true| there; of several laws, the worst.
- **noise** s: Gaussian, s times the mean separation on positions, s times the rms velocity on velocities. _unknown_: no velocities.
- **coverage**: share of separations at which V' errs by less than one / two error bars, in % (68 / 95 is honest), of the data's separations and, in
  brackets, evenly over their range. Errors at neighbouring separations go together, so that the numbers of a single law scatter widely.
- **Bold** misses what is asked. Without noise: V' error 1e-5 (spline), 1e-4 (MCLNN), and loss 1e-12. With noise: mean |V' learned - V' true| at most
  what a separation that is wrong by one standard deviation of the noise does to V' (that times the mean |V''|; 0.4 of it from noise 1e-2 on), twice that
  with 10 trajectories, five times with 2. Kernel LS is not judged.
- **time**: processor seconds of the training. Not every combination of system, noise, velocities and number of trajectories is here: \`pnpm laws --full\`
  makes them all, in hours.`,
    ...(figure === undefined ? [] : [`![V' errors of all systems](${figure})`]),
  ];
}

/** Columns of one kind, a method each. @param what - `*` is the method's name */
function perMethod<Row, M extends Method>(
  what: string,
  methods: readonly M[],
  cell: (row: Row, method: M) => string,
): Record<string, (row: Row) => string> {
  return Object.fromEntries(
    methods.map((method) => [
      `${what.replace("*", TITLES[method])}>`,
      (row: Row) => cell(row, method),
    ]),
  );
}

function summary(rows: readonly AveragedResult[]): DocumentSection {
  type Group = AveragedResult[];
  const groups: Group[] = groupBy(rows, ({ cell: { system, ...setting } }) => setting);
  const learned = (group: Group, method: Method): Learned[] =>
    group.map(({ outcomes }) => outcomes[method]).filter(isLearned);
  const caption =
    "Medians over systems of the mean V' error; how many systems meet what is asked; mean coverage of one / two error bars at the data (over the range) in %; median and longest training";
  const block = tableBlock(caption, groups, {
    noise: ([{ cell }]) => noiseText(cell.noise),
    velocities: ([{ cell }]) => cell.velocities,
    trajectories: ([{ cell }]) => String(cell.trajectories),
    ...perMethod("*", METHODS, (group: Group, method) =>
      formatNumber(median(learned(group, method).map(({ slope }) => slope.mean))),
    ),
    ...perMethod("* meets", TRAINED, (group: Group, method) => {
      const met = group.filter(({ cell, outcomes }) => succeeded(cell, method, outcomes[method]));
      return `${met.length} of ${group.length}`;
    }),
    ...perMethod("* coverage", TRAINED, (group: Group, method) =>
      group[0].cell.noise === 0
        ? "-"
        : coverageText(learned(group, method).flatMap(({ coverage }) => coverage ?? [])),
    ),
    ...perMethod("* time", TRAINED, (group: Group, method) => {
      const seconds = learned(group, method).map((outcome) => outcome.seconds);
      const longest = seconds.length === 0 ? null : Math.max(...seconds);
      return `${formatSeconds(median(seconds))}, ${formatSeconds(longest)}`;
    }),
  });
  return { title: "All systems together", blocks: [block] };
}

/** Losses, errors, error bars and ways of one setting, a table for each number of trajectories. */
function section(rows: readonly AveragedResult[]): DocumentSection {
  const { noise, velocities } = rows[0].cell;
  const how = noise === 0 ? "Without noise" : `Noise ${noiseText(noise)}`;
  return {
    title: `${how}, velocities ${velocities}`,
    blocks: groupBy(rows, ({ cell }) => cell.trajectories).map(noise === 0 ? quiet : noisy),
  };
}

const systemOf = ({ cell }: AveragedResult): string => lawSystemByName(cell.system).title;
const time = (row: AveragedResult, method: Method): string =>
  formatSeconds(row.outcomes[method].seconds);

function quiet(rows: readonly AveragedResult[]): DocumentBlock {
  const caption = `${rows[0].cell.trajectories} trajectories. Held out: position error over a run from a start that was not trained on, the largest of the run`;
  const way = (outcome: Outcome): string => (isLearned(outcome) ? outcome.way : "-");
  return tableBlock(caption, rows, {
    system: systemOf,
    "V(r)": ({ cell }) => `\`${lawSystemByName(cell.system).formula}\``,
    ...perMethod("* loss", TRAINED, ({ outcomes }: AveragedResult, method) => {
      const outcome = outcomes[method];
      return isLearned(outcome) ? formatNumber(outcome.loss) : "-";
    }),
    ...perMethod("* V' error, mean (max)", METHODS, (row: AveragedResult, method) =>
      errorText(row, method, { max: true }),
    ),
    ...perMethod("* held out", TRAINED, ({ outcomes }: AveragedResult, method) => {
      const outcome = outcomes[method];
      if (!isLearned(outcome)) return "-";
      return outcome.heldOut === null ? "diverged" : formatNumber(outcome.heldOut);
    }),
    ...perMethod("* time", TRAINED, time),
    "rolled out by>": ({ outcomes }) => way(outcomes.spline),
  });
}

function noisy(rows: readonly AveragedResult[]): DocumentBlock {
  const caption = `${rows[0].cell.trajectories} trajectories. Mean V' error; coverage of one / two error bars at the data (over the range) in %; noise found by noise drawn (spline); time`;
  return tableBlock(caption, rows, {
    system: systemOf,
    ...perMethod("* V' error", METHODS, (row: AveragedResult, method) => errorText(row, method)),
    ...perMethod("* coverage", TRAINED, ({ outcomes }: AveragedResult, method) => {
      const outcome = outcomes[method];
      return coverageText(isLearned(outcome) ? [outcome.coverage ?? []].flat() : []);
    }),
    "noise ratio>": ({ outcomes: { spline } }) =>
      isLearned(spline) ? formatNumber(spline.noiseRatio, 3) : "-",
    ...perMethod("* time", TRAINED, time),
  });
}

/** What error bars hold over many draws of noise. */
function coverageSection(results: readonly CoverageResult[]): DocumentSection {
  const { noise, trajectories } = results[0].task;
  const caption = `Over many draws of noise ${noiseText(noise)} on ${trajectories} trajectories, velocities unknown: share of separations at which V' errs by less than one / two error bars in %, of the data's separations and, in brackets, evenly over their range (68 / 95 is honest; asked: 60 to 75 / 90 to 98; **bold** misses it); noise found by noise drawn, its mean and its scatter. Made by \`pnpm laws --coverage\``;
  const groups = groupBy(results, ({ task }) => task.system);
  const ratios = (own: readonly CoverageResult[]) =>
    own.flatMap(({ noiseRatio }) => noiseRatio ?? []);
  const middle = (own: readonly CoverageResult[]) => mean(ratios(own)) ?? Number.NaN;
  const table = tableBlock(caption, groups, {
    system: ([{ task }]) => lawSystemByName(task.system).title,
    "draws>": (own) => String(own.length),
    ...perMethod("*", TRAINED, (own: CoverageResult[], method) =>
      coverageText(
        own.flatMap((result) => result[method] ?? []),
        judged,
      ),
    ),
    "noise ratio>": (own) => formatNumber(middle(own), 4),
    "scatter>": (own) =>
      formatNumber(
        Math.sqrt(mean(ratios(own).map((x) => (x - middle(own)) ** 2)) ?? Number.NaN),
        2,
      ),
  });
  const failed = results.map(({ task, failed: why }) =>
    why === undefined ? why : `${task.system}, draw ${task.seed}: ${why}`,
  );
  return { title: "Coverage of the error bars", blocks: [table, ...lines(failed)] };
}

/** How well hidden masses are found, beside what the data allow. */
function massesSection(results: readonly MassResult[]): DocumentSection {
  const caption = `Gravity between masses ${MASSES.join(", ")}, of which only the first is told; ${MASS_TRAJECTORIES} trajectories of 20 records, noise ${formatNumber(results[0].task.noise)} on positions whose first mean separations are 1 to 4, and on velocities, where given, by their root mean square. _Bound_ (Cramer-Rao): the relative standard deviation that no unbiased estimate can be below, _were the law known_; here it is learned with the masses. _Error bar_: as told. _Error_: root mean square over the draws. What one asks for (1e-2, say) can only be had where the bound allows it. Made by \`pnpm laws --masses\``;
  const groups = groupBy(results, ({ task }) => [task.spacing, task.velocities]);
  const rows = groups.flatMap((own) =>
    MASSES.slice(1).map((mass, k) => ({
      ...{ task: own[0].task, mass, draws: own.length },
      outcomes: own.flatMap(({ masses }) => masses?.[k] ?? []),
    })),
  );
  type Row = (typeof rows)[number];
  const average = (of: (outcome: MassOutcome) => number) => (row: Row) =>
    formatNumber(mean(row.outcomes.map(of)) ?? Number.NaN, 2);
  const table = tableBlock(caption, rows, {
    "records apart": ({ task }) => String(task.spacing),
    velocities: ({ task }) => task.velocities,
    mass: (row) => String(row.mass),
    "draws>": ({ draws }) => String(draws),
    "bound>": average(({ bound }) => bound),
    "error bar>": average(({ deviation }) => deviation),
    "error>": ({ outcomes }) => {
      const errors = outcomes.flatMap(({ error }) => error ?? []);
      const missing = outcomes.length - errors.length;
      if (errors.length === 0) return "not determined";
      const rms = formatNumber(Math.sqrt(mean(errors.map((e) => e * e)) ?? Number.NaN), 2);
      return `${rms}${missing > 0 ? `, ${missing} times not determined` : ""}`;
    },
  });
  return { title: "Hidden masses", blocks: [table, ...lines(results.map(({ failed }) => failed))] };
}

function failures(results: readonly CellResult[]): DocumentSection[] {
  const blocks = lines(
    results.flatMap(({ cell, outcomes }) =>
      METHODS.map((method) => {
        const outcome = outcomes[method];
        if (isLearned(outcome)) return undefined;
        const { code, message } = outcome.failed;
        return `${cellText(cell)}: ${TITLES[method]} ended with \`${code}\`: ${message}`;
      }),
    ),
  );
  return blocks.length === 0 ? [] : [{ title: "Failures", blocks }];
}

/** A list of what there is to say, each on one line. */
function lines(said: readonly (string | undefined)[]): DocumentBlock[] {
  const told = said.flatMap((line) => line?.replaceAll("\n", " ") ?? []);
  return told.length === 0 ? [] : [text(told.map((line) => `- ${line}`).join("\n"))];
}

/** A cell in words: `gravity, noise 1e-3, velocities given, 10 trajectories, seed 1`. */
export function cellText({ system, noise, velocities, trajectories, seed }: Cell): string {
  return `${system}, noise ${noiseText(noise)}, velocities ${velocities}, ${trajectories} trajectories, seed ${seed}`;
}

function errorText(
  { cell, outcomes }: AveragedResult,
  method: Method,
  { max = false } = {},
): string {
  const outcome = outcomes[method];
  if (!isLearned(outcome)) return `**failed: ${outcome.failed.code}**`;
  const { slope } = outcome;
  const error = formatNumber(slope.mean) + (max ? ` (${formatNumber(slope.max)})` : "");
  return method === "kernel" || succeeded(cell, method, outcome) ? error : `**${error}**`;
}

/** Mean shares within one / two error bars at the data, and over the range in brackets. */
function coverageText(
  all: readonly Readonly<Record<"data" | "range", Shares>>[],
  show = (_: Shares, percent: string): string => percent,
): string {
  if (all.length === 0) return "-";
  const [data, range] = (["data", "range"] as const).map((kind) => {
    const [one, two] = [0, 1].map((k) => mean(all.map((each) => each[kind][k])) ?? Number.NaN);
    return show([one, two], `${Math.round(100 * one)} / ${Math.round(100 * two)}`);
  });
  return `${data} (${range})`;
}

/** Bold where it is not what is asked. */
function judged([one, two]: Shares, percent: string): string {
  const honest = one >= 0.595 && one < 0.755 && two >= 0.895 && two < 0.985;
  return honest ? percent : `**${percent}**`;
}

function noiseText(noise: number): string {
  return noise === 0 ? "none" : noise.toExponential().replace("+", "");
}
