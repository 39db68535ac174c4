import { formatNumber, formatSeconds } from "@mclnn/report";
import { type AveragedResult, averaged, mean, median } from "./averages.ts";
import { succeeded } from "./bounds.ts";
import {
  type Cell,
  type CellResult,
  isLearned,
  type Learned,
  METHODS,
  type Method,
  type Outcome,
} from "./cell.ts";
import type { CoverageResult } from "./coverage.ts";
import type { MassResult } from "./masses.ts";
import { massesSection } from "./masses-section.ts";
import { lawSystemByName } from "./systems/catalogue.ts";
import { table } from "./table.ts";

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
  spline: "spline",
  mclnn: "MCLNN",
  kernel: "kernel LS",
};

/** All results as one Markdown document: a summary, noise-free laws, laws from noise, failures. */
export function lawsDocument(
  results: readonly CellResult[],
  making: Making,
  {
    coverage = [],
    masses = [],
  }: { coverage?: readonly CoverageResult[]; masses?: readonly MassResult[] } = {},
): string {
  const rows = averaged(results);
  return [
    "# Laws learned, and how well",
    "",
    ...introduction(making),
    ...(rows.length === 0 ? [] : summary(rows)),
    ...coverageSection(coverage),
    ...massesSection(masses),
    ...settings(rows).flatMap((setting) => section(setting, rows)),
    ...failures(results),
  ].join("\n");
}

function introduction({ command, machine, figure }: Making): string[] {
  return [
    `Made by \`${command}\` (${machine}; one thread a cell). Trajectories of 20 records come from random starts by an adaptive Dormand-Prince`,
    "integrator at a tolerance of 1e-13, which none of the methods uses; they are told neither integrator nor time step nor noise.",
    "",
    "* **spline**, **MCLNN**: `train()` with its defaults. **kernel LS**: V' as a sum of B-splines by least squares on finite-difference accelerations,",
    "  basis and penalty by generalised cross-validation: the statisticians' method (Lu, Zhong, Tang, Maggioni, PNAS 116 (2019) 14424).",
    "* **V' error**: mean (and largest) |V' learned - V' true| over the separations of the training data, by the mean |V' true| there; of several laws, the worst.",
    "* **noise** s: Gaussian, s times the mean separation on positions, s times the rms velocity on velocities. *unknown*: no velocities.",
    "* **coverage**: share of separations at which V' errs by less than one / two error bars, in % (68 / 95 is honest), of the data's separations and, in",
    "  brackets, evenly over their range. Errors at neighbouring separations go together, so that the numbers of a single law scatter widely.",
    "* **Bold** misses what is asked. Without noise: V' error 1e-5 (spline), 1e-4 (MCLNN), and loss 1e-12. With noise: mean |V' learned - V' true| at most",
    "  what a separation that is wrong by one standard deviation of the noise does to V' (that times the mean |V''|; 0.4 of it from noise 1e-2 on), twice that",
    "  with 10 trajectories, five times with 2. Kernel LS is not judged.",
    "* **time**: processor seconds of the training. Not every combination of system, noise, velocities and number of trajectories is here: `pnpm laws --full`",
    "  makes them all, in hours.",
    "",
    ...(figure === undefined ? [] : [`![V' errors of all systems](${figure})`, ""]),
  ];
}

function summary(rows: readonly AveragedResult[]): string[] {
  const body = [];
  for (const setting of settings(rows))
    for (const trajectories of countsOf(rows, setting)) {
      const group = rows.filter((row) => matches(row, { ...setting, trajectories }));
      const learned = (method: Method): Learned[] =>
        group.map(({ outcomes }) => outcomes[method]).filter(isLearned);
      const error = (method: Method): string =>
        formatNumber(median(learned(method).map(({ slope }) => slope.mean)));
      const success = (method: Method): string =>
        `${group.filter((row) => succeeded(row.cell, method, row.outcomes[method])).length} of ${group.length}`;
      const time = (method: Method): string => {
        const seconds = learned(method).map((outcome) => outcome.seconds);
        return `${formatSeconds(median(seconds))}, ${formatSeconds(seconds.length === 0 ? null : Math.max(...seconds))}`;
      };
      const covered = (method: Method): string => {
        const all = learned(method).flatMap(({ coverage }) => coverage ?? []);
        const over = (kind: "data" | "range"): Shares => [
          mean(all.map((coverage) => coverage[kind][0])),
          mean(all.map((coverage) => coverage[kind][1])),
        ];
        return setting.noise === 0 ? "-" : bothCoverages(over("data"), over("range"));
      };
      body.push([
        noiseText(setting.noise),
        setting.velocities,
        String(trajectories),
        ...METHODS.map(error),
        success("spline"),
        success("mclnn"),
        covered("spline"),
        covered("mclnn"),
        time("spline"),
        time("mclnn"),
      ]);
    }
  return [
    "## All systems together",
    "",
    "Medians over systems of the mean V' error; how many systems meet what is asked; mean coverage of one / two error bars at the data (over the range) in %; median and longest training.",
    "",
    ...table(
      [
        "noise",
        "velocities",
        "trajectories",
        ...METHODS.map((method) => TITLES[method]),
        "spline meets",
        "MCLNN meets",
        "spline coverage",
        "MCLNN coverage",
        "spline time",
        "MCLNN time",
      ],
      body,
      3,
    ),
  ];
}

