import type { Reading } from "./format.ts";

/** Symbols and standard atomic weights (IUPAC 2021, abridged), in u; of elements without one, the mass number of a long-lived isotope. */
const ELEMENTS =
  "H 1.008 He 4.002602 Li 6.94 Be 9.0121831 B 10.81 C 12.011 N 14.007 O 15.999 F 18.998403163 Ne 20.1797 Na 22.98976928 Mg 24.305 " +
  "Al 26.9815385 Si 28.085 P 30.973761998 S 32.06 Cl 35.45 Ar 39.948 K 39.0983 Ca 40.078 Sc 44.955908 Ti 47.867 V 50.9415 Cr 51.9961 " +
  "Mn 54.938044 Fe 55.845 Co 58.933194 Ni 58.6934 Cu 63.546 Zn 65.38 Ga 69.723 Ge 72.63 As 74.921595 Se 78.971 Br 79.904 Kr 83.798 " +
  "Rb 85.4678 Sr 87.62 Y 88.90584 Zr 91.224 Nb 92.90637 Mo 95.95 Tc 97 Ru 101.07 Rh 102.9055 Pd 106.42 Ag 107.8682 Cd 112.414 In 114.818 " +
  "Sn 118.71 Sb 121.76 Te 127.6 I 126.90447 Xe 131.293 Cs 132.90545196 Ba 137.327 La 138.90547 Ce 140.116 Pr 140.90766 Nd 144.242 Pm 145 " +
  "Sm 150.36 Eu 151.964 Gd 157.25 Tb 158.92535 Dy 162.5 Ho 164.93033 Er 167.259 Tm 168.93422 Yb 173.054 Lu 174.9668 Hf 178.49 Ta 180.94788 " +
  "W 183.84 Re 186.207 Os 190.23 Ir 192.217 Pt 195.084 Au 196.966569 Hg 200.592 Tl 204.38 Pb 207.2 Bi 208.9804 Po 209 At 210 Rn 222 " +
  "Fr 223 Ra 226 Ac 227 Th 232.0377 Pa 231.03588 U 238.02891 Np 237 Pu 244 Am 243 Cm 247";

let table: Map<string, number> | undefined;

/** Mass of an element by its symbol; undefined for what is none. */
export function elementMass(symbol: string | undefined): number | undefined {
  if (table === undefined) {
    const words = ELEMENTS.split(" ");
    table = new Map();
    for (let k = 0; k < words.length; k += 2) table.set(words[k] as string, Number(words[k + 1]));
  }
  return symbol === undefined ? undefined : table.get(symbol);
}

/**
 * Masses of particles: those that options give, those of the file, those of the elements, else 1, which is said.
 *
 * @param own - of the file
 * @param kinds - element, type or label of each
 * @param units - reduced ones (lj) have no masses of elements
 */
export function massesOf(
  reading: Reading,
  own: readonly (number | undefined)[],
  kinds: readonly (string | undefined)[],
  units?: string,
): Float64Array {
  const listed = reading.option("masses");
  if (listed !== undefined && listed.length !== own.length)
    throw reading.refuse("", `${own.length} masses, one a particle`, `${listed.length}`);
  const named = reading.option("massOf") ?? {};
  const elements = new Map<string, number>();
  // A and B are names of species: that one of them is boron too says nothing.
  const chemical = units !== "lj" && kinds.every((kind) => elementMass(kind) !== undefined);
  let unknown = 0;
  const masses = Float64Array.from(own, (mass, i) => {
    const kind = kinds[i];
    const told = listed?.[i] ?? (kind === undefined ? undefined : named[kind]) ?? mass;
    if (told !== undefined) return told;
    const element = chemical ? elementMass(kind) : undefined;
    if (element === undefined) unknown++;
    else elements.set(kind as string, element);
    return element ?? 1;
  });
  for (const kind of Object.keys(named))
    if (!kinds.includes(kind))
      throw reading.refuse(
        "",
        `masses of ${[...new Set(kinds.filter((each) => each !== undefined))].slice(0, 20).join(", ") || "no types, which the file does not have"}`,
        `one of ${kind}`,
      );
  const bad = masses.findIndex((mass) => !(mass > 0 && Number.isFinite(mass)));
  if (bad >= 0)
    throw reading.refuse(
      `particle ${bad}`,
      "masses above 0",
      `${masses[bad]}`,
      "--mass TYPE=VALUE gives another.",
    );
  if (elements.size > 0)
    reading.note(
      `masses are those of the elements: ${[...elements].map((each) => each.join(" ")).join(", ")}`,
    );
  if (unknown > 0)
    reading.note(
      `${unknown === masses.length ? "no particle has a mass in the file" : `${unknown} particles have no mass in the file`}: 1 is taken (--mass TYPE=VALUE, --masses LIST)`,
    );
  return masses;
}
