import { existsSync, statSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { definePairPotential, MclnnError, type PairPotential } from "@mclnn/physics";
import { builtInPotential, builtInPotentials, parseFormula } from "@mclnn/physics/potentials";
import { suggestion } from "../options/suggestion.ts";
import { isBySpecies, type LawsBySpecies, splitBySpecies } from "./laws-by-species.ts";

/** One law named on the command line. */
export interface NamedLaw {
  readonly pair: PairPotential;
  readonly kind: "module" | "built-in" | "formula";
  /** As given; a module's path in full, so that another thread finds it. */
  readonly spec: string;
}

/** Laws by species named on the command line. */
export interface NamedLaws {
  readonly pair: LawsBySpecies;
  readonly kind: "species";
  /** As {@link NamedLaw.spec}, part by part. */
  readonly spec: string;
}

/** What `--potential` names. */
export type NamedPotential = NamedLaw | NamedLaws;

const MODULE_EXTENSIONS = [".js", ".mjs", ".ts"];

/**
 * The potential that `--potential P` names.
 *
 * A path that exists is a module; a text with bars, or species before a colon, such as `0-0: 1/r | 0-1: r^2`, has a law for each pair of
 * species; what ends like a module is a module; a built-in's name, with or without parameters, is the built-in; anything else is a formula in r.
 *
 * @throws MclnnError of kind `input` for whatever cannot be used
 */
export async function resolvePotential(
  spec: string,
  option = "--potential",
): Promise<NamedPotential> {
  if (!isBySpecies(spec) || existsSync(resolve(spec))) return resolveOneLaw(spec, option);
  const parts = splitBySpecies(spec, option);
  const named = await Promise.all(parts.map(({ potential }) => resolveOneLaw(potential, option)));
  const text = (potentials: readonly string[]): string =>
    parts.map(({ species }, k) => `${species.join("-")}: ${potentials[k]}`).join(" | ");
  return {
    pair: {
      name: text(parts.map(({ potential }) => potential)),
      laws: parts.map(({ species }, k) => ({ species, pair: (named[k] as NamedLaw).pair })),
    },
    kind: "species",
    spec: text(named.map((law) => law.spec)),
  };
}

/** Refuses laws by species, for commands that can do with one law only. @throws MclnnError `bad-option` */
export function oneLaw(named: NamedPotential): NamedLaw {
  if (named.kind !== "species") return named;
  throw new MclnnError("this command takes one law for all pairs", {
    code: "bad-option",
    argument: "--potential",
    expected: "one potential",
    got: `laws by species, ${named.pair.name}`,
    mend: "generate, simulate and evaluate take laws by species.",
  });
}

async function resolveOneLaw(spec: string, option: string): Promise<NamedLaw> {
  if (spec.trim() === "")
    throw new MclnnError(`${option} is empty`, {
      code: "bad-option",
      argument: option,
      expected: "a path to a module, a formula in r, or the name of a built-in potential",
      got: "nothing",
    });
  const path = resolve(spec);
  const isFile = existsSync(path) && statSync(path).isFile();
  if (isFile || MODULE_EXTENSIONS.includes(extname(spec)))
    return { pair: await loadModule(spec, path, option), kind: "module", spec: path };
  const name = (spec.split(":")[0] as string).trim();
  if (builtInPotentials.some((each) => each.name === name))
    return { pair: builtInPotential(spec.trim()), kind: "built-in", spec };
  try {
    return { pair: parseFormula(spec), kind: "formula", spec };
  } catch (error) {
    // `lenard-jones:epsilon=1` is no formula, but hardly meant to be one.
    if (/^[a-z][a-z0-9]*([-_ ][a-z0-9]+)*$/i.test(name))
      throw unknownName(spec, name, option, error);
    throw error;
  }
}

function unknownName(spec: string, name: string, option: string, cause: unknown): MclnnError {
  const names = builtInPotentials.map((each) => each.name);
  return new MclnnError(`${option} names nothing known`, {
    code: "unknown-potential",
    argument: option,
    expected: `a path to a module, a formula in r, or one of ${names.join(", ")}`,
    got: JSON.stringify(spec),
    ...suggestion(name, names),
    cause,
  });
}

async function loadModule(given: string, path: string, option: string): Promise<PairPotential> {
  const wrong = (
    code: string,
    what: string,
    details: { expected: string; got: string; mend?: string; cause?: unknown },
  ): MclnnError =>
    new MclnnError(`${option} ${given} ${what}`, { code, argument: option, ...details });
  if (!existsSync(path))
    throw wrong("file-not-found", "is not there", {
      expected: "the path of a module",
      got: `no file ${path}`,
    });
  if (!MODULE_EXTENSIONS.includes(extname(path)))
    throw wrong("bad-module", "is not a module", {
      expected: `a file that ends in ${MODULE_EXTENSIONS.join(", ")}`,
      got: extname(path) === "" ? "a file without an extension" : `a ${extname(path)} file`,
    });
  let loaded: { default?: unknown };
  try {
    loaded = (await import(pathToFileURL(path).href)) as { default?: unknown };
  } catch (error) {
    const cannotStripTypes = (error as { code?: string }).code === "ERR_UNKNOWN_FILE_EXTENSION";
    throw wrong("bad-module", "cannot be loaded", {
      expected: "a module that this Node can load",
      got: oneLine(error),
      cause: error,
      ...(cannotStripTypes
        ? { mend: "TypeScript needs Node 22.18 or newer; or write the module as .mjs." }
        : {}),
    });
  }
  const shape = "a default export { name, energy(r), slope?(r) }";
  const value = loaded.default;
  if (value === undefined)
    throw wrong("bad-module", "has no default export", {
      expected: shape,
      got: `exports ${Object.keys(loaded).join(", ") || "nothing"}`,
      mend: "Write `export default { name: ..., energy: (r) => ... };`.",
    });
  if (typeof value !== "object" || value === null)
    throw wrong("bad-module", "exports something else", {
      expected: shape,
      got: value === null ? "null" : `a ${typeof value}`,
    });
  let members: Readonly<Record<string, unknown>>;
  try {
    const { name, energy, slope, curvature } = value as Record<string, unknown>;
    members = { name, energy, slope, curvature };
  } catch (error) {
    throw wrong("bad-module", "cannot be read", {
      expected: shape,
      got: oneLine(error),
      cause: error,
    });
  }
  const { name, energy, slope, curvature } = members;
  if (typeof name !== "string" || name === "")
    throw wrong("bad-module", "does not name its potential", {
      expected: "name: a string that is not empty",
      got: JSON.stringify(name) ?? "no name",
    });
  for (const [key, member, needed] of [
    ["energy", energy, true],
    ["slope", slope, false],
    ["curvature", curvature, false],
  ] as const)
    if (needed || member !== undefined)
      if (typeof member !== "function")
        throw wrong("bad-module", `has no usable ${key}`, {
          expected: `${key}(r): a function of the separation that returns a number`,
          got: member === undefined ? `no ${key}` : `a ${typeof member}`,
        });
  try {
    // Methods may use `this`.
    return definePairPotential(value as Parameters<typeof definePairPotential>[0]);
  } catch (error) {
    if (error instanceof MclnnError) throw error;
    throw wrong("bad-module", "failed when it was first used", {
      expected: shape,
      got: oneLine(error),
      cause: error,
    });
  }
}

function oneLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split("\n")[0] as string).slice(0, 300);
}
