import { extname } from "node:path";
import type { NpyArray } from "@mclnn/datasets";
import { MclnnError, type PairPotential } from "@mclnn/physics";
import { tabulated } from "@mclnn/physics/potentials";
import { readInput } from "./file.ts";

/** Endings of tables (r, V). */
export const TABLE_ENDINGS: readonly string[] = [".csv", ".tsv", ".json", ".npz"];

/** How far beyond its ends, as a share of r there, a table is continued by straight lines before that is refused. */
const MARGIN = 0.05;

/** Names a column may have; units in brackets may stand behind them. */
const NAMES = { r: ["r", "separation", "distance"], energy: ["energy", "v", "potential"] };

/** Columns of a table. */
interface Columns {
  readonly r: ArrayLike<number>;
  readonly energy: ArrayLike<number>;
}

/**
 * A potential from a table of separations and energies: a cubic spline. CSV or TSV with a line of names or without (then r and V), JSON
 * `{ "r": [...], "energy": [...] }`, or NPZ with arrays `r` and `energy`: what `mclnn law` writes is one.
 *
 * @throws MclnnError `bad-table`, `file-not-found`, `unreadable-file`; when evaluated far outside the table, `bad-potential`
 */
export async function readTable(path: string, option: string): Promise<PairPotential> {
  const bytes = await readInput(path, option);
  const refuse: Refuse = (expected, got) => {
    throw new MclnnError(`the table ${path} cannot be used`, {
      code: "bad-table",
      argument: option,
      expected,
      got,
      mend: "A table is two columns, r and energy, in order of r.",
    });
  };
  const { r, energy } = await columnsOf(extname(path).toLowerCase(), bytes, path, refuse);
  let pair: PairPotential;
  try {
    pair = tabulated({ separations: r, energies: energy, name: path });
  } catch (error) {
    const { expected, got } = error as MclnnError;
    return refuse(expected, got);
  }
  const [first, last] = [r[0] as number, r[r.length - 1] as number];
  if (!(first > 0)) refuse("separations above 0", `r = ${first}`);
  const within = (f: (r: number) => number) => (x: number) => {
    if (x >= first * (1 - MARGIN) && x <= last * (1 + MARGIN)) return f(x);
    if (Number.isNaN(x)) return x;
    throw new MclnnError(`the table ${path} does not reach r = ${x}`, {
      code: "bad-potential",
      argument: option,
      expected: `separations from ${first} to ${last}, those of the table`,
      got: `particles ${Number(x.toPrecision(6))} apart`,
      mend: "Give the table more rows, or start where the particles stay inside it.",
    });
  };
  return {
    name: path,
    energy: within((x) => pair.energy(x)),
    slope: within((x) => pair.slope(x)),
    curvature: within((x) => pair.curvature?.(x) as number),
  };
}

type Refuse = (expected: string, got: string) => never;

async function columnsOf(
  ending: string,
  bytes: Uint8Array,
  path: string,
  refuse: Refuse,
): Promise<Columns> {
  switch (ending) {
    case ".npz": {
      const { decodeNpz } = await import("@mclnn/datasets");
      const arrays = decodeNpz(bytes, { source: path });
      return pick(arrays.keys(), refuse, (name) => (arrays.get(name) as NpyArray).data);
    }
    case ".json":
      return fromJson(new TextDecoder().decode(bytes), refuse);
    default:
      return fromLines(new TextDecoder().decode(bytes), refuse);
  }
}

/** The columns r and energy among those there are. */
function pick(
  names: Iterable<string>,
  refuse: Refuse,
  column: (name: string) => ArrayLike<number>,
): Columns {
  const there = [...names];
  const find = (key: "r" | "energy"): string =>
    there.find((name) =>
      NAMES[key].includes(
        name
          .replace(/\[.*\]/, "")
          .trim()
          .toLowerCase(),
      ),
    ) ?? refuse(`columns r and energy`, there.join(", ") || "nothing");
  return { r: column(find("r")), energy: column(find("energy")) };
}

function fromJson(text: string, refuse: Refuse): Columns {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse("JSON", (error as Error).message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refuse(
      'an object { "r": [...], "energy": [...] }',
      Array.isArray(value) ? "a list" : String(value),
    );
  const members = value as Record<string, unknown>;
  return pick(Object.keys(members), refuse, (name) => {
    const list = members[name];
    if (!Array.isArray(list) || !list.every((each) => typeof each === "number"))
      refuse(`a list of numbers for ${name}`, JSON.stringify(list).slice(0, 60));
    return list as number[];
  });
}

/** Lines of numbers, with commas, semicolons or blanks between; # begins a remark. */
function fromLines(text: string, refuse: Refuse): Columns {
  const rows = text
    .split(/\r?\n/)
    .map((line, k) => ({ line: k + 1, cells: cellsOf(line) }))
    .filter(({ cells }) => cells.length > 0);
  const [first] = rows;
  if (first === undefined) return refuse("rows of r and energy", "an empty file");
  const named = first.cells.some((cell) => Number.isNaN(Number(cell)));
  const number = (row: (typeof rows)[number], column: number): number => {
    const cell = row.cells[column] ?? "";
    const value = cell === "" ? Number.NaN : Number(cell);
    return Number.isFinite(value)
      ? value
      : refuse(`a number in column ${column + 1} of line ${row.line}`, cell || "nothing");
  };
  const column = (k: number): number[] => rows.slice(named ? 1 : 0).map((row) => number(row, k));
  return named
    ? pick(first.cells, refuse, (name) => column(first.cells.indexOf(name)))
    : { r: column(0), energy: column(1) };
}

function cellsOf(line: string): string[] {
  const text = line.replace(/#.*/, "").trim();
  if (text === "") return [];
  const separator = [",", ";", "\t"].find((each) => text.includes(each)) ?? /\s+/;
  return text.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
