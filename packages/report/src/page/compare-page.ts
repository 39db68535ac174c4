import type { JsonValue } from "@mclnn/physics";
import type {
  CompareResults,
  StartState,
  StateValues,
  SystemResults,
  TrainingData,
} from "@mclnn/studies";
import { formatCount, formatNumber, formatSeconds } from "@mclnn/studies/text";
import type { Figure } from "../drawing/figure.ts";
import type { Overview } from "../figures/overview.ts";
import { type DocumentBlock, type DocumentContent, documentHtml } from "./document.ts";
import { finding } from "./findings.ts";
import { overviewHtml } from "./overview-html.ts";
import { resultsTable, runTime } from "./table.ts";
import { FAILURES, summaryTable, verdict } from "./verdict.ts";

/** What a page is made from. */
export interface PageContent {
  readonly results: CompareResults;
  /** By system key, in the order of display. */
  readonly figures: Readonly<Record<string, readonly Figure[]>>;
  /** The first figure. */
  readonly overview?: Overview;
  /** Default: names the systems. */
  readonly title?: string;
}

/**
 * One self-contained HTML page of a comparison: a verdict, one figure and one small table; folded, all numbers, each system's law, figures and starts, and how
 * to make it again.
 *
 * No script, nothing loaded from anywhere; light and dark, narrow screens and print. Every text is escaped.
 */
export function comparePage({ results, figures, overview, title }: PageContent): string {
  const systems = Object.entries(results.systems).map(([key, system]) => ({
    key,
    name: upperFirst(system.title ?? key),
    system,
  }));
  const [only, ...others] = systems;
  const content: DocumentContent = {
    title:
      title ??
      `Laws learned from trajectories${only === undefined || others.length > 0 ? "" : `: ${lowerFirst(only.name)}`}`,
    introduction: [verdict(results)].filter((text) => text !== undefined),
    sections: [
      {
        id: "results",
        title: "Results",
        blocks: [
          { kind: "table", table: summaryTable(results) },
          { kind: "text", text: FAILURES },
        ],
      },
      {
        id: "done",
        title: "What was done",
        folded: true,
        blocks: statement(results).map((text) => ({ kind: "text" as const, text })),
      },
      { id: "numbers", title: "All numbers", folded: true, blocks: tables(results) },
      ...systems.map(({ key, name, system }) => ({
        id: key,
        title: name,
        folded: true,
        blocks: [
          { kind: "facts" as const, rows: facts(system) },
          ...(figures[key] ?? []).map((figure) => {
            const text = finding(figure.name, system);
            return { kind: "figure" as const, figure, ...(text === undefined ? {} : { text }) };
          }),
          ...startTables(name, system),
        ],
      })),
      { id: "again", title: "Make it again", folded: true, blocks: again(results) },
    ],
    footer: "Made by mclnn compare. Every number on this page is in results.json beside it.",
  };
  return documentHtml(
    content,
    overview === undefined ? {} : { before: overviewHtml(overview), style: overview.motion },
  );
}

function statement({ systems, seed }: CompareResults): string[] {
  const all = Object.values(systems);
  const pair = all.some(({ models }) => Object.hasOwn(models, "mclnn"));
  const spline = all.some(({ models }) => Object.hasOwn(models, "spline"));
  const lnn = all.some(({ models }) => Object.hasOwn(models, "lnn"));
  const data = all.map(({ trainingData }) => trainingData).find((each) => each !== undefined);
  const learned = [
    ...(pair ? ["MCLNN, a small network for the energy of one pair of particles"] : []),
    ...(spline ? ["a spline for the same, the best law the data allow"] : []),
    ...(lnn ? [`the baseline LNN, one network of all positions${points(data)}`] : []),
  ];
  return [
    `From trajectories of ${all.length === 1 ? "a system" : `each of ${all.length} systems`}${
      data === undefined ? "" : ` (${dataText(data)})`
    }, the law of motion was learned${learned.length === 0 ? "" : ` in ${learned.length === 1 ? "one way" : `${learned.length} ways`}: ${learned.join("; ")}`}.`,
    `Each learned law was then run from starts that no training had seen, and its errors against the true run are below. What comes from a pair law conserves momentum and angular momentum by its form. Seed ${seed}; reduced units throughout.`,
  ];
}

function points(data: TrainingData | undefined): string {
  const count = data?.accelerationPoints;
  return count === undefined ? "" : `, from ${formatCount(count)} accelerations`;
}

function dataText({ trajectories, records, noise }: TrainingData): string {
  const noisy = noise === undefined || noise === 0 ? "" : `, noise ${noise}`;
  return `${formatCount(trajectories)} trajectories of ${formatCount(records)} records${noisy}`;
}

