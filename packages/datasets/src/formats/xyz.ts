import { cellVolume } from "@mclnn/physics/space";
import type { Box } from "../box.ts";
import type { TrajectorySet } from "../trajectory-set.ts";
import { elementMass } from "./elements.ts";
import type { Format, Head, Reading } from "./format.ts";
import { type Frame, Rows } from "./frame.ts";
import { gather, type Manner } from "./gather.ts";
import { countOf, Lines, numberOf, wordsOf } from "./lines.ts";
import { areElements, kindNames } from "./names.ts";
import { listed, readComment, truths } from "./xyz-comment.ts";

/** Angstrom a picosecond in one velocity of ASE, sqrt(eV / u) (CODATA 2014, as ASE has it). */
const ASE_VELOCITY = 98.22694788464062;

/** XYZ, plain and extended, as ASE, LAMMPS, OVITO and QUIP write it. */
export const xyz: Format = {
  name: "extended XYZ",
  endings: [".extxyz", ".xyz"],
  recognises: (head) => looksLikeXyz(head),
  async read(reading) {
    const manner: Manner = { units: reading.option("units"), counts: "step" };
    const found = await gather(reading, frames(reading, manner), manner);
    return found;
  },
  write: writeXyz,
};

function looksLikeXyz({ text }: Head): boolean {
  const [count = "", comment, row = ""] = text.split("\n", 3);
  if (Number.isNaN(countOf(count)) || comment === undefined) return false;
  if (/(^|\s)(Properties|Lattice)\s*=/i.test(comment)) return true;
  const numbers = wordsOf(row).slice(1, 4).map(numberOf);
  return numbers.length === 3 && numbers.every(Number.isFinite);
}

/** A column of rows: what it holds, where it begins, how many words it takes. */
interface Column {
  readonly name: string;
  readonly type: string;
  readonly at: number;
  readonly count: number;
}

async function* frames(reading: Reading, manner: Manner): AsyncGenerator<Frame> {
  const lines = new Lines(reading);
  const rows = new Rows(3, 3, 3, 1, 1, 1);
  for (let whole = 0; ; whole++) {
    let first = await lines.next();
    while (first !== null && first.trim() === "") first = await lines.next();
    if (first === null) return;
    let frame: Frame | null = null;
    try {
      frame = await oneFrame(lines, { reading, rows, manner, first, whole });
    } catch (error) {
      // A line that makes no sense because the program was killed while it wrote it.
      if (whole === 0 || !lines.torn) throw error;
    }
    if (frame === null) {
      if (whole === 0)
        throw reading.refuse("frame 0", `${first.trim()} particles`, "the end of the file");
      reading.note(
        `the last frame is cut short at line ${lines.number}, and left out: ${whole} whole frames`,
      );
      return;
    }
    yield frame;
  }
}

/** The frame that begins with a line; null where the file ends in it. */
async function oneFrame(
  lines: Lines,
  {
    reading,
    rows,
    manner,
    first,
    whole,
  }: { reading: Reading; rows: Rows; manner: Manner; first: string; whole: number },
): Promise<Frame | null> {
  const count = countOf(first);
  const where = `frame ${whole}, line ${lines.number}`;
  if (Number.isNaN(count))
    throw reading.refuse(where, "the number of particles", JSON.stringify(first.slice(0, 80)));
  const comment = await lines.next();
  return comment === null ? null : rest(lines, { reading, rows, manner, count, comment, where });
}

/** What follows the number of particles; null where the file ends in it. */
async function rest(
  lines: Lines,
  {
    reading,
    rows,
    manner,
    count,
    comment,
    where,
  }: {
    reading: Reading;
    rows: Rows;
    manner: Manner;
    count: number;
    comment: string;
    where: string;
  },
): Promise<Frame | null> {
  const extended = /(^|\s)(Properties|Lattice)\s*=/i.test(comment);
  const info = extended ? readComment(comment, where, reading) : new Map<string, string>();
  const { columns, parts, species } = layoutOf(info, where, reading);
  const width = Math.max(...columns.map(({ at, count: n }) => at + n));
  const kinds: string[] = [];
  for (let row = 0; row < count; row++) {
    const line = lines.now() ?? (await lines.next());
    if (line === null) return null;
    const words = wordsOf(line);
    rows.reach(row, count);
    if (words.length < width || !fill(rows, row, words, parts))
      throw reading.refuse(
        `line ${lines.number}`,
        `${width} columns, numbers where Properties says so`,
        JSON.stringify(line.slice(0, 80)),
      );
    if (species !== undefined) kinds[row] = words[species.at] as string;
  }
  const [positions, motions, images, ids, masses, charges] = rows.arrays as [
    Float64Array,
    ...Float64Array[],
  ];
  const motion = parts[1]?.[0];
  const mass = (row: number): number | undefined =>
    parts[4]?.[0] === undefined ? undefined : masses?.[row];
  const kind = species === undefined ? undefined : (row: number) => kinds[row] as string;
  if (motion?.name === "momenta") {
    toVelocities(motions as Float64Array, count, { reading, mass, kind });
    manner.units ??= "metal";
  }
  if (/^\w{1,40}$/.test(info.get("units") ?? "")) manner.units ??= info.get("units");
  const box = boxOf(info, where, reading);
  const trajectory = numberOf(info.get("trajectory"));
  return {
    count,
    where,
    trajectory: Number.isFinite(trajectory) ? trajectory : undefined,
    ...timing(comment, info),
    ids: parts[3]?.[0] === undefined ? undefined : ids,
    positions,
    velocities: motion === undefined ? undefined : motions,
    images: parts[2]?.[0] === undefined ? undefined : images,
    box,
    ...(kind === undefined ? {} : { kind }),
    ...(parts[4]?.[0] === undefined ? {} : { mass: mass as (row: number) => number }),
    ...(parts[5]?.[0] === undefined ? {} : { charge: (row: number) => charges?.[row] as number }),
  };
}

