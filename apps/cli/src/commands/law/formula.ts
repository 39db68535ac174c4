import type { TrajectorySet } from "@mclnn/datasets";
import type { Block, FormulaConstant, FormulaResult, LawFormula } from "@mclnn/learning";
import type { MclnnModel, Model, SplineModel } from "@mclnn/models";
import { isMclnnError } from "@mclnn/physics";
import { portableExp } from "@mclnn/physics/portable";
import { formatMeasured, formatNumber } from "@mclnn/studies/text";
import { givenInputs, type InputOptions, inputsAmong } from "../../inputs/input-options.ts";
import { badModule, defaultExport, modulePath } from "../../inputs/own-module.ts";
import { recordsOf } from "../../inputs/training-records.ts";
import { readTrajectories } from "../../inputs/trajectories.ts";
import type { FoundFormula } from "../../laws-out/format.ts";
import { refuseUnread } from "../../options/unread.ts";
import { listenForInterrupt } from "../../terminal/interruption.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import type { LawOptions } from "./declare.ts";

/** Constants of a formula at most, unless told. */
const MOST = 6;

/** How a formula is looked for. */
export interface FormulaSearch {
  readonly data: TrajectorySet | undefined;
  /** Whether the records are those that the person named: what is wrong with others is said and no end. */
  readonly told: boolean;
  readonly blocks: readonly Block[];
  readonly maxConstants: number;
}

/** How a formula is to be looked for. @throws what files are refused with */
export async function searchOf(
  options: LawOptions,
  { model, terminal }: { model: Model; terminal: Terminal },
): Promise<FormulaSearch> {
  const { data, blocks, maxConstants } = options;
  return {
    data: await recordsFor(model, options, terminal),
    told: data !== undefined,
    blocks: blocks === undefined ? [] : await readBlocks(blocks),
    maxConstants: maxConstants ?? MOST,
  };
}

/** Options that only a search reads. @throws MclnnError `conflicting-options` */
export function refuseSearchOptions(options: LawOptions): void {
  const { data, blocks, maxConstants } = options;
  refuseUnread(
    {
      ...{ "--data": data, "--blocks": blocks, "--max-constants": maxConstants },
      ...inputsAmong(options),
    },
    "law without --formula",
    "They are for the search for a formula.",
  );
}

/** The records to fit constants to: those of --data, or those that the model says it was learned from. */
async function recordsFor(
  model: Model,
  options: LawOptions,
  terminal: Terminal,
): Promise<TrajectorySet | undefined> {
  const { data } = options;
  if (data === "none") return undefined;
  const read = async (path: string, inputs: InputOptions): Promise<TrajectorySet> =>
    (
      await readTrajectories(path, "--data", {
        ...{ options: inputs, terminal, for: "motion", own: ["units"] },
      })
    ).set;
  if (data !== undefined) return read(data, options);
  // Several laws at once are not fitted to records yet.
  const kept =
    model.kind === "species" ? undefined : await recordsOf(options.model as string, model.record);
  if (kept === undefined) {
    terminal.remark(FROM_LAW);
    return undefined;
  }
  try {
    const set = await read(kept.path, { ...kept.options, ...givenInputs(options) });
    terminal.remark(
      `Constants are fitted to ${kept.path}, the records of the training (--data FILE: others, --data none: to the law alone).`,
    );
    return set;
  } catch (error) {
    return withoutRecords(error, terminal);
  }
}

const FROM_LAW = "Constants are from the law alone; --data FILE fits them to its records.";

/** Goes on from the law alone where records that nobody named cannot be used, and says why. @throws what is another error */
function withoutRecords(error: unknown, terminal: Terminal): undefined {
  if (!isMclnnError(error) || error.kind !== "input") throw error;
  terminal.warn(`${error.message} ${FROM_LAW}`);
}

/** Blocks of the user's own. @throws MclnnError `file-not-found`, `bad-module` */
async function readBlocks(given: string): Promise<readonly Block[]> {
  const wrong = badModule(given, "--blocks");
  const found = await defaultExport(modulePath(given, "--blocks"), wrong, {
    expected: "export default { name, constants, energies, slopes }, or a list of these",
    mend: "See the blocks of @mclnn/learning for examples.",
  });
  return (Array.isArray(found) ? found : [found]) as readonly Block[];
}

