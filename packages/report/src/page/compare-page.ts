import type { JsonValue } from "@mclnn/physics";
import type {
  CompareResults,
  StartState,
  StateValues,
  SystemResults,
  TrainingData,
} from "@mclnn/studies";
import { formatCount, formatNumber, formatSeconds } from "@mclnn/studies/text";
import { escapeText, slug } from "../drawing/escape.ts";
import type { Figure } from "../drawing/figure.ts";
import { list } from "../figures/conservation.ts";
import { finding } from "./findings.ts";
import { definitions, figureHtml, htmlPage, paragraph, scroll } from "./html.ts";
import { type ResultsTable, resultsTable, runTime } from "./table.ts";

/** What a page is made from. */
export interface PageContent {
  readonly results: CompareResults;
  /** By system key, in the order of display. */
  readonly figures: Readonly<Record<string, readonly Figure[]>>;
  /** Default: names the systems. */
  readonly title?: string;
}

/**
 * One self-contained HTML page of a comparison: what was done, the tables, each system's law, figures and starts, and how to make it again.
 *
 * No script, nothing loaded from anywhere; light and dark, narrow screens and print. Every text is escaped.
 */
export function comparePage({ results, figures, title }: PageContent): string {
  const systems = withIds(results.systems);
  const names = systems.map(({ name }) => name);
  const heading = title ?? `Laws learned from trajectories: ${list(names.map(lowerFirst))}`;
  return htmlPage({
    title: heading,
    header: [...statement(results).map(paragraph), contents(systems)],
    main: [
      summary(results),
      ...systems.map(({ id, key, name, system }) =>
        systemSection(id, name, system, figures[key] ?? []),
      ),
      again(results),
    ],
    footer: "Made by mclnn compare. Every number on this page is in results.json beside it.",
  });
}

interface PlacedSystem {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly system: SystemResults;
}

function withIds(systems: CompareResults["systems"]): PlacedSystem[] {
  const taken = new Set(["results", "again"]);
  return Object.entries(systems).map(([key, system], index) => {
    let id = slug(key);
    if (taken.has(id)) id = `${id}-${index + 1}`;
    while (taken.has(id)) id = `${id}-x`;
    taken.add(id);
    return { id, key, name: upperFirst(system.title ?? key), system };
  });
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

function contents(systems: readonly PlacedSystem[]): string {
  const links = [
    ["results", "Results"],
    ...systems.map(({ id, name }) => [id, name]),
    ["again", "Make it again"],
  ].map(([id, name]) => `<li><a href="#${id}">${escapeText(name as string)}</a></li>`);
  return `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`;
}

function summary(results: CompareResults): string {
  const table = resultsTable(results);
  const hasTilted = Object.values(results.systems).some(({ models }) =>
    Object.values(models).some(({ tilted }) => tilted !== undefined),
  );
  const meanings = table.columns
    .slice(2)
    .map(({ title, meaning }) => `<dt>${escapeText(title)}</dt><dd>${escapeText(meaning)}</dd>`);
  return [
    '<section id="results" aria-labelledby="results-title">',
    '<h2 id="results-title">Results</h2>',
    tableHtml(table),
    ...(hasTilted ? [tableHtml(resultsTable(results, { start: "tilted" }))] : []),
    `<dl class="meanings">${meanings.join("")}<dt>-</dt><dd>does not exist for this model or run</dd></dl>`,
    "</section>",
  ].join("\n");
}

const FIRST_ERROR = 5;
const LAST_ERROR = 8;

function tableHtml({ caption, columns, rows }: ResultsTable): string {
  const side = (c: number): string => (columns[c]?.align === "right" ? "right" : "");
  const head = columns.map(
    ({ title }, c) => `<th scope="col"${classOf([side(c)])}>${escapeText(title)}</th>`,
  );
  const body = rows.map(({ cells, first, model, diverged }) => {
    const row = cells.map((cell, c) => {
      if (c === 0) return first ? `<th scope="row">${escapeText(cell)}</th>` : "<td></td>";
      const error = c >= FIRST_ERROR && c <= LAST_ERROR ? "error" : "";
      return `<td${classOf([side(c), error])}>${escapeText(cell)}</td>`;
    });
    const kind = [
      first ? "first" : "",
      model === undefined ? "floor" : "",
      diverged ? "diverged" : "",
    ];
    return `<tr${classOf(kind)}>${row.join("")}</tr>`;
  });
  return `${scroll(caption)}<table><caption>${escapeText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

function classOf(names: readonly string[]): string {
  const given = names.filter((name) => name !== "");
  return given.length === 0 ? "" : ` class="${given.join(" ")}"`;
}

function systemSection(
  id: string,
  name: string,
  system: SystemResults,
  figures: readonly Figure[],
): string {
  return [
    `<section id="${id}" aria-labelledby="${id}-title">`,
    `<h2 id="${id}-title">${escapeText(name)}</h2>`,
    definitions(facts(system)),
    ...figures.map((figure, index) =>
      figureHtml(figure, `${id}-${slug(figure.name)}-${index + 1}`, finding(figure.name, system)),
    ),
    startsHtml(name, system),
    "</section>",
  ].join("\n");
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
      `${integrator ?? "integrated"}, time step ${dt}, a record every ${stride} steps${spans(system)}`,
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
    angularMomentum === undefined ? undefined : `Lang = (${components(angularMomentum)})`,
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

function startsHtml(name: string, { starts, masses }: SystemResults): string {
  const given = (["train", "test", "tilted"] as const).flatMap((key) => {
    const state = starts?.[key];
    return state === undefined ? [] : [startTable(`${STARTS[key]}, ${name}`, state, masses)];
  });
  return given.length === 0 ? "" : `<h3>Starts, in full</h3>\n${given.join("\n")}`;
}

function startTable(
  caption: string,
  { positions, velocities }: StartState,
  masses: readonly number[] | undefined,
): string {
  const dimension = positions[0]?.length ?? 3;
  const axes = ["x", "y", "z"].slice(0, dimension);
  const titles = ["particle", "mass", ...axes, ...axes.map((axis) => `v${axis}`)];
  const rows = positions.map((position, i) => {
    const numbers = [masses?.[i], ...position, ...(velocities[i] ?? [])];
    const cells = numbers.map(
      (value) => `<td class="right">${value === undefined ? "-" : value}</td>`,
    );
    return `<tr><th scope="row">${i + 1}</th>${cells.join("")}</tr>`;
  });
  const head = titles.map(
    (title, c) => `<th scope="col"${c === 0 ? "" : ' class="right"'}>${escapeText(title)}</th>`,
  );
  return `${scroll(caption)}<table><caption>${escapeText(caption)}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function again({ command, software, seconds, seed }: CompareResults): string {
  const rows: (readonly [string, string])[] = [
    ["Seed", String(seed)],
    ...(seconds === undefined || seconds === null
      ? []
      : [["Took", formatSeconds(seconds)] as const]),
    ...Object.entries(software).map(([key, value]) => [key, plain(value)] as const),
  ];
  return [
    '<section id="again" aria-labelledby="again-title">',
    '<h2 id="again-title">Make it again</h2>',
    command === undefined ? "" : `<pre><code>${escapeText(command)}</code></pre>`,
    definitions(rows),
    "</section>",
  ].join("\n");
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
