import { extname } from "node:path";
import {
  fitPowerLaw,
  lawOnGrid,
  type MclnnModel,
  type Model,
  type PowerLaw,
  type SplineModel,
} from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";
import { lawOfPair, readModel, withPairLaw } from "../../inputs/model.ts";
import { badOption } from "../../options/errors.ts";
import { required } from "../../options/required.ts";
import { refuseUnread } from "../../options/unread.ts";
import { claimFile, type OutputFile } from "../../outputs/output-file.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { plainJson } from "../../terminal/json.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { LawOptions } from "./declare.ts";
import { type FormulaSearch, formulaJson, formulaOf, formulaText, searchOf } from "./formula.ts";
import { joinTables, lawCsv } from "./law-table.ts";

const FORMATS = [".csv", ".json", ".npz", ".svg", ".png"];

/** The learned law as numbers or a picture. */
export async function law(options: LawOptions, { terminal }: Session): Promise<ExitCode> {
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const { out: asked, powerLaw = false } = options;
  const search = await searchOf(options, terminal);
  const target =
    asked === undefined && (powerLaw || search !== null)
      ? null
      : await targetOf(required(asked, "--out", `FILE, ending in ${FORMATS.join(", ")}`), options);
  if (target === null)
    refuseUnread(
      { "--potential": options.potential, "--system": options.system, "--force": options.force },
      "law without --out",
      "They are for --out.",
    );
  const laws = await lawsOf(modelPath, options, target !== null && isPicture(target.format));
  const { from, to, points } = options;
  const tables = laws.map(({ model: law, ...of }) => {
    const { edges } = law.separations;
    const [first, last] = [from ?? edges[0], to ?? edges.at(-1)];
    if (first !== undefined && last !== undefined && !(first < last))
      throw badOption(
        from === undefined ? "--to" : "--from",
        "--from less than --to",
        `${first} to ${last}`,
        { what: "--from and --to leave no range" },
      );
    const table = lawOnGrid(law, { from, to, points });
    return { pair: "species" in of ? of.species : ([0, 0] as const), table };
  });
  const power = powerLaw ? await powerLawsOf(laws) : null;
  const formulas = search === null ? [] : await formulasOf(laws, search, terminal);
  const joined = joinTables(tables);
  if (target !== null) await writeLaw(target, laws, joined, options);
  const { table } = joined;
  const nearest = table.r.reduce((a, b) => Math.min(a, b));
  const farthest = table.r.reduce((a, b) => Math.max(a, b));
  if (target !== null)
    terminal.print(
      `V and V' of ${modelPath} from r = ${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}${tables.length === 1 ? "" : ` for ${tables.length} pairs of species`}: ${target.out.path}`,
    );
  for (const { text } of power ?? []) terminal.print(text);
  for (const { text } of formulas) terminal.print(text);
  terminal.printJson({
    ...(formulas.length === 1
      ? formulas[0]?.json
      : formulas.length > 1 && { laws: formulas.map(({ json }) => json) }),
    law: target?.out.path ?? null,
    modelKind: laws[0]?.modelKind,
    points: table.r.length,
    from: nearest,
    to: farthest,
    ranges: laws.flatMap(({ model: law }) => law.separations.ranges),
    ...(power === null
      ? {}
      : { powerLaw: power.length === 1 ? power[0]?.law : power.map(({ law: fit }) => fit) }),
  });
  return DONE;
}

type Format = ".csv" | ".json" | ".npz" | ".svg" | ".png";

interface Target {
  readonly format: Format;
  readonly out: OutputFile;
}

async function targetOf(path: string, { force, potential, system }: LawOptions): Promise<Target> {
  const format = extname(path).toLowerCase();
  if (!FORMATS.includes(format))
    throw new MclnnError("--out names an unknown format", {
      code: "unknown-format",
      argument: "--out",
      expected: `a path that ends in ${FORMATS.join(", ")}`,
      got: path,
    });
  if (!isPicture(format as Format))
    refuseUnread(
      { "--potential": potential, "--system": system },
      `a ${format} file`,
      "Only a picture, .svg or .png, shows another law beside the learned one.",
    );
  return { format: format as Format, out: await claimFile(path, { force }) };
}

const isPicture = (format: Format): boolean => format === ".svg" || format === ".png";

interface ShownLaw {
  readonly model: MclnnModel | SplineModel;
  readonly modelKind: Model["kind"];
  readonly species?: readonly [number, number];
}

