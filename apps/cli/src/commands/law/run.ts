import { extname } from "node:path";
import { fitPowerLaw, type LawGrid, lawOnGrid, type Model, type PowerLaw } from "@mclnn/models";
import { MclnnError } from "@mclnn/physics";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";
import { constantUnit, unitsOf } from "../../inputs/law-units.ts";
import { lawOfPair, readModel, withPairLaw } from "../../inputs/model.ts";
import type { FoundFormula, LawFormat, ShownLaw } from "../../laws-out/format.ts";
import { LAW_FORMATS } from "../../laws-out/formats.ts";
import { badOption } from "../../options/errors.ts";
import { given } from "../../options/given.ts";
import { required } from "../../options/required.ts";
import { refuseUnread } from "../../options/unread.ts";
import { claimFile, type OutputFile } from "../../outputs/output-file.ts";
import { PICTURES } from "../../pictures/picture.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { LawOptions } from "./declare.ts";
import {
  type FormulaSearch,
  formulaOf,
  formulasJson,
  formulaText,
  refuseSearchOptions,
  searchOf,
} from "./formula.ts";
import { joinTables } from "./law-table.ts";

/** Options that name files of a law. */
const FILES = ["out", "ase", "openmm"] as const;

/** The learned law as numbers, a picture, or a file of another program. */
export async function law(options: LawOptions, session: Session): Promise<ExitCode> {
  const { term } = options;
  if (term === undefined || term === "pair") return pairLaw(options, session);
  refuseUnread(
    {
      "--pair": options.pair,
      "--potential": options.potential,
      "--system": options.system,
      "--power-law": options.powerLaw,
      "--formula": options.formula,
      "--ase": options.ase,
      "--openmm": options.openmm,
      "--units": options.units,
    },
    `--term ${term}`,
    "They are for the pair law.",
  );
  const { termLaw } = await import("./term.ts");
  return termLaw(term, options, session);
}

