import { MclnnError, type PairPotential, type SpeciesPairPotential } from "@mclnn/physics";
import { tabulated } from "@mclnn/physics/potentials";
import { formatNumber } from "@mclnn/studies/text";
import { readInput } from "./file.ts";
import { lammpsEnergy } from "./law-units.ts";

/** The ending of tables of LAMMPS' `pair_style table`. */
export const LAMMPS_TABLE_ENDING = ".table";

/** What a table of LAMMPS holds: one law, or laws by species. */
export interface LammpsTable {
  readonly laws: readonly (
    | { readonly species: undefined; readonly pair: PairPotential }
    | SpeciesPairPotential
  )[];
  /** How the laws go on beyond their rows. */
  readonly remark: string;
}

interface Section {
  readonly name: string;
  /** Line of its name. */
  readonly line: number;
  /** r, V, F by turns. */
  readonly rows: readonly (readonly [number, number, number])[];
}

/** The name of a section that is for two species. */
const SPECIES = /^(\d+)-(\d+)$/;

/**
 * The laws of a table of LAMMPS: V and V' as it says at its rows, cubics between, no force beyond its last row, as LAMMPS has it. Several sections are laws by
 * species where their names say so: `0-0`, `0-1`. Energies in LAMMPS' units (`UNITS: metal`) become mass x length^2 / time^2 again.
 *
 * @throws MclnnError `bad-table`, `file-not-found`, `unreadable-file`
 */
export async function readLammpsTable(path: string, option: string): Promise<LammpsTable> {
  const refuse = (expected: string, got: string): never => {
    throw new MclnnError(`the table ${path} cannot be used`, {
      code: "bad-table",
      argument: option,
      expected,
      got,
      mend: "A table of LAMMPS has sections: a name, a line `N 1000 ...`, and as many rows: index, r, energy, force.",
    });
  };
  const lines = new TextDecoder().decode(await readInput(path, option)).split(/\r?\n/);
  const units = /\bUNITS:\s*(\w+)/.exec(lines[0] ?? "")?.[1];
  const sections = sectionsOf(lines, refuse);
  if (sections.length === 0) refuse("one section or more", "none");
  const energy = lammpsEnergy(units);
  const laws = sections.map((section) => {
    const pair = pairOf(section, path, { energy, refuse });
    if (sections.length === 1) return { species: undefined, pair };
    const [, a, b] = SPECIES.exec(section.name) ?? [];
    if (a === undefined || b === undefined)
      return refuse(
        "one section, or names of two species as 0-1",
        `the section ${section.name} in line ${section.line}`,
      );
    return { species: [Number(a), Number(b)] as const, pair };
  });
  const ends = sections.map(({ rows }) => rows.at(-1)?.[0] ?? 0);
  return {
    laws,
    remark: `${path} is continued beyond its rows: no force from r = ${ends.map((r) => formatNumber(r, 4)).join(", ")} on, a constant one below the first.`,
  };
}

type Refuse = (expected: string, got: string) => never;

function sectionsOf(lines: readonly string[], refuse: Refuse): readonly Section[] {
  const filled = lines
    .map((text, k) => ({ line: k + 1, words: text.replace(/#.*/, "").trim().split(/\s+/) }))
    .filter(({ words }) => words[0] !== "");
  const sections: Section[] = [];
  for (let at = 0; at < filled.length; ) {
    const { line, words } = filled[at++] as (typeof filled)[number];
    const settings = filled[at++]?.words ?? [];
    const count = Number(settings[settings.indexOf("N") + 1]);
    if (!settings.includes("N") || !Number.isSafeInteger(count) || count < 3)
      refuse(
        `"N" and a number from 3 below the name ${words[0]}, line ${line}`,
        settings.join(" ") || "nothing",
      );
    const rows = filled.slice(at, at + count).map(({ line: row, words: cells }) => {
      const numbers = cells.slice(1).map(Number);
      if (numbers.length !== 3 || !numbers.every(Number.isFinite))
        refuse(`an index, r, energy and force in line ${row}`, cells.join(" ").slice(0, 80));
      return numbers as [number, number, number];
    });
    if (rows.length < count) refuse(`${count} rows in the section ${words[0]}`, `${rows.length}`);
    sections.push({ name: words[0] as string, line, rows });
    at += count;
  }
  return sections;
}

function pairOf(
  { rows }: Section,
  name: string,
  { energy: unit, refuse }: { energy: number; refuse: Refuse },
): PairPotential {
  let table: PairPotential;
  try {
    table = tabulated({
      name,
      separations: rows.map(([r]) => r),
      energies: rows.map(([, energy]) => energy / unit),
      slopes: rows.map(([, , force]) => -force / unit),
    });
  } catch (error) {
    const { expected, got } = error as MclnnError;
    return refuse(expected, got);
  }
  const last = rows.at(-1)?.[0] ?? 0;
  const end = table.energy(last);
  return {
    name,
    energy: (r) => (r >= last ? end : table.energy(r)),
    slope: (r) => (r >= last ? 0 : table.slope(r)),
    curvature: (r) => (r >= last ? 0 : (table.curvature?.(r) ?? Number.NaN)),
  };
}
