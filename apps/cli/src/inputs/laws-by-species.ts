import { MclnnError, type SpeciesPairPotential } from "@mclnn/physics";

/** A law for each pair of species. */
export interface LawsBySpecies {
  /** The text they were named by. */
  readonly name: string;
  readonly laws: readonly SpeciesPairPotential[];
}

/** Laws by species, and the particles that they act between. */
export interface LawsAmong extends LawsBySpecies {
  /** [N] */
  readonly species: Int32Array;
}

/** One part of a text of laws by species: `0-1: 1/r`. */
export interface LawText {
  readonly species: readonly [number, number];
  /** What follows the colon: any potential. */
  readonly potential: string;
}

const EXAMPLE = '"0-0: 0.5*(r-1)^2 | 0-1: 1/r | 1-1: lennard-jones:epsilon=2"';
const PART = /^(\d+)\s*-\s*(\d+)\s*:(.*)$/s;

/** Whether a text is meant to be of laws by species: no other potential has a bar in it, or a number before a colon. */
export function isBySpecies(text: string): boolean {
  return text.includes("|") || /^\s*-?\d[^:]*:/.test(text);
}

/**
 * The parts of a text such as `0-0: 0.5*(r-1)^2 | 0-1: 1/r`: a pair of species, a colon and a potential each.
 *
 * @throws MclnnError `bad-species` for a part that names no pair of species, `missing-law` for one without a potential
 */
export function splitBySpecies(text: string, option: string): LawText[] {
  return text.split("|").map((part, k) => {
    const [, a, b, rest = ""] = PART.exec(part.trim()) ?? [];
    if (a === undefined || b === undefined)
      throw new MclnnError(`part ${k + 1} of ${option} does not say for which species it is`, {
        code: "bad-species",
        argument: option,
        expected:
          "two species, whole numbers from 0, a colon and a potential, with | between parts",
        got: part.trim() === "" ? "nothing" : JSON.stringify(part.trim()),
        mend: `Example: ${EXAMPLE}.`,
      });
    const potential = rest.trim();
    if (potential === "")
      throw new MclnnError(`${option} has no law for species ${a}-${b}`, {
        code: "missing-law",
        argument: option,
        expected: `a potential after "${a}-${b}:"`,
        got: "nothing",
        mend: `Example: ${EXAMPLE}. Species that do not act on each other have the potential 0.`,
      });
    return { species: [Number(a), Number(b)], potential };
  });
}

/**
 * Species of particles between which laws by species hold.
 *
 * @param source - what should tell them: a file's path, and the option that named it
 * @throws MclnnError `missing-species` where it does not
 */
export function speciesFor(
  { name }: LawsBySpecies,
  { species, masses }: { readonly species?: Int32Array; readonly masses: Float64Array },
  { path = "a file", option }: { readonly path?: string | undefined; readonly option: string },
): Int32Array {
  if (species !== undefined) return species;
  throw new MclnnError("--potential has laws by species, but the particles have no species", {
    code: "missing-species",
    argument: option,
    expected: `"species" in ${path}: a whole number from 0 for each of the ${masses.length} particles`,
    got: `particles without species, and the laws ${name}`,
    mend:
      option === "--initial"
        ? `Add "species": [${Array.from(masses, () => 0)
            .slice(0, 8)
            .join(
              ", ",
            )}${masses.length > 8 ? ", ..." : ""}] to the state, with each particle's own number; or give one law for all pairs.`
        : "Add an int32 array species [particle]; or give one law for all pairs.",
  });
}