/** Where in a row things stand: parts by the arrays that they fill. */
function layoutOf(
  info: ReadonlyMap<string, string>,
  where: string,
  reading: Reading,
): {
  columns: Column[];
  parts: readonly (readonly [Column | undefined, number])[];
  species: Column | undefined;
} {
  const columns = columnsOf(info.get("properties") ?? "species:S:1:pos:R:3", where, reading);
  const column = (...names: string[]): Column | undefined =>
    columns.find(({ name }) => names.includes(name));
  const position = column("pos", "positions", "position", "r");
  if (position?.count !== 3)
    throw reading.refuse(
      where,
      "a property pos of three columns",
      columns.map(({ name }) => name).join(", "),
    );
  const species = column("kind") ?? column("species", "element", "symbols", "type");
  const parts = [
    [position, 0],
    [column("momenta", "vel", "velo", "velocities", "velocity", "v"), 1],
    [column("images", "image"), 2],
    [column("id", "ids"), 3],
    [column("masses", "mass"), 4],
    [column("charge", "charges", "initial_charges", "q"), 5],
  ] as const;
  return { columns, parts, species };
}

function columnsOf(text: string, where: string, reading: Reading): Column[] {
  const words = text.split(":");
  const columns: Column[] = [];
  let at = 0;
  for (let k = 0; k < words.length; k += 3) {
    const count = countOf(words[k + 2] ?? "");
    if (!/^[SIRL]$/.test(words[k + 1] ?? "") || !(count > 0 && count <= 1000))
      throw reading.refuse(
        where,
        "Properties=name:type:columns:..., types S, I, R, L",
        JSON.stringify(text.slice(0, 80)),
      );
    columns.push({
      name: (words[k] as string).toLowerCase(),
      type: words[k + 1] as string,
      at,
      count,
    });
    at += count;
  }
  return columns;
}

/** Fills a row with the numbers of its words. @returns whether all are numbers */
function fill(
  rows: Rows,
  row: number,
  words: readonly string[],
  parts: readonly (readonly [Column | undefined, number])[],
): boolean {
  for (const [column, k] of parts) {
    if (column === undefined) continue;
    const width = k < 3 ? 3 : 1;
    for (let d = 0; d < width; d++) {
      const value = numberOf(words[column.at + d]);
      if (!Number.isFinite(value) || d >= column.count) return false;
      (rows.arrays[k] as Float64Array)[width * row + d] = value;
    }
  }
  return true;
}

/** Momenta as ASE has them, sqrt(eV u), to velocities in angstrom a picosecond. */
function toVelocities(
  momenta: Float64Array,
  count: number,
  {
    reading,
    mass,
    kind,
  }: {
    reading: Reading;
    mass: (row: number) => number | undefined;
    kind: ((row: number) => string) | undefined;
  },
): void {
  reading.note("momenta are read as ASE's, sqrt(eV u): velocities are in angstrom/ps");
  const named = reading.option("massOf") ?? {};
  for (let row = 0; row < count; row++) {
    const name = kind?.(row) ?? "";
    const m = named[name] ?? mass(row) ?? elementMass(name);
    if (m === undefined || !(m > 0))
      throw reading.refuse(
        "",
        "masses beside momenta",
        `${m ?? "none"} for ${JSON.stringify(name)}`,
        `--mass ${name || "TYPE"}=VALUE gives one.`,
      );
    for (let d = 0; d < 3; d++)
      momenta[3 * row + d] = ((momenta[3 * row + d] as number) / m) * ASE_VELOCITY;
  }
}

