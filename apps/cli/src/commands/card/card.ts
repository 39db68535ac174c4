import type { LawTerm, MclnnModel, Model, SplineModel } from "@mclnn/models";
import type { JsonValue } from "@mclnn/physics";
import { formatCount, formatMeasured, formatNumber, formatTarget } from "@mclnn/studies/text";
import { unitNamesOf, unitOf, unitsOf } from "../../inputs/law-units.ts";

/** Separations at which a card tells the law. */
const ROWS = 7;

type PairModel = MclnnModel | SplineModel;

/** What a reader has to know of a model before using it, as Markdown. @param file - its name and hash */
export function modelCard(model: Model, file: { name: string; sha256: string }): string {
  return `${[
    `# Model card: ${file.name}`,
    whatItIs(model, file.sha256),
    section("Data", table(dataRows(model))),
    section("Method", table(methodRows(model))),
    ...lawsOf(model).map(({ title, law }) => section(title, rangeText(law, model))),
    section("Calibration", calibration(model)),
    ...(model.terms === undefined ? [] : [section("Beside the pairs", termsText(model.terms))]),
    section("Findings", findingsText(model)),
    section("Limits", limits(model)),
  ].join("\n\n")}\n`;
}

const section = (title: string, text: string): string => `## ${title}\n\n${text}`;

type Row = readonly [name: string, value: string | undefined];

const table = (rows: readonly Row[]): string =>
  [
    "|   |   |",
    "| - | - |",
    ...rows.flatMap(([name, value]) =>
      value === undefined ? [] : [`| ${name} | ${value.replaceAll("|", "\\|")} |`],
    ),
  ].join("\n");

const KINDS: Readonly<Record<Model["kind"], string>> = {
  mclnn: "A pair law V(r), a network from the separation of two particles to their energy (MCLNN)",
  spline: "A pair law, V'(r) as a cubic spline",
  species: "Pair laws, one for each pair of species, learned together",
  lnn: "One network of all positions (the baseline LNN), for the number of particles it was trained on only",
};

function whatItIs(model: Model, sha256: string): string {
  const coupling =
    "coupling" in model && model.coupling !== "none" ? `, times ${model.coupling}` : "";
  return (
    `${KINDS[model.kind]}${coupling}; ${formatCount(model.parameterCount)} numbers. Learned from trajectories by ` +
    `[mclnn](https://github.com/mclnn/mclnn). SHA-256 of the file: \`${sha256}\`.`
  );
}

