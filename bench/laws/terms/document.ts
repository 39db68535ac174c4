import { formatNumber } from "@mclnn/report";
import { groupBy, median } from "../../numbers.ts";
import type { MixtureOutcome, MixtureTask } from "./learn-mixture.ts";
import { mixtureByName, PAIR } from "./mixtures.ts";

const watched = ({ trajectories, records, noise, velocities }: MixtureTask): string =>
  `${trajectories} x ${records} | ${formatNumber(noise)} | ${velocities}`;

const rms = (values: readonly number[]): string =>
  values.length === 0
    ? ""
    : formatNumber(Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length));

const percent = (share: number): number => Math.round(100 * share);

/** What came of all draws as Markdown. */
export function mixturesDocument(outcomes: readonly MixtureOutcome[], command: string): string {
  const rows = groupBy(outcomes, ({ task }) => `${task.mixture} | ${watched(task)}`);
  const pure = outcomes.filter(({ task }) => mixtureByName(task.mixture).terms.length === 0);
  const mixed = outcomes.filter((each) => !pure.includes(each));
  const count = (all: readonly MixtureOutcome[]): string =>
    `${all.filter(({ right }) => right).length} of ${all.length}`;
  const seconds = outcomes.map((each) => each.seconds).sort((a, b) => a - b);
  return `${[
    "# Terms that evidence chooses",
    "",
    `Made by \`${command}\`. Beside the pair law V(r) = \`${PAIR}\` act the terms that the first column names; \`train\` gets the records, and every term on`,
    "offer. Starts and noise are drawn anew each time; records are made by Dormand-Prince at 1e-12, which no fit uses, 0.1 apart, noise on positions and on",
    "velocities where these are given. The mixtures are in bench/laws/terms/mixtures.ts. *right*: the terms found are those that act, no more and no fewer.",
    "*constants*: root mean square error, and of errors over their standard deviations (z). *curves*: mean error over the mean of the curve where the middle",
    "98 % of the data are, and the share of it within one and two standard deviations: V' of the pair law first.",
    "",
    "| | |",
    "| - | - |",
    `| pairs alone, no false term | ${count(pure)} |`,
    `| the right set of terms | ${count(mixed)} |`,
    `| CPU seconds of one core, median and most | ${formatNumber(median(seconds) ?? 0)}, ${formatNumber(seconds.at(-1) ?? 0)} |`,
    "",
    "| beside pairs | records | noise | velocities | right | constants, error | z | curves, error | within | seconds | else |",
    "| - | - | - | - | - | - | - | - | - | - | - |",
    ...rows.map(rowOf),
  ].join("\n")}\n`;
}

function rowOf(rows: readonly MixtureOutcome[]): string {
  const [{ task }] = rows;
  const constants = rows.flatMap((each) => each.constants);
  const known = constants.filter(({ sd }) => sd !== null && sd > 0);
  const curves = groupBy(
    rows.flatMap((each) => each.curves),
    ({ name }) => name,
  );
  const shares = curves.flatMap((all) => {
    const within = all.flatMap(({ within: share }) => (share === null ? [] : [share]));
    const mean = (k: 0 | 1): number =>
      percent(within.reduce((sum, share) => sum + share[k], 0) / within.length);
    return within.length === 0 ? [] : [`${mean(0)} / ${mean(1)} %`];
  });
  const wrong = rows
    .filter(({ right }) => !right)
    .map(({ found, failed, findings }) =>
      [failed ?? (found.join(", ") || "nothing"), ...findings].join("; "),
    );
  return `| ${[
    task.mixture,
    watched(task),
    `${rows.filter(({ right }) => right).length} of ${rows.length}`,
    rms(constants.map(({ error }) => error)),
    rms(known.map(({ error, sd }) => error / (sd as number))),
    curves.map((all) => formatNumber(median(all.map(({ error }) => error)) ?? 0)).join(", "),
    shares.join(", "),
    formatNumber(median(rows.map(({ seconds }) => seconds)) ?? 0),
    [...new Set(wrong)].join("; "),
  ].join(" | ")} |`;
}