function tables(results: CompareResults): DocumentBlock[] {
  const table = resultsTable(results);
  const hasTilted = Object.values(results.systems).some(({ models }) =>
    Object.values(models).some(({ tilted }) => tilted !== undefined),
  );
  const shown = hasTilted ? [table, resultsTable(results, { start: "tilted" })] : [table];
  return [
    ...shown.map(({ caption, columns, rows }) => ({
      kind: "table" as const,
      table: {
        caption,
        columns,
        rows: rows.map(({ cells, first }) => [
          first ? (cells[0] as string) : "",
          ...cells.slice(1),
        ]),
        tones: rows.map(({ model, diverged }) =>
          model === undefined ? "pale" : diverged ? "bad" : undefined,
        ),
      },
    })),
    {
      kind: "facts",
      small: true,
      rows: [
        ...table.columns.slice(2).map(({ title, meaning }) => [title, meaning] as const),
        ["-", "does not exist for this model or run"],
      ],
    },
  ];
}

function facts(system: SystemResults): (readonly [string, string])[] {
  const { formula, parameters, coupling, masses, dimension, dt, stride, integrator } = system;
  const { trainingData, truth } = system;
  const rows: (readonly [string, string])[] = [];
  if (formula !== undefined) {
    const constants = Object.entries(parameters ?? {}).map(([key, value]) => `${key} = ${value}`);
    const factor = coupling === undefined ? undefined : COUPLINGS[coupling];
    rows.push([
      "True law",
      `V(r) = ${formula}${constants.length === 0 ? "" : `, ${constants.join(", ")}`}${factor === undefined ? "" : `, times ${factor}`}`,
    ]);
  }
  if (masses !== undefined)
    rows.push([
      "Particles",
      `${masses.length}${dimension === undefined ? "" : ` in ${dimension} dimensions`}, ${new Set(masses).size === 1 ? `mass ${masses[0]} each` : `masses ${masses.join(", ")}`}`,
    ]);
  if (dt !== undefined && stride !== undefined)
    rows.push([
      "Runs",
      `${integrator ?? "integrated"}, time step ${Number(dt.toPrecision(12))}, a record every ${stride} steps${spans(system)}`,
    ]);
  if (trainingData !== undefined) {
    const { validationTrajectories, scheme } = trainingData;
    rows.push([
      "Training data",
      `${dataText(trainingData)}${scheme === undefined ? "" : ` (${scheme})`}${validationTrajectories === undefined ? "" : `, ${formatCount(validationTrajectories)} more to validate`}${points(trainingData).replace(", from", "; baseline:")}`,
    ]);
  }
  rows.push(...stateRow("At the training start", truth));
  if (truth.testStart !== undefined) rows.push(...stateRow("At the test start", truth.testStart));
  return rows;
}

/** A row with the observables of one state, where there are any. */
function stateRow(
  title: string,
  { hamiltonian, linearMomentum, angularMomentum }: StateValues,
): [string, string][] {
  const at = [
    hamiltonian === null ? undefined : `H = ${hamiltonian}`,
    linearMomentum === undefined ? undefined : `P = (${components(linearMomentum)})`,
    angularMomentum === undefined ? undefined : `L = (${components(angularMomentum)})`,
  ].filter((text) => text !== undefined);
  return at.length > 0 ? [[title, at.join("; ")]] : [];
}

function components(vector: readonly number[]): string {
  return vector.map((component) => formatNumber(component, 5)).join(", ");
}

const COUPLINGS: Readonly<Record<string, string>> = {
  "mass-product": "m_i m_j",
  "charge-product": "q_i q_j",
};

function spans(system: SystemResults): string {
  const time = runTime(system, "rollout");
  return time === undefined ? "" : `, ${time} time units from each start`;
}

const STARTS = { train: "Training start", test: "Test start", tilted: "Tilted start" } as const;

function startTables(name: string, { starts, masses }: SystemResults): DocumentBlock[] {
  const given = (["train", "test", "tilted"] as const).flatMap((key): DocumentBlock[] => {
    const state = starts?.[key];
    return state === undefined ? [] : [startTable(`${STARTS[key]}, ${name}`, state, masses)];
  });
  return given.length === 0 ? [] : [{ kind: "heading", text: "Starts, in full" }, ...given];
}

function startTable(
  caption: string,
  { positions, velocities }: StartState,
  masses: readonly number[] | undefined,
): DocumentBlock {
  const axes = ["x", "y", "z"].slice(0, positions[0]?.length ?? 3);
  const numbers = ["mass", ...axes, ...axes.map((axis) => `v${axis}`)];
  const rows = positions.map((position, i) => [
    String(i + 1),
    ...[masses?.[i], ...position, ...(velocities[i] ?? [])].map((value) => String(value ?? "-")),
  ]);
  const columns = [
    { title: "particle" },
    ...numbers.map((title) => ({ title, align: "right" as const })),
  ];
  return { kind: "table", table: { caption, columns, rows } };
}

function again({ command, software, seconds, seed }: CompareResults): DocumentBlock[] {
  const rows: (readonly [string, string])[] = [
    ["Seed", String(seed)],
    ...(seconds === undefined || seconds === null
      ? []
      : [["Took", formatSeconds(seconds)] as const]),
    ...Object.entries(software).map(([key, value]) => [key, plain(value)] as const),
  ];
  return [
    ...(command === undefined ? [] : [{ kind: "code", text: command } as const]),
    { kind: "facts", rows },
  ];
}

function plain(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return value.map(plain).join(", ");
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${plain(inner as JsonValue)}`)
    .join(", ");
}

function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