/** The cell, where there is one; without pbc a lattice repeats along all of its rows, as in ASE. */
function boxOf(
  info: ReadonlyMap<string, string>,
  where: string,
  reading: Reading,
): Box | undefined {
  const lattice = info.get("lattice");
  if (lattice === undefined) return undefined;
  const rows = Float64Array.from(listed(lattice));
  const all = info.get("pbc");
  const pbc = all === undefined ? [true] : truths(all);
  const [a = true, b = a, c = b] = pbc;
  if (rows.length !== 9 || !rows.every(Number.isFinite))
    throw reading.refuse(where, "a Lattice of 9 numbers", JSON.stringify(lattice.slice(0, 80)));
  // A molecule in open space has a cell of zeros.
  if (!a && !b && !c && cellVolume(rows) === 0) return undefined;
  const origin = listed(info.get("origin") ?? "0 0 0");
  return {
    rows,
    origin: Float64Array.from(origin.length === 3 ? origin : [0, 0, 0]),
    periodic: [a, b, c],
  };
}

/** Step and time, where the comment says them. */
function timing(
  comment: string,
  info: ReadonlyMap<string, string>,
): { step?: number; time?: number } {
  const first = (values: (string | undefined)[]): number | undefined =>
    values.map(numberOf).find(Number.isFinite);
  // In an extended comment the types of columns look like that too.
  const free = info.size === 0 ? comment : "";
  const step = first([
    info.get("timestep"),
    info.get("step"),
    /\b(?:timestep|step|i|frame)\s*[:=]\s*(\d+)/i.exec(free)?.[1],
  ]);
  const fs = first([info.get("time_fs")]);
  const time =
    first([
      info.get("time_ps"),
      info.get("time"),
      /\b(?:time|t)\s*=\s*([-+.\deE]+)/i.exec(free)?.[1],
    ]) ?? (fs === undefined ? undefined : fs / 1000);
  return { ...(step === undefined ? {} : { step }), ...(time === undefined ? {} : { time }) };
}

/** Frames with all digits of every number, trajectories one after another; particles that were not seen are left out. */
function* writeXyz(set: TrajectorySet): Generator<string> {
  const { records, particles, dimension, times, masses, positions, velocities, images } = set;
  const { observed, charges, species, box, periodic, origin } = set;
  const names = kindNames(set);
  // ASE takes elements and X; other names have a column of their own.
  const chemical = areElements(names);
  const properties = [
    "species:S:1:pos:R:3",
    ...(velocities === undefined ? [] : ["vel:R:3"]),
    ...(images === undefined ? [] : ["images:I:3"]),
    ...(observed === undefined ? [] : ["id:I:1"]),
    "masses:R:1",
    ...(charges === undefined ? [] : ["charge:R:1"]),
    ...(chemical ? [] : ["kind:S:1"]),
  ];
  const units =
    typeof set.provenance.units === "string"
      ? ` units=${JSON.stringify(set.provenance.units)}`
      : "";
  for (let frame = 0; frame * particles * dimension < positions.length; frame++) {
    const rows: string[] = [];
    for (let i = 0; i < particles; i++) {
      const cell = frame * particles + i;
      if (observed?.[cell] === 0) continue;
      const vector = (of: ArrayLike<number>): number[] =>
        [0, 1, 2].map((d) => (d < dimension ? (of[cell * dimension + d] as number) : 0));
      rows.push(
        [
          chemical ? names[species?.[i] ?? 0] : "X",
          ...vector(positions),
          ...(velocities === undefined ? [] : vector(velocities)),
          ...(images === undefined ? [] : vector(images)),
          ...(observed === undefined ? [] : [i]),
          masses[i],
          ...(charges === undefined ? [] : [charges[i]]),
          ...(chemical ? [] : [names[species?.[i] ?? 0]]),
        ].join(" "),
      );
    }
    const first = box !== undefined && box.length > 9 ? 9 * (frame % records) : 0;
    const cell = box === undefined ? "" : `Lattice="${box.subarray(first, first + 9).join(" ")}" `;
    const corner = origin?.some((x) => x !== 0) ? ` Origin="${origin.join(" ")}"` : "";
    const number = set.trajectories > 1 ? ` trajectory=${Math.floor(frame / records)}` : "";
    const pbc = [0, 1, 2].map((d) => (periodic?.[d] === 1 ? "T" : "F")).join(" ");
    yield `${rows.length}\n${cell}Properties=${properties.join(":")} Time=${times[frame % records]}${corner}${units} pbc="${pbc}"${number}\n${rows.map((row) => `${row}\n`).join("")}`;
  }
}
