import { type DocumentBlock, documentMarkdown, formatCount, formatNumber } from "@mclnn/report";
import { tableBlock } from "../table.ts";
import { type Goal, isMet } from "./measurement.ts";
import type { MeasurementResult } from "./results.ts";

interface Installed {
  readonly title: string;
  readonly install: string;
}

const text = (words: string): DocumentBlock => ({ kind: "text", text: words });

/** All results as one Markdown document: goals first, then every measurement. */
export function benchDocument(
  results: readonly MeasurementResult[],
  peers: readonly Installed[],
): string {
  const peerText =
    "Each lives in a folder of its own under `bench/peers/`, with its versions pinned; none is needed for anything else.";
  return documentMarkdown(
    {
      title: "How fast it is",
      introduction: introduction(results),
      sections: [
        { title: "Goals", blocks: goalBlocks(results) },
        ...results.map((result) => ({ title: result.title, blocks: blocksOf(result) })),
        { title: "Circumstances", blocks: [circumstances(results), ...versions(results)] },
        { title: "Peers", blocks: [text(peerText), { kind: "facts", rows: installRows(peers) }] },
      ],
      footer: "",
    },
    () => "",
  )
    .trimEnd()
    .concat("\n");
}

/** One row a line that installs, with all that it installs. */
function installRows(peers: readonly Installed[]): [string, string][] {
  return [...new Set(peers.map(({ install }) => install))].map((line) => [
    peers.flatMap(({ title, install }) => (install === line ? title : [])).join("; "),
    `\`${line}\``,
  ]);
}

function introduction(results: readonly MeasurementResult[]): string[] {
  const machines = results.map(
    ({ machine: { processor, cores, memory, node } }) =>
      `${processor}, ${cores} cores, ${Math.round(memory / 2 ** 30)} GiB, Node ${node}`,
  );
  const quick = "**Some of this was made with --quick: sizes are tiny and times mean nothing.**";
  return [
    `Made by \`pnpm bench --peers\` on ${[...new Set(machines)].join("; ")}.`,
    ...(results.some((result) => result.quick) ? [quick] : []),
    ...new Set(results.flatMap(({ remark }) => remark ?? [])),
    "Times are of the work alone, on one thread, in processor time (helper threads of the runtimes included), which is what a clock on the wall would say on an idle machine; tables of whole processes and of several threads say otherwise. Contenders take turns, so that what slows the machine down slows all of them. Ratios are between the least times of one run. A peer's result is checked against ours before its time is taken, and the bound is beside it.",
  ];
}

function goalBlocks(results: readonly MeasurementResult[]): DocumentBlock[] {
  const goals = results.flatMap((result) => result.goals);
  if (goals.length === 0) return [text("None in this part.")];
  const count = (met: boolean | null) => goals.filter((goal) => isMet(goal) === met).length;
  const unknown = count(null) > 0 ? `, ${count(null)} not measured` : "";
  return [
    text(`${count(true)} of ${goals.length} met${unknown}.`),
    tableBlock("Figures to reach", goals, {
      what: ({ what }) => what,
      "measured>": (goal) => goalNumber(goal, goal.measured),
      "goal>": (goal) => `${goal.sense === "most" ? "<=" : ">="} ${goalNumber(goal, goal.bound)}`,
      met: (goal) => ({ true: "yes", false: "**no**", null: "-" })[`${isMet(goal)}`],
      remarks: ({ note }) => note ?? "",
    }),
  ];
}

function goalNumber({ unit }: Goal, value: number | null): string {
  if (value === null) return "-";
  if (unit === "s") return durationText(value);
  if (unit === "exponent") return formatNumber(value, 3);
  return `${unit === "of 100" ? value : bigOrSmall(value)} ${unit}`;
}

const bigOrSmall = (value: number): string =>
  value >= 1000 ? formatCount(Number(value.toPrecision(3))) : formatNumber(value, 3);

function blocksOf({ notes, times, failed }: MeasurementResult): DocumentBlock[] {
  const table = tableBlock("Times", times, {
    work: ({ work }) => work,
    who: ({ who }) => who,
    "minimum>": ({ seconds }) => durationText(seconds?.minimum ?? null),
    "median>": ({ seconds }) => durationText(seconds?.median ?? null),
    "runs>": ({ seconds }) => (seconds === null ? "-" : formatCount(seconds.runs)),
    "over ours>": ({ ratio }) => (ratio === undefined ? "" : `${bigOrSmall(ratio)} x`),
    remarks: ({ note }) => note ?? "",
  });
  return [
    ...(failed === undefined ? [] : [{ kind: "failure", text: failed } as const]),
    ...notes.map(text),
    ...(times.length === 0 ? [] : [table]),
  ];
}

function circumstances(results: readonly MeasurementResult[]): DocumentBlock {
  const caption =
    "When, how long, and how busy the machine was (load average of one minute, before and after; our own work counts)";
  return tableBlock(caption, results, {
    measurement: ({ name }) => name,
    at: ({ at }) => at.slice(0, 16).replace("T", " "),
    "took>": ({ took }) => durationText(took),
    "load>": ({ load }) => load.map((x) => x.toFixed(1)).join(", "),
  });
}

function versions(results: readonly MeasurementResult[]): DocumentBlock[] {
  const all: MeasurementResult["versions"] = Object.assign({}, ...results.map((r) => r.versions));
  const rows = Object.entries(all).map(([peer, what]): [string, string] => {
    const named = Object.entries(what).map(([name, version]) => `${name} ${version}`);
    return [peer, named.join(", ")];
  });
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
