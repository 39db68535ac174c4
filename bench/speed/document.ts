import { type DocumentBlock, documentMarkdown, formatCount, formatNumber } from "@mclnn/report";
import { type Goal, isMet, type TimeRow } from "./measurement.ts";
import type { MeasurementResult } from "./results.ts";

/** All results as one Markdown document: goals first, then every measurement. */
export function benchDocument(
  results: readonly MeasurementResult[],
  { install }: { readonly install: readonly (readonly [title: string, line: string])[] },
): string {
  return documentMarkdown(
    {
      title: "How fast it is",
      introduction: introduction(results),
      sections: [
        { title: "Goals", blocks: goalBlocks(results) },
        ...results.map((result) => ({ title: result.title, blocks: blocksOf(result) })),
        { title: "Circumstances", blocks: [circumstances(results), ...versions(results)] },
        {
          title: "Peers",
          blocks: [
            {
              kind: "text",
              text: "Each lives in a folder of its own under `bench/peers/`, with its versions pinned; none is needed for anything else.",
            },
            { kind: "facts", rows: byLine(install) },
          ],
        },
      ],
      footer: "",
    },
    () => "",
  ).trimEnd();
}

/** One row a line, with all that it installs. */
function byLine(install: readonly (readonly [title: string, line: string])[]): [string, string][] {
  const lines = [...new Set(install.map(([, line]) => line))];
  return lines.map((line) => [
    install.flatMap(([title, own]) => (own === line ? title : [])).join("; "),
    `\`${line}\``,
  ]);
}

function introduction(results: readonly MeasurementResult[]): string[] {
  const machines = [
    ...new Set(
      results.map(
        ({ machine }) =>
          `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memory / 2 ** 30)} GiB, Node ${machine.node}`,
      ),
    ),
  ];
  const remarks = [...new Set(results.flatMap(({ remark }) => remark ?? []))];
  return [
    `Made by \`pnpm bench --peers\` on ${machines.join("; ")}.`,
    ...(results.some(({ quick }) => quick)
      ? ["**Some of this was made with --quick: sizes are tiny and times mean nothing.**"]
      : []),
    ...remarks,
    "Times are of the work alone, on one thread, in processor time (helper threads of the runtimes included), which is what a clock on the wall would say on an idle machine; tables of whole processes and of several threads say otherwise. Contenders take turns, so that what slows the machine down slows all of them. Ratios are between the least times of one run. A peer's result is checked against ours before its time is taken, and the bound is beside it.",
  ];
}

function goalBlocks(results: readonly MeasurementResult[]): DocumentBlock[] {
  const rows = results.flatMap(({ goals }) => goals);
  if (rows.length === 0) return [{ kind: "text", text: "None in this part." }];
  const met = rows.filter((goal) => isMet(goal) === true).length;
  const unknown = rows.filter((goal) => isMet(goal) === null).length;
  return [
    {
      kind: "text",
      text: `${met} of ${rows.length} met${unknown > 0 ? `, ${unknown} not measured` : ""}.`,
    },
    {
      kind: "table",
      table: {
        caption: "Figures to reach",
        columns: [
          { title: "what" },
          { title: "measured", align: "right" },
          { title: "goal", align: "right" },
          { title: "met" },
          { title: "remarks" },
        ],
        rows: rows.map((goal) => [
          goal.what,
          goalNumber(goal, goal.measured),
          `${goal.sense === "most" ? "<=" : ">="} ${goalNumber(goal, goal.bound)}`,
          metText(isMet(goal)),
          goal.note ?? "",
        ]),
      },
    },
  ];
}

function metText(met: boolean | null): string {
  if (met === null) return "-";
  return met ? "yes" : "**no**";
}

function goalNumber({ unit }: Goal, value: number | null): string {
  if (value === null) return "-";
  switch (unit) {
    case "x":
      return `${bigOrSmall(value)} x`;
    case "s":
      return durationText(value);
    case "exponent":
      return formatNumber(value, 3);
    case "of 100":
      return `${value} of 100`;
    default:
      return `${bigOrSmall(value)} ${unit}`;
  }
}

const bigOrSmall = (value: number): string =>
  value >= 1000 ? formatCount(Number(value.toPrecision(3))) : formatNumber(value, 3);

function blocksOf({ notes, times, failed }: MeasurementResult): DocumentBlock[] {
  return [
    ...(failed === undefined ? [] : [{ kind: "failure" as const, text: failed }]),
    ...notes.map((text) => ({ kind: "text" as const, text })),
    ...(times.length === 0
      ? []
      : [
          {
            kind: "table" as const,
            table: {
              caption: "Times",
              columns: [
                { title: "work" },
                { title: "who" },
                { title: "minimum", align: "right" as const },
                { title: "median", align: "right" as const },
                { title: "runs", align: "right" as const },
                { title: "over ours", align: "right" as const },
                { title: "remarks" },
              ],
              rows: times.map(timeCells),
            },
          },
        ]),
  ];
}

function timeCells({ work, who, seconds, ratio, note }: TimeRow): string[] {
  return [
    work,
    who,
    durationText(seconds?.minimum ?? null),
    durationText(seconds?.median ?? null),
    seconds === null ? "-" : formatCount(seconds.runs),
    ratio === undefined ? "" : `${bigOrSmall(ratio)} x`,
    note ?? "",
  ];
}

function circumstances(results: readonly MeasurementResult[]): DocumentBlock {
  return {
    kind: "table",
    table: {
      caption:
        "When, how long, and how busy the machine was (load average of one minute, before and after; our own work counts)",
      columns: [
        { title: "measurement" },
        { title: "at" },
        { title: "took", align: "right" },
        { title: "load", align: "right" },
      ],
      rows: results.map(({ name, at, took, load }) => [
        name,
        at.slice(0, 16).replace("T", " "),
        durationText(took),
        load.map((x) => x.toFixed(1)).join(", "),
      ]),
    },
  };
}

function versions(results: readonly MeasurementResult[]): DocumentBlock[] {
  const all = Object.assign({}, ...results.map((result) => result.versions)) as Record<
    string,
    Readonly<Record<string, string>>
  >;
  const rows = Object.entries(all).map(
    ([peer, what]) =>
      [
        peer,
        Object.entries(what)
          .map(([name, version]) => `${name} ${version}`)
          .join(", "),
      ] as const,
  );
  return rows.length === 0 ? [] : [{ kind: "facts", rows }];
}

/** Seconds in the unit that suits them, to three digits: `45 us`, `8.41 ms`, `1.2 s`, `2 h 05 min`; a dash for null. */
export function durationText(seconds: number | null): string {
  if (seconds === null || Number.isNaN(seconds)) return "-";
  if (!Number.isFinite(seconds)) return "never";
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  if (seconds < 1e-3) return `${digits(seconds * 1e6)} us`;
  if (seconds < 1) return `${digits(seconds * 1e3)} ms`;
  if (seconds < 120) return `${digits(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${digits(seconds / 60)} min`;
  if (minutes < 100 * 60)
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${formatCount(Math.round(minutes / 60))} h`;
}