/** Looks for the formula of a law, and says how far it is. @param label - of the progress */
export async function formulaOf(
  model: MclnnModel | SplineModel,
  search: FormulaSearch,
  { terminal, label }: { terminal: Terminal; label: string },
): Promise<FormulaResult> {
  const { findFormula } = await import("@mclnn/learning");
  const { data, told, ...options } = search;
  const interruption = listenForInterrupt(() => terminal.warn("Stopping."));
  const task = terminal.progress.start(label);
  try {
    const common = {
      ...options,
      signal: interruption.signal,
      onProgress: (fraction: number) => task.update({ fraction }),
    };
    const result = await (data === undefined
      ? findFormula(model, common)
      : findFormula(model, { ...common, data }).catch((error: unknown) => {
          if (told || !isMclnnError(error) || error.argument !== "data") throw error;
          withoutRecords(error, terminal);
          return findFormula(model, common);
        }));
    task.finish(result.verdict);
    return result;
  } catch (error) {
    task.fail("no formula");
    throw error;
  } finally {
    interruption.stop();
  }
}

/** What was found, in words. */
export function formulaText(
  result: FormulaResult,
  { maxConstants }: FormulaSearch,
  unit: (constant: FormulaConstant) => string,
): string {
  const { verdict, formulas, alsoFit, nearest, from, to, apart } = result;
  const range = `for r from ${formatNumber(from, 3)} to ${formatNumber(to, 3)}`;
  if (formulas.length === 0) {
    const near = nearest === null ? "" : `${missedBy(nearest)}\n${lines(nearest, unit)}`;
    return verdict === "none"
      ? `No formula of up to ${maxConstants} constants explains this law ${range}.${near}`
      : `Not judged: the fit of this law left more than noise (see the findings of its training).${near}`;
  }
  if (verdict === "identified")
    return [
      `The simplest formula that explains this law, ${range}:`,
      lines(formulas[0] as LawFormula, unit),
      alsoFit === 0
        ? "No formula as short fits as well, nor one with one constant more."
        : `No formula as short fits as well; ${alsoFit} with one constant more ${alsoFit === 1 ? "does" : "do"}.`,
    ].join("\n");
  const odds = formulas.map(({ behind }) => formatNumber(portableExp(Math.max(0, behind)), 2));
  return [
    `The data do not tell ${formulas.length} formulas apart ${range} (odds ${odds.join(" : ")}):`,
    ...formulas.map((each) => lines(each, unit)),
    ...(apart === null
      ? []
      : [
          `The first two differ most at r = ${formatNumber(apart.at, 3)}, by ${formatNumber(apart.deviations)} error bars: ` +
            `${formatNumber(apart.records)} times the records, or noise ${formatNumber(Math.sqrt(apart.records))} times smaller, would tell them apart.`,
        ]),
  ].join("\n");
}

function missedBy({ missed }: NonNullable<FormulaResult["nearest"]>): string {
  return missed === null
    ? " The nearest:"
    : ` The nearest misses it by up to ${formatNumber(missed.deviations)} error bars, most at r = ${formatNumber(missed.at, 3)}:`;
}

function lines(
  { name, form, constants, chiSquared, degreesOfFreedom, p }: LawFormula,
  unit: (constant: FormulaConstant) => string,
): string {
  const values = constants.map((each) =>
    `${each.name} = ${formatMeasured(each.value, each.sd)} ${unit(each)}`.trimEnd(),
  );
  return [
    `  ${name === "sum" ? "" : `${name}: `}V(r) = ${form}`,
    `  ${values.join(", ")}   chi2 ${formatNumber(chiSquared, 3)} for ${degreesOfFreedom} (p = ${formatNumber(p)})`,
  ].join("\n");
}

/** The same as JSON: of one law, or of several. */
export function formulasJson(
  found: readonly FoundFormula[],
  unit: (constant: FormulaConstant) => string,
): object {
  const plain = ({ constants, latex: _, pair: __, form: ___, ...rest }: LawFormula) => ({
    ...rest,
    constants: constants.map(({ name, value, sd, ...constant }) => {
      const measured = unit({ name, value, sd, ...constant });
      return { name, value, sd, ...(measured !== "" && { unit: measured }) };
    }),
  });
  const laws = found.map(({ result, species }) => {
    const { formulas, nearest, ...rest } = result;
    return {
      ...(species !== undefined && { pair: species.join("-") }),
      ...rest,
      formulas: formulas.map(plain),
      nearest: nearest === null ? null : { ...plain(nearest), missed: nearest.missed },
    };
  });
  return laws.length === 1 ? (laws[0] as object) : laws.length > 1 ? { laws } : {};
}
