import { definePairPotential, isMclnnError, type PairPotential } from "@mclnn/physics";
import { noted, notedImport } from "../own-code/calls.ts";
import { badModule, defaultExport, inOneLine, modulePath, type Wrong } from "./own-module.ts";

/** Numbers that a module's function makes its potential of. */
export type PotentialParameters = Readonly<Record<string, number>>;

/** Takes `:name=number,...` off the end of what names a module or a package. */
export function splitParameters(spec: string): {
  readonly name: string;
  readonly parameters: PotentialParameters | null;
} {
  const [, name = spec, assignments] = /^(.+?):(\s*\w+\s*=[^:]*)$/s.exec(spec.trim()) ?? [];
  if (assignments === undefined) return { name, parameters: null };
  const parameters: Record<string, number> = {};
  for (const assignment of assignments.split(",")) {
    const [key = "", text = ""] = assignment.split("=").map((part) => part.trim());
    // What is no number is told of when it is known that the name is a module's.
    parameters[key] = text === "" ? Number.NaN : Number(text);
  }
  return { name, parameters };
}

/** The potential that a module of the user's own exports. @param given - its path @throws MclnnError `file-not-found`, `bad-module` */
export async function loadModule(
  given: string,
  parameters: PotentialParameters | null,
  option: string,
): Promise<PairPotential> {
  const path = modulePath(given, option, "a table in .csv, .tsv, .json or .npz");
  return potentialOf(path, parameters, badModule(given, option));
}

const SHAPE = "a default export { name, energy(r), slope?(r) }";
const MEND = "Write `export default { name: ..., energy: (r) => ... };`.";

/** Loads the module at a path and makes a potential of its default export. */
export async function potentialOf(
  path: string,
  parameters: PotentialParameters | null,
  wrong: Wrong,
): Promise<PairPotential> {
  const exported = await defaultExport(path, wrong, { expected: SHAPE, mend: MEND });
  try {
    return await notedImport(async () => define(made(exported, parameters, wrong), wrong));
  } catch (error) {
    if (isMclnnError(error)) throw error;
    throw wrong("failed when it was first used", {
      expected: SHAPE,
      got: inOneLine(error),
      cause: error,
    });
  }
}

/** The default export, or what it makes of parameters where it is a function of them. */
function made(exported: unknown, parameters: PotentialParameters | null, wrong: Wrong): unknown {
  if (parameters === null && typeof exported !== "function") return exported;
  if (typeof exported !== "function")
    throw wrong("takes no parameters", {
      expected:
        "a default export that is a function of them, ({ depth = 1 }) => ({ name, energy })",
      got: `${Object.keys(parameters ?? {}).join(", ")}, and a default export that is no function`,
    });
  for (const [key, value] of Object.entries(parameters ?? {}))
    if (!Number.isFinite(value))
      throw wrong("has a parameter that cannot be used", {
        expected: `${key}=number`,
        got: `${key}, which is no number`,
      });
  return exported({ ...parameters });
}

function define(value: unknown, wrong: Wrong): PairPotential {
  if (typeof value !== "object" || value === null)
    throw wrong("exports something else", {
      expected: SHAPE,
      got: value === null ? "null" : `a ${typeof value}`,
    });
  const given = value as Record<string, unknown> & PairPotential;
  const { name, coupling, parameters } = given;
  if (typeof name !== "string" || name === "")
    throw wrong("does not name its potential", {
      expected: "name: a string that is not empty",
      got: JSON.stringify(name) ?? "no name",
    });
  /** One of its functions, called as a method, with its calls noted. */
  const method = (key: "energy" | "slope" | "curvature"): ((r: number) => number) | undefined => {
    const member: unknown = given[key];
    if (member === undefined && key !== "energy") return undefined;
    if (typeof member !== "function")
      throw wrong(`has no usable ${key}`, {
        expected: `${key}(r): a function of the separation that returns a number`,
        got: member === undefined ? `no ${key}` : `a ${typeof member}`,
      });
    return noted(key, (r) => (given[key] as (r: number) => number)(r));
  };
  const [energy, slope, curvature] = [method("energy"), method("slope"), method("curvature")];
  return definePairPotential({
    name,
    energy: energy as (r: number) => number,
    ...(slope === undefined ? {} : { slope }),
    ...(curvature === undefined ? {} : { curvature }),
    ...(coupling === undefined ? {} : { coupling }),
    ...(parameters === undefined ? {} : { parameters }),
  });
}
