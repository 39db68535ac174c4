import type { Box } from "../box.ts";
import { writtenDigits } from "./digits.ts";
import type { Format, Found, Reading } from "./format.ts";
import { type Frame, Rows } from "./frame.ts";
import { gather, type Manner } from "./gather.ts";
import { repeats, tiltedBox } from "./lammps-box.ts";
import { writeDump } from "./lammps-dump-writer.ts";
import { countOf, Lines, numberOf, wordsOf } from "./lines.ts";

/**
 * LAMMPS text dumps (`dump custom`, `dump atom`): columns in any order, x, xs, xu or xsu, rows in any order, atoms that come and go, tilted boxes,
 * ITEM: UNITS and TIME. What is not finished at the end of the file is left out, which is said.
 */
export const lammpsDump: Format = {
  name: "LAMMPS dump",
  endings: [".lammpstrj", ".dump"],
  recognises: ({ text }) => text.startsWith("ITEM:"),
  async read(reading) {
    const manner: Manner & { dimension: 3 } = {
      dimension: 3,
      units: reading.option("units"),
      counts: "step",
    };
    return withCosts(reading, await gather(reading, frames(reading, manner), manner));
  },
  write: writeDump,
};

/** Says what six digits cost. */
function withCosts(reading: Reading, found: Found): Found {
  if (found.digits !== null && found.digits <= 8)
    reading.note(
      `positions have ${found.digits} digits, which limits V' to about ${found.digits <= 6 ? "1e-4" : "1e-6"} of itself; dump_modify ID format float %.17g writes all of them`,
    );
  return found;
}

/** What comes before the atoms of a frame. */
interface Header {
  step?: number;
  time?: number;
  count?: number;
  box?: Box;
}

async function* frames(reading: Reading, manner: Manner): AsyncGenerator<Frame> {
  const lines = new Lines(reading);
  const rows = new Rows(1, 3, 3, 3, 1, 1);
  for (let whole = 0; ; whole++) {
    let frame: Frame | "end" | null;
    try {
      frame = await oneFrame(lines, { reading, rows, manner });
    } catch (error) {
      // A line that makes no sense because the program was killed while it wrote it.
      if (whole === 0 || !lines.torn) throw error;
      frame = null;
    }
    if (frame === "end") return;
    if (frame === null) {
      reading.note(
        `the last frame is cut short at line ${lines.number}, and left out: ${whole} whole frames`,
      );
      return;
    }
    yield frame;
  }
}

/** The next frame; `end` where there is none, null where the file ends in it. */
async function oneFrame(
  lines: Lines,
  { reading, rows, manner }: { reading: Reading; rows: Rows; manner: Manner },
): Promise<Frame | "end" | null> {
  const header: Header = {};
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line.startsWith("ITEM: ATOMS")) {
      const columns = columnsOf(reading, lines, line);
      return atoms(lines, { reading, rows, header, columns, manner });
    }
    if (line.startsWith("ITEM:")) {
      if (!(await item(line, { reading, lines, header, manner }))) return null;
    } else if (line.trim() !== "")
      throw reading.refuse(`line ${lines.number}`, "a line that begins with ITEM:", quoted(line));
  }
  return header.step === undefined ? "end" : null;
}

const quoted = (line: string): string => JSON.stringify(line.slice(0, 80));

/** What our own dumps say behind the words of an item. */
const BEHIND = /^ITEM: NUMBER OF ATOMS TIME (\S+)(?: UNITS (\w{1,40}))?$/;