type Setting = Pick<Cell, "noise" | "velocities">;

function settings(rows: readonly AveragedResult[]): Setting[] {
  const found: Setting[] = [];
  for (const { cell } of rows)
    if (!found.some((s) => s.noise === cell.noise && s.velocities === cell.velocities))
      found.push({ noise: cell.noise, velocities: cell.velocities });
  return found;
}

function countsOf(rows: readonly AveragedResult[], setting: Setting): number[] {
  return [
    ...new Set(rows.filter((row) => matches(row, setting)).map((row) => row.cell.trajectories)),
  ];
}

function matches(
  { cell }: AveragedResult,
  { noise, velocities, trajectories }: Setting & { trajectories?: number },
): boolean {
  return (
    cell.noise === noise &&
    cell.velocities === velocities &&
    (trajectories === undefined || cell.trajectories === trajectories)
  );
}

function section(setting: Setting, rows: readonly AveragedResult[]): string[] {
  const { noise, velocities } = setting;
  return [
    `## ${noise === 0 ? "Without noise" : `Noise ${noiseText(noise)}`}, velocities ${velocities}`,
    "",
    ...countsOf(rows, setting).flatMap((trajectories) => {
      const own = rows.filter((row) => matches(row, { ...setting, trajectories }));
      return noise === 0 ? fullTable(own) : noisyTable(own);
    }),
  ];
}

/** Losses, errors and ways of one setting. */
function fullTable(rows: readonly AveragedResult[]): string[] {
  const trajectories = rows[0]?.cell.trajectories ?? 0;
  return [
    `${trajectories} trajectories. Held out: position error over a run from a start that was not trained on, the largest of the run.`,
    "",
    ...table(
      [
        "system",
        "V(r)",
        "loss: spline",
        "MCLNN",
        "V' error, mean (max): spline",
        "MCLNN",
        "kernel LS",
        "held out: spline",
        "MCLNN",
        "time: spline",
        "MCLNN",
        "rolled out by",
      ],
      rows.map(({ cell, outcomes }) => {
        const { title, formula } = lawSystemByName(cell.system);
        const { spline, mclnn, kernel } = outcomes;
        return [
          title,
          `\`${formula}\``,
          lossText(spline),
          lossText(mclnn),
          errorText(cell, "spline", spline, { max: true }),
          errorText(cell, "mclnn", mclnn, { max: true }),
          errorText(cell, "kernel", kernel, { max: true }),
          heldOutText(spline),
          heldOutText(mclnn),
          formatSeconds(spline.seconds),
          formatSeconds(mclnn.seconds),
          isLearned(spline) ? spline.way : "-",
        ];
      }),
      2,
    ),
  ];
}

/** Errors, error bars, noise found, and times. */
function noisyTable(rows: readonly AveragedResult[]): string[] {
  const trajectories = rows[0]?.cell.trajectories ?? 0;
  const trained = ["spline", "mclnn"] as const;
  return [
    `${trajectories} trajectories. Mean V' error; coverage of one / two error bars at the data (over the range) in %; noise found by noise drawn (spline); time.`,
    "",
    ...table(
      [
        "system",
        ...METHODS.map((method, k) => (k === 0 ? "V' error: " : "") + TITLES[method]),
        "coverage: spline",
        "MCLNN",
        "noise ratio",
        "time: spline",
        "MCLNN",
      ],
      rows.map(({ cell, outcomes }) => [
        lawSystemByName(cell.system).title,
        ...METHODS.map((method) => errorText(cell, method, outcomes[method])),
        ...trained.map((method) => {
          const outcome = outcomes[method];
          return isLearned(outcome)
            ? bothCoverages(outcome.coverage?.data, outcome.coverage?.range)
            : "-";
        }),
        isLearned(outcomes.spline) ? formatNumber(outcomes.spline.noiseRatio, 3) : "-",
        ...trained.map((method) => formatSeconds(outcomes[method].seconds)),
      ]),
      1,
    ),
  ];
}

