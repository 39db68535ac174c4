import { existsSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { MclnnError, type PairPotential } from "@mclnn/physics";
import { builtInPotential, builtInPotentials, parseFormula } from "@mclnn/physics/potentials";
import { badOption } from "../options/errors.ts";
import { suggestion } from "../options/suggestion.ts";
import { LAMMPS_TABLE_ENDING, type LammpsTable, readLammpsTable } from "./lammps-table.ts";
import { isBySpecies, type LawsBySpecies, splitBySpecies } from "./laws-by-species.ts";
import { MODULE_ENDINGS } from "./own-module.ts";
import { loadModule, splitParameters } from "./potential-module.ts";
import { loadPackage, PACKAGE_NAME } from "./potential-package.ts";
import { readTable, TABLE_ENDINGS } from "./potential-table.ts";

/** One law named on the command line. */
export interface NamedLaw {
  readonly pair: PairPotential;
  readonly kind: "module" | "package" | "table" | "built-in" | "formula";
  /** What the user has to know of it. */
  readonly remark?: string;
  /** As given; a file's path in full, so that another thread finds it. */
  readonly spec: string;
}

/** Laws by species named on the command line. */
export interface NamedLaws {
  readonly pair: LawsBySpecies;
  readonly kind: "species";
  readonly remark?: string;
  /** As {@link NamedLaw.spec}, part by part. */
  readonly spec: string;
}

/** What `--potential` names. */
export type NamedPotential = NamedLaw | NamedLaws;

/**
 * The potential that `--potential P` names.
 *
 * A path that exists is a module or a table; a text with bars, or species before a colon, such as `0-0: 1/r | 0-1: r^2`, has a law for each
 * pair of species; what ends like a module or a table is one; `mclnn-potential-...` is an npm package; a built-in's name, with or without
 * parameters, is the built-in; anything else is a formula in r.
 *
 * @throws MclnnError of kind `input` for whatever cannot be used
 */
export async function resolvePotential(
  spec: string,
  option = "--potential",
): Promise<NamedPotential> {
  if (!isBySpecies(spec) || isFile(spec)) return resolveLaws(spec, option);
  const parts = splitBySpecies(spec, option);
  const named: NamedLaw[] = [];
  // One after the other: modules are loaded one at a time.
  for (const { potential } of parts) named.push(oneLaw(await resolveLaws(potential, option)));
  const remarks = new Set(named.flatMap(({ remark }) => remark ?? []));
  const text = (potentials: readonly string[]): string =>
    parts.map(({ species }, k) => `${species.join("-")}: ${potentials[k]}`).join(" | ");
  return {
    pair: {
      name: text(parts.map(({ potential }) => potential)),
      laws: parts.map(({ species }, k) => ({ species, pair: (named[k] as NamedLaw).pair })),
    },
    kind: "species",
    ...(remarks.size > 0 && { remark: [...remarks].join(" ") }),
    spec: text(named.map((law) => law.spec)),
  };
}

/** Whether using a potential runs code of the user's own: a module, a package, or laws by species with one among them. */
export function isOwnCode(spec: string): boolean {
  if (!isFile(spec) && isBySpecies(spec))
    return spec.split("|").some((part) => isOwnCode(part.slice(part.indexOf(":") + 1).trim()));
  const { name } = splitParameters(spec);
  return PACKAGE_NAME.test(name) || MODULE_ENDINGS.includes(extname(name));
}

/** Refuses laws by species, for commands that can do with one law only. @throws MclnnError `bad-option` */
export function oneLaw(named: NamedPotential): NamedLaw {
  if (named.kind !== "species") return named;
  throw badOption("--potential", "one potential", `laws by species, ${named.pair.name}`, {
    what: "this command takes one law for all pairs",
    mend: "generate, simulate and evaluate take laws by species.",
  });
}

/** One law; or those of a file with several, by species. */
async function resolveLaws(spec: string, option: string): Promise<NamedPotential> {
  if (spec.trim() === "")
    throw badOption(
      option,
      "a path to a module or a table, a formula in r, or the name of a potential",
      "nothing",
      { what: `${option} is empty` },
    );
  const { name, parameters } = splitParameters(spec);
  const ending = extname(name).toLowerCase();
  if (ending === LAMMPS_TABLE_ENDING) return namedTable(await readLammpsTable(spec, option), spec);
  if (TABLE_ENDINGS.includes(ending))
    return { pair: await readTable(spec, option), kind: "table", spec: resolve(spec) };
  if (isFile(spec) || MODULE_ENDINGS.includes(ending))
    return {
      pair: await loadModule(name, parameters, option),
      kind: "module",
      spec: resolve(name) + spec.slice(name.length),
    };
  if (PACKAGE_NAME.test(name))
    return { pair: await loadPackage(name, parameters, option), kind: "package", spec };
  const word = (spec.split(":")[0] as string).trim();
  if (builtInPotentials.some((each) => each.name === word))
    return { pair: builtInPotential(spec.trim()), kind: "built-in", spec };
  try {
    return { pair: parseFormula(spec), kind: "formula", spec };
  } catch (error) {
    // `lenard-jones:epsilon=1` is no formula, but hardly meant to be one.
    if (/^[a-z][a-z0-9]*([-_ ][a-z0-9]+)*$/i.test(word))
      throw unknownName(spec, word, option, error);
    throw error;
  }
}

function namedTable({ laws, remark }: LammpsTable, path: string): NamedPotential {
  const [first] = laws as readonly [LammpsTable["laws"][number]];
  const about = { remark, spec: resolve(path) };
  return first.species === undefined
    ? { pair: first.pair, kind: "table", ...about }
    : { pair: { name: path, laws: laws as LawsBySpecies["laws"] }, kind: "species", ...about };
}

function isFile(spec: string): boolean {
  const path = resolve(spec);
  return existsSync(path) && statSync(path).isFile();
}

function unknownName(spec: string, name: string, option: string, cause: unknown): MclnnError {
  const names = builtInPotentials.map((each) => each.name);
  return new MclnnError(`${option} names nothing known`, {
    code: "unknown-potential",
    argument: option,
    expected: `a path to a module or a table, a formula in r, an npm package mclnn-potential-..., or one of ${names.join(", ")}`,
    got: JSON.stringify(spec),
    ...suggestion(name, names),
    cause,
  });
}