/** Reads what an ITEM line announces. @returns false where the file ends in it */
async function item(
  line: string,
  {
    reading,
    lines,
    header,
    manner,
  }: { reading: Reading; lines: Lines; header: Header; manner: Manner },
): Promise<boolean> {
  const number = async (what: string): Promise<number | null> => {
    const text = await lines.next();
    if (text === null) return null;
    const value = numberOf(text.trim());
    if (!Number.isFinite(value)) throw reading.refuse(`line ${lines.number}`, what, quoted(text));
    return value;
  };
  if (line.startsWith("ITEM: UNITS")) {
    const units = (await lines.next())?.trim();
    if (units !== undefined && !/^\w{1,40}$/.test(units))
      throw reading.refuse(`line ${lines.number}`, "a word for the units", quoted(units));
    manner.units ??= units;
    return units !== undefined;
  }
  if (line.startsWith("ITEM: TIMESTEP")) {
    const step = await number("the number of a step");
    if (step !== null) header.step = step;
    return step !== null;
  }
  if (line.startsWith("ITEM: TIME")) {
    const time = await number("a time");
    if (time !== null) header.time = time;
    return time !== null;
  }
  if (line.startsWith("ITEM: NUMBER OF ATOMS")) {
    const [, time, units] = BEHIND.exec(line) ?? [];
    if (time !== undefined && Number.isFinite(numberOf(time))) header.time = numberOf(time);
    manner.units ??= units;
    const text = await lines.next();
    if (text === null) return false;
    header.count = countOf(text);
    if (Number.isNaN(header.count))
      throw reading.refuse(`line ${lines.number}`, "the number of atoms", quoted(text));
    return true;
  }
  if (line.startsWith("ITEM: BOX BOUNDS")) {
    const box = await bounds(line, reading, lines);
    if (box !== null) header.box = box;
    return box !== null;
  }
  throw reading.refuse(
    `line ${lines.number}`,
    "ITEM: TIMESTEP, NUMBER OF ATOMS, BOX BOUNDS, ATOMS, TIME or UNITS",
    quoted(line),
    line.startsWith("ITEM: ENTRIES") || line.startsWith("ITEM: NUMBER OF ENTRIES")
      ? "A dump local has no atoms: write a dump custom of id type x y z vx vy vz."
      : undefined,
  );
}

async function bounds(line: string, reading: Reading, lines: Lines): Promise<Box | null> {
  const words = wordsOf(line).slice(3);
  const general = words[0] === "abc";
  const tilted = words[0] === "xy";
  const letters = words.slice(general ? 2 : tilted ? 3 : 0);
  const periodic = [0, 1, 2].map((d) => repeats(letters[d] ?? "pp")) as [boolean, boolean, boolean];
  const rows: number[][] = [];
  for (let d = 0; d < 3; d++) {
    const text = await lines.next();
    if (text === null) return null;
    const row = wordsOf(text).map(numberOf);
    if (row.length < (general ? 4 : tilted ? 3 : 2) || !row.every(Number.isFinite))
      throw reading.refuse(
        `line ${lines.number}`,
        general
          ? "a row of the box and its origin"
          : `bounds of the box${tilted ? " and a tilt" : ""}`,
        quoted(text),
      );
    rows.push(row);
  }
  if (general)
    return {
      rows: Float64Array.from(rows.flatMap((row) => row.slice(0, 3))),
      origin: Float64Array.from(rows, (row) => row[3] as number),
      periodic,
    };
  return tiltedBox(rows, tilted ? rows.map((row) => row[2] as number) : undefined, periodic, true);
}

/** Where in a row things stand; -1 where they do not. */
interface Columns {
  readonly width: number;
  readonly position: readonly number[];
  readonly scaled: boolean;
  readonly unwrapped: boolean;
  readonly velocity: readonly number[] | null;
  readonly image: readonly number[] | null;
  readonly id: number;
  readonly type: number;
  readonly element: number;
  readonly mass: number;
  readonly charge: number;
}

function columnsOf(reading: Reading, lines: Lines, line: string): Columns {
  const names = wordsOf(line).slice(2);
  const at = (name: string): number => names.indexOf(name);
  const three = (...of: [string, string, string]): readonly number[] | null => {
    const places = of.map(at);
    return places.every((place) => place >= 0) ? places : null;
  };
  for (const end of ["u", "su", "", "s"]) {
    const position = three(`x${end}`, `y${end}`, `z${end}`);
    if (position === null) continue;
    return {
      width: names.length,
      position,
      scaled: end.startsWith("s"),
      unwrapped: end.endsWith("u"),
      velocity: three("vx", "vy", "vz"),
      image: end.endsWith("u") ? null : three("ix", "iy", "iz"),
      id: at("id"),
      type: at("type"),
      element: at("element"),
      mass: at("mass"),
      charge: at("q"),
    };
  }
  throw reading.refuse(
    `line ${lines.number}`,
    "columns x y z (or xu yu zu, xs ys zs, xsu ysu zsu)",
    names.slice(0, 20).join(" ") || "none",
  );
}