/** A value of a record in words; undefined for what is not there. */
function said(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return formatNumber(value, 6);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What made the data, but for what has a line of its own. */
const NOT_TOLD = ["software", "noise", "units", "seed"];

function dataRows({ record }: Model): readonly Row[] {
  const { data, reading, trajectories, records, particles, startStates, noise } = record;
  const provenance =
    typeof data === "object" && data !== null && !Array.isArray(data)
      ? (data as Readonly<Record<string, JsonValue>>)
      : {};
  const file = (reading as { readonly file?: JsonValue } | undefined)?.file;
  return [
    ["file, from the model's own", said(file)],
    ["trajectories", said(trajectories)],
    ["records of each, or of a segment", said(records)],
    ["particles", said(particles)],
    ["units", unitsOf(record)],
    ["start states", said(startStates)],
    [
      "noise of positions, estimated",
      typeof noise === "number" ? formatNumber(noise) : "none: taken as exact",
    ],
    ...Object.entries(provenance)
      .filter(([name]) => !NOT_TOLD.includes(name))
      .map(([name, value]): Row => [`${name}, as the data say`, said(value)]),
  ];
}

function methodRows({ record }: Model): readonly Row[] {
  const { optimizer, iterations, integrator, dt, stride, seed, until, reachedTarget } = record;
  return [
    ["training", `${optimizer}, ${formatCount(iterations)} iterations, seed ${seed}`],
    ["rolled out by", said(integrator)],
    ["time step", `${said(dt)}, ${stride} a record`],
    [
      "target",
      typeof until === "number"
        ? `${formatTarget(until)}, ${reachedTarget ? "reached" : "not reached"}`
        : undefined,
    ],
  ];
}

function lawsOf(model: Model): readonly { title: string; law: PairModel }[] {
  if (model.kind === "lnn") return [];
  if (model.kind !== "species") return [{ title: "Range", law: model }];
  return model.laws.map(({ species, model: law }) => ({
    title: `Range, species ${species.join("-")}`,
    law,
  }));
}

/** Where the law is known, and the law there. */
function rangeText(law: PairModel, { record }: Model): string {
  const { edges, counts, ranges } = law.separations;
  const names = unitNamesOf(record, unitsOf(record));
  const measured = (power: Parameters<typeof unitOf>[1]): string => {
    const unit = names && unitOf(names, power);
    return unit === undefined ? "" : ` [${unit}]`;
  };
  const seen = ranges.map(([a, b]) => `${formatNumber(a, 4)} to ${formatNumber(b, 4)}`);
  const total = counts.reduce((a, b) => a + b, 0);
  // Separations with equal shares of the data between them.
  const at = Array.from({ length: ROWS }, (_, k) => {
    let left = ((k + 0.5) / ROWS) * total;
    const bin = counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    return ((edges[bin] as number) + (edges[bin + 1] as number)) / 2;
  });
  const rows = [...new Set(at)].map(
    (r) =>
      `| ${formatNumber(r, 4)} | ${formatMeasured(law.pair.slope(r), law.slopeDeviation?.(r))} |`,
  );
  const slope = `V'${measured({ length: -1, energy: 1 })}`;
  const bars = law.slopeDeviation === undefined ? "" : ", one standard deviation in brackets";
  return [
    `Separations seen${measured({ length: 1, energy: 0 })}: ${seen.join(" and ")}. Between these rows lie equal shares of the data${bars}.`,
    "",
    `| r | ${slope} |`,
    "| - | - |",
    ...rows,
  ].join("\n");
}

function calibration(model: Model): string {
  const { trainLoss, validationLoss, noise } = model.record;
  const bars =
    model.kind !== "lnn" && lawsOf(model).every(({ law }) => law.slopeDeviation !== undefined);
  return [
    table([
      ["training loss (mean square of positions)", formatNumber(trainLoss)],
      ["validation loss", validationLoss === null ? "not measured" : formatNumber(validationLoss)],
      ["noise squared", typeof noise === "number" ? formatNumber(noise * noise) : undefined],
    ]),
    "",
    bars
      ? "Error bars are posterior standard deviations of V' and V. How often the truth lies inside them was measured on laws that are known: docs/laws.md of mclnn."
      : "The model has no error bars.",
  ].join("\n");
}

function termsText(terms: readonly LawTerm[]): string {
  return terms
    .map(({ spec, coefficients, covariance }) => {
      const n = coefficients.length;
      const values = Array.from(coefficients, (c, k) => {
        const variance = covariance?.[k * n + k];
        return formatMeasured(c, variance === undefined ? null : Math.sqrt(variance));
      });
      return `- ${spec.name}: ${values.join(", ")}${covariance === null ? " (given)" : ""}`;
    })
    .join("\n");
}

function findingsText({ record: { findings } }: Model): string {
  if (!Array.isArray(findings) || findings.length === 0)
    return "None: what the law left of the data is noise, as far as was looked.";
  return `The data hold what the law does not: ${findings.join(", ")}. Training again says each with its number.`;
}

function limits(model: Model): string {
  const common = [
    "Learned from these data alone: other particles, other media and other conditions may obey another law.",
  ];
  if (model.kind === "lnn")
    return list([
      "Serves the number of particles and the region of positions that it was trained on.",
      "Conserves an energy of its own; linear and angular momentum are not conserved by construction.",
      ...common,
    ]);
  return list([
    "Outside the separations above, and in gaps between them, nothing is known; the law goes on there without data.",
    "V is known up to a constant, and up to another one on the far side of each gap.",
    "Forces between pairs are along the line between them and depend on the separation only: no bonds, angles, third bodies or constraints.",
    "Noise was taken to be Gaussian and independent from record to record; error bars hold where that is so.",
    ...common,
  ]);
}

const list = (items: readonly string[]): string => items.map((each) => `- ${each}`).join("\n");