/** What error bars hold over many draws of noise. */
function coverageSection(results: readonly CoverageResult[]): string[] {
  const first = results[0]?.task;
  if (first === undefined) return [];
  const systems = [...new Set(results.map(({ task }) => task.system))];
  const failed = results.filter((result) => result.failed !== undefined);
  return [
    "## Coverage of the error bars",
    "",
    `Over many draws of noise ${noiseText(first.noise)} on ${first.trajectories} trajectories, velocities unknown: share of separations at which V' errs by less than one / two error`,
    "bars in %, of the data's separations and, in brackets, evenly over their range (68 / 95 is honest; asked: 60 to 75 / 90 to 98; **bold** misses it); noise",
    "found by noise drawn, its mean and its scatter. Made by `pnpm laws --coverage`.",
    "",
    ...table(
      ["system", "draws", "spline", "MCLNN", "noise ratio", "scatter"],
      systems.map((system) => {
        const own = results.filter(({ task }) => task.system === system);
        const ratios = own.flatMap(({ noiseRatio }) => noiseRatio ?? []);
        const middle = mean(ratios) ?? Number.NaN;
        const scatter = Math.sqrt(mean(ratios.map((x) => (x - middle) ** 2)) ?? Number.NaN);
        return [
          lawSystemByName(system).title,
          String(own.length),
          ...(["spline", "mclnn"] as const).map((method) => {
            const all = own.flatMap((result) => result[method] ?? []);
            const [data, range] = (["data", "range"] as const).map(
              (kind): Shares => [
                mean(all.map((coverage) => coverage[kind][0])),
                mean(all.map((coverage) => coverage[kind][1])),
              ],
            );
            return `${judgedText(data)} (${judgedText(range)})`;
          }),
          formatNumber(middle, 4),
          formatNumber(scatter, 2),
        ];
      }),
      1,
    ),
    ...failed.map(
      ({ task, failed: why }) =>
        `* ${task.system}, draw ${task.seed}: ${why?.replaceAll("\n", " ")}`,
    ),
    ...(failed.length === 0 ? [] : [""]),
  ];
}

/** Coverage, bold where it is not what is asked. */
function judgedText(shares: Shares | undefined): string {
  const [one = Number.NaN, two = Number.NaN] = shares ?? [];
  const honest = one >= 0.595 && one < 0.755 && two >= 0.895 && two < 0.985;
  const text = coverageText(shares);
  return honest ? text : `**${text}**`;
}

function failures(results: readonly CellResult[]): string[] {
  const lines = results.flatMap(({ cell, outcomes }) =>
    METHODS.flatMap((method) => {
      const outcome = outcomes[method];
      if (isLearned(outcome)) return [];
      const { system, noise, velocities, trajectories, seed } = cell;
      return `* ${system}, noise ${noiseText(noise)}, velocities ${velocities}, ${trajectories} trajectories, seed ${seed}: ${TITLES[method]} ended with \`${outcome.failed.code}\`: ${outcome.failed.message.replaceAll("\n", " ")}`;
    }),
  );
  return lines.length === 0 ? [] : ["## Failures", "", ...lines, ""];
}

function errorText(
  cell: Omit<Cell, "seed">,
  method: Method,
  outcome: Outcome,
  { max = false } = {},
): string {
  if (!isLearned(outcome)) return `**failed: ${outcome.failed.code}**`;
  const { slope } = outcome;
  const text = formatNumber(slope.mean) + (max ? ` (${formatNumber(slope.max)})` : "");
  return method === "kernel" || succeeded(cell, method, outcome) ? text : `**${text}**`;
}

function lossText(outcome: Outcome): string {
  return isLearned(outcome) ? formatNumber(outcome.loss) : "-";
}

function heldOutText(outcome: Outcome): string {
  if (!isLearned(outcome)) return "-";
  return outcome.heldOut === null ? "diverged" : formatNumber(outcome.heldOut);
}

type Shares = readonly [number | undefined, number | undefined];

function bothCoverages(data: Shares | undefined, range: Shares | undefined): string {
  const text = coverageText(data);
  return text === "-" ? text : `${text} (${coverageText(range)})`;
}

function coverageText(shares: Shares | undefined): string {
  const [one, two] = shares ?? [];
  if (one === undefined || two === undefined) return "-";
  return `${Math.round(100 * one)} / ${Math.round(100 * two)}`;
}

function noiseText(noise: number): string {
  return noise === 0 ? "none" : noise.toExponential().replace("+", "");
}