/** The atoms of a frame; null where the file ends in them. */
async function atoms(
  lines: Lines,
  {
    reading,
    rows,
    header,
    columns,
    manner,
  }: { reading: Reading; rows: Rows; header: Header; columns: Columns; manner: Manner },
): Promise<Frame | null> {
  const { step, time, count, box } = header;
  if (step === undefined || count === undefined || box === undefined)
    throw reading.refuse(
      `line ${lines.number}`,
      "TIMESTEP, NUMBER OF ATOMS and BOX BOUNDS before ATOMS",
      "not all of them",
    );
  if (columns.id < 0)
    reading.note("the dump has no ids: rows are taken for the same atoms in every frame");
  const kinds: string[] = [];
  for (let row = 0; row < count; row++) {
    const line = lines.now() ?? (await lines.next());
    if (line === null) return null;
    const words = wordsOf(line);
    if (words.length < columns.width)
      throw reading.refuse(`line ${lines.number}`, `${columns.width} columns`, quoted(line));
    rows.reach(row, count);
    if (!fill(rows, row, words, columns))
      throw reading.refuse(`line ${lines.number}`, "numbers", quoted(line));
    const kind = columns.element >= 0 ? columns.element : columns.type;
    if (kind >= 0) kinds[row] = words[kind] as string;
  }
  const [ids, positions, velocities, images, masses, charges] = rows.arrays;
  if (columns.scaled) {
    const digits = writtenDigits((positions as Float64Array).subarray(0, 3 * count));
    const before = manner.digits;
    manner.digits = digits === null || before === null ? null : Math.max(digits, before ?? 0);
    unscale(positions as Float64Array, count, box);
  }
  manner.wrapped = !columns.unwrapped;
  return {
    count,
    where: `step ${step}, line ${lines.number - count}`,
    step,
    time,
    ids: columns.id >= 0 ? ids : undefined,
    positions: positions as Float64Array,
    velocities: columns.velocity === null ? undefined : velocities,
    images: columns.image === null ? undefined : images,
    box,
    ...(kinds.length > 0 ? { kind: (row: number) => kinds[row] as string } : {}),
    mass: columns.mass < 0 ? undefined : (row) => masses?.[row] as number,
    charge: columns.charge < 0 ? undefined : (row) => charges?.[row] as number,
  };
}

/** Fills a row with the numbers of its words. @returns whether all are numbers */
function fill(rows: Rows, row: number, words: readonly string[], columns: Columns): boolean {
  const [ids, positions, velocities, images, masses, charges] = rows.arrays as Float64Array[];
  let good = true;
  const put = (array: Float64Array | undefined, index: number, column: number): void => {
    const value = numberOf(words[column]);
    (array as Float64Array)[index] = value;
    good &&= Number.isFinite(value);
  };
  for (let d = 0; d < 3; d++) {
    put(positions, 3 * row + d, columns.position[d] as number);
    if (columns.velocity !== null) put(velocities, 3 * row + d, columns.velocity[d] as number);
    if (columns.image !== null) put(images, 3 * row + d, columns.image[d] as number);
  }
  if (columns.id >= 0) put(ids, row, columns.id);
  if (columns.mass >= 0) put(masses, row, columns.mass);
  if (columns.charge >= 0) put(charges, row, columns.charge);
  return good;
}

/** Scaled coordinates as places. */
function unscale(positions: Float64Array, count: number, { rows: h, origin }: Box): void {
  for (let at = 0; at < 3 * count; at += 3) {
    const [a, b, c] = [positions[at], positions[at + 1], positions[at + 2]] as [
      number,
      number,
      number,
    ];
    for (let d = 0; d < 3; d++)
      positions[at + d] =
        (origin[d] as number) +
        a * (h[d] as number) +
        b * (h[3 + d] as number) +
        c * (h[6 + d] as number);
  }
}