async function pairLaw(options: LawOptions, { terminal }: Session): Promise<ExitCode> {
  const modelPath = required(options.model, "--model", "FILE, a model in safetensors");
  const { powerLaw = false } = options;
  if (!powerLaw && options.formula !== true && FILES.every((file) => options[file] === undefined))
    required(options.out, "--out", `FILE, ending in ${endingsOf("out").join(", ")}`);
  const targets = await targetsOf(options);
  // What holds the formula looks for it.
  const formula = options.formula === true || targets.some(({ format }) => format.formula === true);
  const read = new Set(targets.flatMap(({ format }) => format.reads));
  refuseUnread(
    {
      ...(targets.length === 0 && { "--force": options.force }),
      ...(!read.has("potential") && { "--potential": options.potential }),
      ...(!read.has("system") && { "--system": options.system }),
    },
    targets.length === 0
      ? "law without --out"
      : `a ${targets.map(({ ending }) => ending).join(" and a ")} file`,
    targets.length === 0
      ? "They are for --out."
      : `Only a picture, ${PICTURES.join(", ")}, shows another law beside the learned one.`,
  );
  const { units: told, ...rest } = options;
  if (!formula) refuseSearchOptions(read.has("units") ? rest : options);
  const one = targets.some(({ format }) => format.one === true);
  const model = withPairLaw(modelPath, await readModel(modelPath));
  const laws = lawsOf(modelPath, model, options, one);
  const search = formula ? await searchOf(options, { model, terminal }) : null;
  const tables = laws.map((each) => ({
    pair: each.species ?? ([0, 0] as const),
    table: gridOf(each, options),
  }));
  const power = powerLaw ? await powerLawsOf(laws) : null;
  const formulas = search === null ? [] : await formulasOf(laws, search, terminal);
  const { table, pairs } = joinTables(tables);
  const units = told ?? (laws[0] && unitsOf(laws[0].model.record));
  const written = {
    ...{ laws, table, formulas, pairs: laws.length > 1 ? pairs : undefined },
    options: { ...rest, ...given({ units }) },
  };
  const contents = [];
  for (const { format, ending } of targets) contents.push(await format.encode(written, ending));
  const nearest = table.r.reduce((a, b) => Math.min(a, b));
  const farthest = table.r.reduce((a, b) => Math.max(a, b));
  const range = `from r = ${formatNumber(nearest, 4)} to ${formatNumber(farthest, 4)}${tables.length === 1 ? "" : ` for ${tables.length} pairs of species`}`;
  for (const [k, { format, out }] of targets.entries()) {
    await out.write(contents[k] as string | Uint8Array);
    terminal.print(`V and V' of ${modelPath} ${range}: ${out.path}`);
    if (format.remark !== undefined) terminal.remark(`${out.path}: ${format.remark(written)}`);
  }
  for (const { text } of power ?? []) terminal.print(text);
  const unitOf = constantUnit(model.record, units);
  for (const { result, species } of formulas) {
    const text = formulaText(result, search as FormulaSearch, unitOf);
    terminal.print(species === undefined ? text : `Species ${species.join("-")}: ${text}`);
  }
  const pathOf = (option: string) =>
    targets.find(({ format }) => format.option === option)?.out.path;
  terminal.printJson({
    ...formulasJson(formulas, unitOf),
    law: pathOf("out") ?? null,
    ...given({ ase: pathOf("ase"), openmm: pathOf("openmm") }),
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

/** A law at equal intervals. @throws MclnnError `bad-option` */
function gridOf({ model }: ShownLaw, { from, to, points }: LawOptions): LawGrid {
  const { edges } = model.separations;
  const [first, last] = [from ?? edges[0], to ?? edges.at(-1)];
  if (first !== undefined && last !== undefined && !(first < last))
    throw badOption(
      from === undefined ? "--to" : "--from",
      "--from less than --to",
      `${first} to ${last}`,
      { what: "--from and --to leave no range" },
    );
  return lawOnGrid(model, given({ from, to, points }));
}

interface Target {
  readonly format: LawFormat;
  readonly ending: string;
  readonly out: OutputFile;
}

const endingsOf = (option: LawFormat["option"]): readonly string[] =>
  LAW_FORMATS.filter((each) => each.option === option).flatMap(({ endings }) => endings);

/** The files to be written. @throws MclnnError `unknown-format`, and as {@link claimFile} */
async function targetsOf(options: LawOptions): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const option of FILES) {
    const path = options[option];
    if (path === undefined) continue;
    const ending = extname(path).toLowerCase();
    const format = LAW_FORMATS.find(
      (each) => each.option === option && each.endings.includes(ending),
    );
    if (format === undefined)
      throw new MclnnError(`--${option} names an unknown format`, {
        code: "unknown-format",
        argument: `--${option}`,
        expected: `a path that ends in ${endingsOf(option).join(", ")}`,
        got: path,
      });
    const { force } = options;
    targets.push({ format, ending, out: await claimFile(path, { option: `--${option}`, force }) });
  }
  return targets;
}

/** The laws of a model that are asked for. @param one - whether only one can be shown */
function lawsOf(
  modelPath: string,
  model: Exclude<Model, { kind: "lnn" }>,
  { pair }: LawOptions,
  one: boolean,
): readonly ShownLaw[] {
  const { kind: modelKind, terms } = model;
  if (model.kind === "species")
    return one || pair !== undefined
      ? [{ model: lawOfPair(model, pair, modelPath), modelKind, terms }]
      : model.laws.map((law) => ({ ...law, modelKind, terms }));
  if (pair !== undefined)
    throw badOption("--pair", "no --pair", pair, {
      what: `${modelPath} has one law for all pairs`,
    });
  return [{ model, modelKind, terms }];
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

/** Looks for the formulas of laws. */
async function formulasOf(
  laws: readonly ShownLaw[],
  search: FormulaSearch,
  terminal: Terminal,
): Promise<readonly FoundFormula[]> {
  const found: FoundFormula[] = [];
  for (const { model, species } of laws) {
    const of = species === undefined ? "" : ` of species ${species.join("-")}`;
    const label = `looking for the formula${of}`;
    const result = await formulaOf(model, search, { terminal, label });
    found.push({ result, ...given({ species }) });
  }
  return found;
}

/** Root mean square distance from a power law, in standard deviations, that is worth a word. */
const DEPARTS = 2;