/** The laws of a model that are asked for. @param one - whether only one can be shown */
async function lawsOf(
  modelPath: string,
  { pair }: LawOptions,
  one: boolean,
): Promise<readonly ShownLaw[]> {
  const model = withPairLaw(modelPath, await readModel(modelPath));
  const { kind: modelKind } = model;
  if (model.kind === "species")
    return one || pair !== undefined
      ? [{ model: lawOfPair(model, pair, modelPath), modelKind }]
      : model.laws.map((law) => ({ ...law, modelKind }));
  if (pair !== undefined)
    throw badOption("--pair", "no --pair", pair, {
      what: `${modelPath} has one law for all pairs`,
    });
  return [{ model, modelKind }];
}

async function writeLaw(
  { format, out }: Target,
  laws: readonly ShownLaw[],
  { table, pairs: all }: ReturnType<typeof joinTables>,
  options: LawOptions,
): Promise<void> {
  const pairs = laws.length > 1 ? all : undefined;
  switch (format) {
    case ".csv": {
      return out.write(lawCsv(table, pairs));
    }
    case ".json": {
      const about = laws.map(({ model: law, species }) => ({
        ...(species === undefined ? {} : { pair: species.join("-") }),
        model: law.kind,
        parameters: law.parameterCount,
        coupling: law.coupling,
        ranges: law.separations.ranges,
      }));
      return out.write(
        `${JSON.stringify(
          plainJson({
            ...(pairs === undefined ? about[0] : { laws: about }),
            ...table,
            ...(pairs === undefined ? {} : { pair: pairs.map((pair) => pair.join("-")) }),
          }),
        )}\n`,
      );
    }
    case ".npz": {
      const { encodeNpz } = await import("@mclnn/datasets");
      return out.write(
        encodeNpz({
          ...table,
          ...(pairs === undefined
            ? {}
            : { pair: { shape: [pairs.length, 2], data: Int32Array.from(pairs.flat()) } }),
        }),
      );
    }
    default: {
      const { potentialFigure } = await import("@mclnn/report");
      const { lawOf } = await import("@mclnn/studies");
      const { renderFigure } = await import("../../pictures/picture.ts");
      const { resolveLaw } = await import("../../inputs/law.ts");
      const truth = await resolveLaw(options);
      // Without --from and --to a picture also shows a little of what lies beyond the data.
      const asked = options.from !== undefined || options.to !== undefined;
      const drawn = (laws[0] as ShownLaw).model;
      const figure = await potentialFigure(
        lawOf(drawn, { truth, ...(asked ? { grid: table.r } : {}) }),
      );
      return out.write(await renderFigure(figure, format));
    }
  }
}

/** The power laws nearest to laws, in words and numbers. */
async function powerLawsOf(
  laws: readonly ShownLaw[],
): Promise<readonly { readonly law: PowerLaw; readonly text: string }[]> {
  return laws.map(({ model, species }) => {
    const fit = fitPowerLaw(model);
    const { coefficient, exponent, misfit } = fit;
    const of = species === undefined ? "" : ` (species ${species.join("-")})`;
    const text =
      `V'(r)${of} = c r^p between r = ${formatNumber(fit.from, 4)} and ${formatNumber(fit.to, 4)}: ` +
      `p = ${formatMeasured(exponent, fit.exponentDeviation)}, c = ${formatMeasured(coefficient, fit.coefficientDeviation)}` +
      (misfit > DEPARTS
        ? `; the law departs from it by ${formatNumber(misfit)} standard deviations: it is no power law, or its error bars are too small`
        : "");
    return { law: fit, text };
  });
}

/** The formulas of laws, in words and as JSON. */
async function formulasOf(
  laws: readonly ShownLaw[],
  search: FormulaSearch,
  terminal: Terminal,
): Promise<readonly { readonly json: object; readonly text: string }[]> {
  const out: { json: object; text: string }[] = [];
  for (const { model, species } of laws) {
    const of = species === undefined ? "" : ` of species ${species.join("-")}`;
    const result = await formulaOf(model, search, {
      terminal,
      label: `looking for the formula${of}`,
    });
    const text = formulaText(result, search);
    out.push({
      json: { ...(species !== undefined && { pair: species.join("-") }), ...formulaJson(result) },
      text: species === undefined ? text : `Species ${species.join("-")}: ${text}`,
    });
  }
  return out;
}

/** Root mean square distance from a power law, in standard deviations, that is worth a word. */
const DEPARTS = 2;
